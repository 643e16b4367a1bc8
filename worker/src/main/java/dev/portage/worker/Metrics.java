package dev.portage.worker;

import com.uber.m3.tally.RootScopeBuilder;
import com.uber.m3.tally.Scope;
import com.uber.m3.tally.ScopeCloseException;
import com.uber.m3.util.Duration;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.temporal.common.reporter.MicrometerClientStatsReporter;
import java.util.function.DoubleSupplier;

/**
 * This worker's metrics: those of Temporal's SDK, the promotions ({@code portage_promotions_ended},
 * {@code portage_step}, counted by the workflow itself, once each and not again on replay), how
 * many wait, and the JVM.
 */
final class Metrics implements AutoCloseable {

  /** How often the SDK's counts are passed on. */
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Scope scope =
      new RootScopeBuilder()
          .reporter(new MicrometerClientStatsReporter(registry))
          .reportEvery(EVERY);
  private final JvmGcMetrics garbage = new JvmGcMetrics();

  Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    garbage.bindTo(registry);
  }

  /** Where Temporal's SDK and the workflows count. */
  Scope scope() {
    return scope;
  }

  /** Shows how many promotions wait for a person. */
  void waiting(DoubleSupplier count) {
    Gauge.builder("portage_waiting", count::getAsDouble)
        .description("promotions waiting for a person; NaN if Temporal can't count them")
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
