package dev.portage.promotion;

import dev.portage.freeze.FrozenState;
import dev.portage.freeze.FrozenWorkflow;
import dev.portage.freeze.HeldActivities;
import dev.portage.freeze.HeldOrder;
import dev.portage.temporal.Queues;
import io.temporal.client.BatchRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;

/** Promotions that a freeze holds up, through a client of the test server. */
record HeldUp(WorkflowClient client) implements HeldActivities {
  @Override
  public void hold(HeldOrder order) {
    FrozenWorkflow frozen =
        client.newWorkflowStub(
            FrozenWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(FrozenWorkflow.idOf(order.workspace()))
                .setTaskQueue(Queues.PORTAGE)
                .build());
    BatchRequest both = client.newSignalWithStartRequest();
    both.add(frozen::run, FrozenState.empty());
    both.add(frozen::hold, order.held());
    client.signalWithStart(both);
  }
}
