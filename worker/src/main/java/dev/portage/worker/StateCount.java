package dev.portage.worker;

import dev.portage.promotion.PromotionState;
import dev.portage.temporal.PromotionAttributes;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * How many promotions are in a state, as Temporal itself counts them: correct for any number of
 * workers and after any restart. Queried at most every ten seconds. NaN where there is no such
 * count, as on the test server.
 */
final class StateCount implements DoubleSupplier {

  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private final TemporalClient temporal;
  private final PromotionState state;
  private double last = Double.NaN;
  private long askedAt = System.nanoTime() - FRESH.toNanos();

  StateCount(TemporalClient temporal, PromotionState state) {
    this.temporal = temporal;
    this.state = state;
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
                  .setQuery(
                      PromotionAttributes.STATE.getName()
                          + " = '"
                          + state.name()
                          + "' AND ExecutionStatus = 'Running'")
                  .build())
          .getCount();
    } catch (StatusRuntimeException uncounted) {
      return Double.NaN;
    }
  }
}
