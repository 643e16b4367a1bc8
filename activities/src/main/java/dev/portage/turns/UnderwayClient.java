package dev.portage.turns;

import dev.portage.temporal.Queues;
import dev.portage.text.Markdown;
import dev.portage.underway.Admitted;
import dev.portage.underway.EnterOrder;
import dev.portage.underway.LeaveOrder;
import dev.portage.underway.UnderwayActivities;
import dev.portage.underway.UnderwayState;
import dev.portage.underway.UnderwayWorkflow;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import java.util.List;

/** Announces promotions and signs them off, as a client of Temporal. */
public final class UnderwayClient implements UnderwayActivities {

  private final WorkflowClient client;

  /**
   * @param client with the data converter of all our processes
   */
  public UnderwayClient(WorkflowClient client) {
    this.client = client;
  }

  @Override
  public Admitted enter(EnterOrder order) {
    UnderwayWorkflow underway =
        client.newWorkflowStub(
            UnderwayWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(UnderwayWorkflow.idOf(order.workspace(), order.model()))
                .setWorkflowIdConflictPolicy(
                    WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .setTaskQueue(Queues.PORTAGE)
                .setStaticSummary(
                    Markdown.summary(
                        "promotions of " + order.model() + " under way to " + order.workspace()))
                .build());
    return WorkflowClient.executeUpdateWithStart(
        underway::enter,
        order.contender(),
        UpdateOptions.<Admitted>newBuilder().setUpdateId(id(order)).build(),
        new WithStartWorkflowOperation<>(underway::run, UnderwayState.empty()));
  }

  /** The same for each attempt, so that Temporal takes the second for the first. */
  private static String id(EnterOrder order) {
    return order.contender().promotion() + "/" + order.occasion() + "/" + order.contender().since();
  }

  @Override
  public void leave(LeaveOrder order) {
    try {
      client
          .newWorkflowStub(
              UnderwayWorkflow.class, UnderwayWorkflow.idOf(order.workspace(), order.model()))
          .leave(order.left());
    } catch (WorkflowNotFoundException ended) {
      // It knows nobody any more.
    }
  }

  @Override
  public List<String> runningOf(List<String> workflows) {
    return workflows.stream().filter(this::runs).toList();
  }

  private boolean runs(String workflow) {
    try {
      return client.newUntypedWorkflowStub(workflow).describe().getStatus()
          == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
    } catch (WorkflowNotFoundException gone) {
      return false;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }
}
