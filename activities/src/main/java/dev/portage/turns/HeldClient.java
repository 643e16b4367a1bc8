package dev.portage.turns;

import dev.portage.freeze.FrozenState;
import dev.portage.freeze.FrozenWorkflow;
import dev.portage.freeze.HeldActivities;
import dev.portage.freeze.HeldOrder;
import dev.portage.temporal.Queues;
import dev.portage.text.Markdown;
import io.temporal.client.BatchRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;

/** Announces promotions that a freeze holds up, as a client of Temporal. */
public final class HeldClient implements HeldActivities {

  private final WorkflowClient client;

  /**
   * @param client with the data converter of all our processes
   */
  public HeldClient(WorkflowClient client) {
    this.client = client;
  }

  @Override
  public void hold(HeldOrder order) {
    FrozenWorkflow frozen =
        client.newWorkflowStub(
            FrozenWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(FrozenWorkflow.idOf(order.workspace()))
                .setTaskQueue(Queues.PORTAGE)
                .setStaticSummary(
                    Markdown.summary(
                        "promotions that a freeze of " + order.workspace() + " holds up"))
                .build());
    BatchRequest both = client.newSignalWithStartRequest();
    both.add(frozen::run, FrozenState.empty());
    both.add(frozen::hold, order.held());
    client.signalWithStart(both);
  }
}
