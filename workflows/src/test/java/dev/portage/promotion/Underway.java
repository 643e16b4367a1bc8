package dev.portage.promotion;

import dev.portage.temporal.Queues;
import dev.portage.underway.Admitted;
import dev.portage.underway.EnterOrder;
import dev.portage.underway.LeaveOrder;
import dev.portage.underway.UnderwayActivities;
import dev.portage.underway.UnderwayState;
import dev.portage.underway.UnderwayWorkflow;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import java.util.List;

/** Promotions that are under way, through a client of the test server. */
record Underway(WorkflowClient client) implements UnderwayActivities {
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
                .build());
    return WorkflowClient.executeUpdateWithStart(
        underway::enter,
        order.contender(),
        UpdateOptions.<Admitted>newBuilder().build(),
        new WithStartWorkflowOperation<>(underway::run, UnderwayState.empty()));
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
    return workflows.stream()
        .filter(id ->
            client.newUntypedWorkflowStub(id).describe().getStatus()
                == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING)
        .toList();
  }
}
