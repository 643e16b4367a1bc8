package dev.portage.turns;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.rollback.RollbackId;
import dev.portage.rollback.RollbackIdActivities;
import dev.portage.step.CourseView;
import dev.portage.temporal.PromotionAttributes;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.failure.ApplicationFailure;
import java.time.temporal.ChronoUnit;

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
    WorkflowExecutionDescription found;
    try {
      found = client.newUntypedWorkflowStub(id.workflow()).describe();
    } catch (WorkflowNotFoundException none) {
      return false;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
    if (found.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) {
      throw stillRunning(id, found);
    }
    return true;
  }

  private static ApplicationFailure stillRunning(
      RollbackId id, WorkflowExecutionDescription found) {
    String by = found.getTypedSearchAttributes().get(PromotionAttributes.STARTED_BY);
    boolean stopped =
        CourseView.State.STOPPED
            .name()
            .equals(found.getTypedSearchAttributes().get(PromotionAttributes.STATE));
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            "start a rollback of " + id.model(),
            "workspace " + id.workspace(),
            id.workflow()
                + " has not ended: it was started by "
                + (by == null ? "somebody" : by)
                + " at "
                + found.getStartTime().truncatedTo(ChronoUnit.SECONDS)
                + (stopped ? " and has stopped at a failed step" : ""),
            "Nothing was changed by this one. Follow that one: portage watch "
                + id.workflow()
                + (stopped ? "; continue it: portage resume " + id.workflow() : "")
                + "; end it before all is restored: portage cancel "
                + id.workflow()));
  }
}
