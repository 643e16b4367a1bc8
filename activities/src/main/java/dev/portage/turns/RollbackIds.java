package dev.portage.turns;

import dev.portage.failure.Failures;
import dev.portage.rollback.OtherRollback;
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
import java.util.Optional;

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

  @Override
  public Boolean wasCutOff(RollbackId id) {
    return find(id)
        .map(WorkflowExecutionDescription::getStatus)
        .filter(status ->
            status == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED
                || status == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TIMED_OUT)
        .isPresent();
  }

  /** Whether there is, or was, a rollback of that id; one that still runs is a user error. */
  private boolean refuseRunning(RollbackId id) {
    Optional<WorkflowExecutionDescription> found = find(id);
    if (found.isPresent()
        && found.get().getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) {
      throw stillRunning(id, found.get());
    }
    return found.isPresent();
  }

  private Optional<WorkflowExecutionDescription> find(RollbackId id) {
    try {
      return Optional.of(client.newUntypedWorkflowStub(id.workflow()).describe());
    } catch (WorkflowNotFoundException none) {
      return Optional.empty();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static ApplicationFailure stillRunning(
      RollbackId id, WorkflowExecutionDescription found) {
    String by = found.getTypedSearchAttributes().get(PromotionAttributes.STARTED_BY);
    boolean stopped =
        CourseView.State.STOPPED
            .name()
            .equals(found.getTypedSearchAttributes().get(PromotionAttributes.STATE));
    return Failures.of(OtherRollback.refuses(id, by, found.getStartTime(), stopped));
  }
}
