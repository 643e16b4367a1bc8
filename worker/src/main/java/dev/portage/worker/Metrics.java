package dev.portage.worker;

import com.uber.m3.tally.RootScopeBuilder;
import com.uber.m3.tally.Scope;
import com.uber.m3.tally.ScopeCloseException;
import com.uber.m3.util.Duration;
import dev.portage.livewatch.LiveWatchMetrics;
import dev.portage.notice.NoticeMetrics;
import dev.portage.promotion.PromotionMetrics;
import dev.portage.promotion.PromotionState;
import dev.portage.rollback.RollbackMetrics;
import dev.portage.serving.TrafficMetrics;
import dev.portage.step.CourseView;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.temporal.common.reporter.MicrometerClientStatsReporter;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * This worker's metrics, as docs/monitoring.md describes them: those of Temporal's SDK, what
 * promotions, rollbacks, moved traffic and notices count ({@link PromotionMetrics}, {@link
 * RollbackMetrics}, {@link TrafficMetrics}, {@link NoticeMetrics}), how many wait, have stopped or
 * move traffic, and the JVM. {@link MetricShape} bounds how many time series there are.
 */
final class Metrics implements AutoCloseable {

  /** How often the SDK's counts are passed on. */
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Scope scope;
  private final JvmGcMetrics garbage = new JvmGcMetrics();

  /**
   * @param workflowTypes what this worker runs
   */
  Metrics(Set<String> workflowTypes) {
    registry.config().meterFilter(new MetricShape(workflowTypes));
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    garbage.bindTo(registry);
    beginAtZero();
    scope =
        new RootScopeBuilder()
            .reporter(new MicrometerClientStatsReporter(registry))
            .reportEvery(EVERY);
  }

  /** Prometheus sees no increase in a counter that is born with its first count. */
  private void beginAtZero() {
    for (PromotionState outcome : PromotionMetrics.outcomes()) {
      registry.counter(PromotionMetrics.ENDED, PromotionMetrics.OUTCOME, outcome.name());
    }
    registry.counter(PromotionMetrics.STARTED);
    registry.counter(PromotionMetrics.UNFINISHED);
    registry.counter(PromotionMetrics.REFUSED);
    registry.counter(PromotionMetrics.DECISIONS);
    registry.counter(NoticeMetrics.UNDELIVERED);
    for (CourseView.State outcome : RollbackMetrics.outcomes()) {
      registry.counter(RollbackMetrics.ENDED, RollbackMetrics.OUTCOME, outcome.name());
      registry.timer(RollbackMetrics.TOOK, RollbackMetrics.OUTCOME, outcome.name());
    }
    registry.counter(RollbackMetrics.UNFINISHED);
    for (CourseView.State outcome : LiveWatchMetrics.outcomes()) {
      registry.counter(LiveWatchMetrics.ENDED, LiveWatchMetrics.OUTCOME, outcome.name());
    }
    for (int share : TrafficMetrics.shares()) {
      for (TrafficMetrics.Outcome outcome : TrafficMetrics.Outcome.values()) {
        registry.counter(
            TrafficMetrics.STEPS,
            TrafficMetrics.SHARE,
            Integer.toString(share),
            TrafficMetrics.OUTCOME,
            outcome.name());
      }
    }
  }

  /** Where Temporal's SDK and the workflows count. */
  Scope scope() {
    return scope;
  }

  /**
   * Shows how many promotions there are of a kind, as Temporal itself counts them.
   *
   * @param name of the metric
   * @param count NaN where they can't be counted
   */
  void counted(String name, String means, DoubleSupplier count) {
    Gauge.builder(name, count::getAsDouble)
        .description(means + "; NaN if Temporal can't count them. Every worker shows all: max")
        .register(registry);
  }

  /** All of it in Prometheus' text format. */
  String text() {
    return registry.scrape();
  }

  @Override
  public void close() throws ScopeCloseException {
    scope.close();
    garbage.close();
    registry.close();
  }
}
