package dev.portage.worker;

import dev.portage.promotion.PromotionMetrics;
import dev.portage.rollback.RollbackMetrics;
import dev.portage.serving.TrafficMetrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which labels and histogram buckets metrics have. Temporal's SDK labels each metric with ten
 * names, some of which callers choose (workflow types, signals, queries), and gives each timer 70
 * buckets. Here the number of time series is bounded: labels have values that come from our code
 * and from the platform file.
 */
final class MetricShape implements MeterFilter {

  /** What stands for values that are not ours. */
  static final String OTHER = "other";

  /** Steps take seconds (a registration) to days (an approval). */
  private static final Duration[] STEPS = {
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(15),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15),
    Duration.ofHours(1),
    Duration.ofHours(4),
    Duration.ofHours(12),
    Duration.ofDays(1),
    Duration.ofDays(3),
    Duration.ofDays(7),
    Duration.ofDays(14)
  };

  /** Activities take milliseconds (a REST call) to hours (a copy, a training). */
  private static final Duration[] ACTIVITIES = {
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(15),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofHours(1),
    Duration.ofHours(6)
  };

  /** Workflow tasks, local activities and requests: beyond ten seconds, something is wrong. */
  private static final Duration[] MOMENTS = {
    Duration.ofMillis(10),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofMinutes(1)
  };

  /** Sums of others, as of all attempts, and one more histogram for each type. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "temporal_activity_succeed_endtoend_latency",
          "temporal_local_activity_succeed_endtoend_latency",
          "temporal_workflow_task_execution_total_latency");

  private static final String WORKFLOW_TYPE = "workflow_type";

  /** The SDK counts a few names beside those that it knows, so their number is bounded as well. */
  private static final int MOST_VALUES = 200;

  private final Set<String> workflowTypes;
  private final ConcurrentHashMap<String, Set<String>> values = new ConcurrentHashMap<>();

  /**
   * @param workflowTypes what this worker runs; anyone may start others on its queue
   */
  MetricShape(Set<String> workflowTypes) {
    this.workflowTypes = Set.copyOf(workflowTypes);
  }

  @Override
  public MeterFilterReply accept(Meter.Id id) {
    return LEFT_OUT.contains(id.getName()) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    Set<String> kept = labels(id.getName());
    if (kept == null) {
      return id;
    }
    return id.replaceTags(
        id.getTags().stream()
            .filter(tag -> kept.contains(tag.getKey()))
            .map(this::bounded)
            .collect(Collectors.toList()));
  }

  /** Labels that a metric keeps, null for all. */
  private static @Nullable Set<String> labels(String name) {
    if (name.startsWith("portage_")) {
      return Set.of(
          PromotionMetrics.STEP,
          PromotionMetrics.WORKSPACE,
          PromotionMetrics.OUTCOME,
          TrafficMetrics.SHARE);
    }
    if (!name.startsWith("temporal_")) {
      return null;
    }
    if (name.endsWith("_task_schedule_to_start_latency")
        || name.equals("temporal_activity_schedule_to_start_latency")) {
      // How long work waits for a worker is a matter of its queue, whichever work it is.
      return Set.of("namespace", "task_queue");
    }
    if (name.startsWith("temporal_request") || name.startsWith("temporal_long_request")) {
      return name.contains("_failure")
          ? Set.of("namespace", "operation", "status_code")
          : Set.of("namespace", "operation");
    }
    if (name.startsWith("temporal_activity") || name.startsWith("temporal_local_activity")) {
      return Set.of("namespace", "task_queue", "activity_type");
    }
    if (isOfWorkflows(name)) {
      return Set.of("namespace", "task_queue", WORKFLOW_TYPE, "failure_reason");
    }
    return Set.of("namespace", "task_queue", "worker_type", "poller_type");
  }

  private static boolean isOfWorkflows(String name) {
    return name.startsWith("temporal_workflow_") || name.equals("temporal_corrupted_signals");
  }

  private Tag bounded(Tag tag) {
    String value = tag.getValue();
    if (tag.getKey().equals(WORKFLOW_TYPE)) {
      return value.equals("none") || workflowTypes.contains(value)
          ? tag
          : Tag.of(tag.getKey(), OTHER);
    }
    Set<String> known = values.computeIfAbsent(tag.getKey(), _ -> ConcurrentHashMap.newKeySet());
    if (known.contains(value)) {
      return tag;
    }
    return known.size() < MOST_VALUES && known.add(value) ? tag : Tag.of(tag.getKey(), OTHER);
  }

  @Override
  public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
    if (id.getType() != Meter.Type.TIMER) {
      return config;
    }
    return DistributionStatisticConfig.builder()
        .percentilesHistogram(false)
        .serviceLevelObjectives(nanos(buckets(id.getName())))
        .build()
        .merge(config);
  }

  private static Duration[] buckets(String name) {
    return switch (name) {
      case PromotionMetrics.STEPS, "temporal_workflow_endtoend_latency" -> STEPS;
      case RollbackMetrics.TOOK,
          "temporal_activity_execution_latency",
          "temporal_activity_schedule_to_start_latency" ->
          ACTIVITIES;
      default -> MOMENTS;
    };
  }

  private static double[] nanos(Duration[] buckets) {
    return List.of(buckets).stream().mapToDouble(Duration::toNanos).toArray();
  }
}
