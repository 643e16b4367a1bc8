package dev.portage.turns;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.rollback.RollbackId;
import dev.portage.rollback.RollbackIdActivities;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;

/** Finds the next free id of a rollback, and refuses a second one while one runs. */
public final class RollbackIds implements RollbackIdActivities {

  private final WorkflowClient client;

  /**
   * @param client with the data converter of all our processes
   */
  public RollbackIds(WorkflowClient client) {
    this.client = client;
  }

  @Override
  public RollbackId freeId(RollbackId from) {
    if (from.number() > 1) {
      // It is recorded before it has ended.
      refuseRunning(new RollbackId(from.workspace(), from.model(), from.number() - 1));
    }
    RollbackId id = from;
    while (refuseRunning(id)) {
      id = id.next();
    }
    return id;
  }

  /** Whether there is, or was, a rollback of that id; one that still runs is a user error. */
  private boolean refuseRunning(RollbackId id) {
    WorkflowExecutionStatus status;
    try {
      status = client.newUntypedWorkflowStub(id.workflow()).describe().getStatus();
    } catch (WorkflowNotFoundException none) {
      return false;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
    if (status == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              "start a rollback of " + id.model(),
              "workspace " + id.workspace(),
              id.workflow() + " is still running",
              "Nothing was changed. Follow that one: portage watch "
                  + id.workflow()
                  + "; to end it before it changes anything: portage cancel "
                  + id.workflow()));
    }
    return true;
  }
}
