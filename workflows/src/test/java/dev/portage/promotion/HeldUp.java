package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.freeze.FrozenState;
import dev.portage.freeze.FrozenWorkflow;
import dev.portage.freeze.HeldActivities;
import dev.portage.freeze.HeldOrder;
import dev.portage.temporal.TestTemporal;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.BatchRequest;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** Promotions that a freeze holds up, through a client of the test server. */
final class HeldUp implements HeldActivities {

  private final WorkflowClient client;

  /** Whether freezes end, and it is told so, before the next one knows that it is on the list. */
  volatile boolean endedNext;

  HeldUp(WorkflowClient client) {
    this.client = client;
  }

  @Override
  public void hold(HeldOrder order) {
    FrozenWorkflow frozen =
        client.newWorkflowStub(
            FrozenWorkflow.class, TestTemporal.withId(FrozenWorkflow.idOf(order.workspace())));
    BatchRequest both = client.newSignalWithStartRequest();
    both.add(frozen::run, FrozenState.empty());
    both.add(frozen::hold, order.held());
    client.signalWithStart(both);
    if (endedNext) {
      endedNext = false;
      frozen.ended();
      awaitTold(order);
    }
  }

  private void awaitTold(HeldOrder order) {
    Instant end = Instant.now().plus(Duration.ofSeconds(20));
    while (client.fetchHistory(order.held().promotion()).getEvents().stream()
        .noneMatch(HistoryEvent::hasWorkflowExecutionSignaledEventAttributes)) {
      assertThat(Instant.now()).isBefore(end);
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }
}
