package dev.portage.watch;

import dev.portage.connection.TemporalConnection;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.lane.TurnRequest;
import dev.portage.rollback.OtherRollback;
import dev.portage.rollback.RollbackId;
import dev.portage.rollback.RollbackView;
import dev.portage.rollback.RollbackWorkflow;
import dev.portage.step.CourseView;
import dev.portage.temporal.PromotionAttributes;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowNotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What changes a model while a rollback of it is refused: a refusal that says what is live is true
 * only as long as nothing is under way.
 */
final class Meanwhile {

  private static final String RUNNING_ROLLBACKS =
      "WorkflowType = '" + RollbackWorkflow.TYPE + "' AND ExecutionStatus = 'Running'";

  private final TemporalConnection connection;

  Meanwhile(TemporalConnection connection) {
    this.connection = connection;
  }

  /**
   * Why a rollback is refused.
   *
   * @param planned the look at what it would do
   * @param refused why that look was refused, by what it found
   * @return that another rollback has not ended; else the same, with who is changing the model
   */
  Problem refusal(RollbackView planned, Problem refused) {
    String workspace = planned.workspace();
    String model = planned.registered();
    if (refused.kind() != FailureKind.USER || workspace == null || model == null) {
      return refused;
    }
    List<String> turns =
        new TurnHolders(connection)
            .all(workspace, model).stream().map(TurnRequest::holder).toList();
    Optional<Problem> other =
        Stream.concat(turns.stream(), listed().stream())
            .flatMap(id -> RollbackId.of(id).stream())
            .filter(id -> id.isBeside(new RollbackId(workspace, model, 1)))
            .flatMap(id -> running(id).stream())
            .findFirst();
    if (other.isPresent()) {
      return other.get();
    }
    return turns.stream()
        .findFirst()
        .filter(holder -> holder.startsWith(TurnRequest.PROMOTIONS))
        .map(holder ->
            refused.and(
                holder
                    + " holds the turn of "
                    + model
                    + " there, so what is live may change: portage status "
                    + holder))
        .orElse(refused);
  }

  /** One that has not ended, as a refusal. */
  private Optional<Problem> running(RollbackId id) {
    WorkflowExecutionDescription found;
    try {
      found = connection.client().newUntypedWorkflowStub(id.workflow()).describe();
    } catch (WorkflowNotFoundException none) {
      return Optional.empty();
    }
    return found.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
        ? Optional.of(
            OtherRollback.refuses(
                id,
                Promotions.attribute(found, PromotionAttributes.STARTED_BY).orElse(null),
                found.getStartTime(),
                Courses.state(found) == CourseView.State.STOPPED))
        : Optional.empty();
  }

  /** One that has not asked for its turn is only listed; some servers have no list. */
  private List<String> listed() {
    try (Stream<String> running =
        connection
            .client()
            .listExecutions(RUNNING_ROLLBACKS)
            .map(found -> found.getExecution().getWorkflowId())) {
      return running.toList();
    } catch (WorkflowException | StatusRuntimeException none) {
      return List.of();
    }
  }
}
