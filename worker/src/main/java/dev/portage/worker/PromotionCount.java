package dev.portage.worker;

import dev.portage.promotion.PromotionState;
import dev.portage.serving.TrafficShare;
import dev.portage.temporal.PromotionAttributes;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * How many promotions fit a query, as Temporal itself counts them: correct for any number of
 * workers and after any restart. Queried at most every ten seconds. NaN where there is no such
 * count, as on the test server, and while the platform file can't be read.
 */
final class PromotionCount implements DoubleSupplier {

  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private final TemporalClient temporal;
  private final Supplier<String> query;
  private double last = Double.NaN;
  private long askedAt = System.nanoTime() - FRESH.toNanos();

  /**
   * @param query of those that run; it is asked each time
   */
  private PromotionCount(TemporalClient temporal, Supplier<String> query) {
    this.temporal = temporal;
    this.query = query;
  }

  /** Those in a state. */
  static PromotionCount of(TemporalClient temporal, PromotionState state) {
    return new PromotionCount(
        temporal, () -> PromotionAttributes.STATE.getName() + " = '" + state.name() + "'");
  }

  /**
   * Those that move traffic to a new version.
   *
   * @param workspaces names of those that the platform file has now
   */
  static PromotionCount ofTraffic(
      TemporalClient temporal, Supplier<? extends Collection<String>> workspaces) {
    return new PromotionCount(
        temporal,
        () ->
            PromotionAttributes.STATE.getName()
                + " = '"
                + PromotionState.RUNNING.name()
                + "' AND "
                + PromotionAttributes.STEP.getName()
                + workspaces.get().stream()
                    .map(workspace -> "'" + workspace + "/" + TrafficShare.STEP + "'")
                    .collect(Collectors.joining(", ", " IN (", ")")));
  }

  @Override
  public synchronized double getAsDouble() {
    long now = System.nanoTime();
    if (now - askedAt >= FRESH.toNanos()) {
      askedAt = now;
      last = ask();
    }
    return last;
  }

  private double ask() {
    try {
      return temporal
          .stubs()
          .blockingStub()
          .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
          .countWorkflowExecutions(
              CountWorkflowExecutionsRequest.newBuilder()
                  .setNamespace(temporal.namespace())
                  .setQuery(query.get() + " AND ExecutionStatus = 'Running'")
                  .build())
          .getCount();
    } catch (StatusRuntimeException | ApplicationFailure uncounted) {
      return Double.NaN;
    }
  }
}
