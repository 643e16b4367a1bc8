package dev.portage.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.uber.m3.tally.Scope;
import com.uber.m3.util.Duration;
import dev.portage.promotion.PromotionMetrics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many time series there are, and where their buckets are. */
@Tag("S0.22")
class MetricShapeTest {

  private static final Set<String> OURS = Set.of("PromotionWorkflow", "LaneWorkflow");

  @Test
  void namesThatCallersChooseMakeNoSeries() throws Exception {
    String text =
        counted(scope ->
            IntStream.range(0, 1_000)
                .forEach(i -> {
                  Map<String, String> chosen = sdk();
                  chosen.put("workflow_type", "Nonsense" + i);
                  chosen.put("signal_name", "signal" + i);
                  chosen.put("query_type", "query" + i);
                  chosen.put("exception", "java.lang.Thing" + i);
                  chosen.put("task_queue", "portage");
                  scope.tagged(chosen).counter("temporal_workflow_completed").inc(1);
                  scope
                      .tagged(chosen)
                      .timer("temporal_workflow_task_execution_latency")
                      .record(Duration.ofMillis(5));
                }));

    assertThat(linesOf(text, "temporal_workflow_completed_total"))
        .containsExactly(
            "temporal_workflow_completed_total{namespace=\"default\",task_queue=\"portage\","
                + "workflow_type=\"other\"} 1000.0");
    assertThat(linesOf(text, "temporal_workflow_task_execution_latency_seconds_count")).hasSize(1);
  }

  @Test
  void ourOwnWorkflowsAreToldApart() throws Exception {
    String text =
        counted(scope ->
            OURS.forEach(type -> {
              Map<String, String> tags = sdk();
              tags.put("workflow_type", type);
              scope.tagged(tags).counter("temporal_workflow_completed").inc(1);
            }));

    assertThat(linesOf(text, "temporal_workflow_completed_total")).hasSize(2);
  }

  @Test
  void anyOtherLabelHasAtMostSoManyValues() throws Exception {
    String text =
        counted(scope ->
            IntStream.range(0, 1_000)
                .forEach(i -> {
                  Map<String, String> tags = sdk();
                  tags.put("activity_type", "Activity" + i);
                  tags.put("task_queue", "portage/prod");
                  scope.tagged(tags).counter("temporal_activity_execution_failed").inc(1);
                }));

    assertThat(linesOf(text, "temporal_activity_execution_failed_total"))
        .hasSizeLessThanOrEqualTo(202)
        .anyMatch(line -> line.contains("activity_type=\"other\""));
  }

  @Test
  void waitingForAWorkerIsCountedByQueueAlone() throws Exception {
    String text =
        counted(scope -> {
          for (String type : List.of("Copy", "Probe", "Mark")) {
            Map<String, String> tags = sdk();
            tags.put("activity_type", type);
            tags.put("workflow_type", "PromotionWorkflow");
            tags.put("task_queue", "portage/prod");
            scope
                .tagged(tags)
                .timer("temporal_activity_schedule_to_start_latency")
                .record(Duration.ofMillis(5));
            scope
                .tagged(tags)
                .timer("temporal_workflow_task_schedule_to_start_latency")
                .record(Duration.ofMillis(5));
          }
        });

    for (String metric :
        List.of(
            "temporal_activity_schedule_to_start_latency_seconds_count",
            "temporal_workflow_task_schedule_to_start_latency_seconds_count")) {
      assertThat(linesOf(text, metric))
          .containsExactly(metric + "{namespace=\"default\",task_queue=\"portage/prod\"} 3");
    }
  }

  @Test
  void stepsHaveBucketsFromSecondsToTwoWeeks() throws Exception {
    String text =
        counted(scope -> {
          Scope step =
              scope.tagged(
                  Map.of(
                      PromotionMetrics.STEP,
                      "approve",
                      PromotionMetrics.WORKSPACE,
                      "prod",
                      PromotionMetrics.OUTCOME,
                      "DONE",
                      "workflow_type",
                      "PromotionWorkflow",
                      "namespace",
                      "default"));
          step.timer(PromotionMetrics.STEPS).record(Duration.ofMillis(800));
          step.timer(PromotionMetrics.STEPS).record(Duration.ofMinutes(3 * 60));
          step.timer(PromotionMetrics.STEPS).record(Duration.ofHours(5 * 24));
        });

    String labels = "{outcome=\"DONE\",step=\"approve\",workspace=\"prod\"";
    assertThat(linesOf(text, "portage_step_seconds_bucket"))
        .contains(
            "portage_step_seconds_bucket" + labels + ",le=\"1.0\"} 1",
            "portage_step_seconds_bucket" + labels + ",le=\"3600.0\"} 1",
            "portage_step_seconds_bucket" + labels + ",le=\"14400.0\"} 2",
            "portage_step_seconds_bucket" + labels + ",le=\"259200.0\"} 2",
            "portage_step_seconds_bucket" + labels + ",le=\"604800.0\"} 3",
            "portage_step_seconds_bucket" + labels + ",le=\"1209600.0\"} 3")
        .hasSize(14);
  }

  @Test
  void whatAnAlertWatchesBeginsAtZero() throws Exception {
    String text = counted(_ -> {});

    assertThat(linesOf(text, "portage_promotions_ended_total"))
        .containsExactlyInAnyOrder(
            "portage_promotions_ended_total{outcome=\"RELEASED\"} 0.0",
            "portage_promotions_ended_total{outcome=\"REJECTED\"} 0.0",
            "portage_promotions_ended_total{outcome=\"FAILED\"} 0.0",
            "portage_promotions_ended_total{outcome=\"CANCELLED\"} 0.0",
            "portage_promotions_ended_total{outcome=\"SUPERSEDED\"} 0.0");
    assertThat(text)
        .contains(
            "portage_promotions_started_total 0.0",
            "portage_promotions_unfinished_total 0.0",
            "portage_messages_refused_total 0.0",
            "portage_decisions_total 0.0",
            "portage_rollbacks_unfinished_total 0.0",
            "portage_rollback_seconds_bucket{outcome=\"DONE\",le=\"15.0\"} 0");
    assertThat(linesOf(text, "portage_rollbacks_ended_total"))
        .containsExactlyInAnyOrder(
            "portage_rollbacks_ended_total{outcome=\"DONE\"} 0.0",
            "portage_rollbacks_ended_total{outcome=\"REJECTED\"} 0.0",
            "portage_rollbacks_ended_total{outcome=\"FAILED\"} 0.0",
            "portage_rollbacks_ended_total{outcome=\"CANCELLED\"} 0.0");
  }

  /** The SDK's own counters and ours meet in one series. */
  @Test
  void whatAPromotionCountsAddsToTheZero() throws Exception {
    String text =
        counted(scope -> {
          Map<String, String> tags = sdk();
          tags.put("workflow_type", "PromotionWorkflow");
          tags.put(PromotionMetrics.OUTCOME, "RELEASED");
          scope.tagged(tags).counter(PromotionMetrics.ENDED).inc(2);
        });

    assertThat(linesOf(text, "portage_promotions_ended_total"))
        .hasSize(5)
        .contains("portage_promotions_ended_total{outcome=\"RELEASED\"} 2.0");
  }

  /** The labels that the SDK gives each metric. */
  private static Map<String, String> sdk() {
    Map<String, String> tags = new HashMap<>();
    for (String name :
        List.of(
            "activity_type",
            "operation",
            "signal_name",
            "query_type",
            "task_queue",
            "status_code",
            "exception",
            "workflow_type",
            "worker_type")) {
      tags.put(name, "none");
    }
    tags.put("namespace", "default");
    return tags;
  }

  private static String counted(Consumer<Scope> counting) throws Exception {
    Metrics metrics = new Metrics(OURS);
    try {
      counting.accept(metrics.scope());
    } finally {
      // Passes on what was counted.
      metrics.scope().close();
    }
    return metrics.text();
  }

  private static List<String> linesOf(String text, String metric) {
    return text.lines()
        .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
        .collect(Collectors.toList());
  }
}
