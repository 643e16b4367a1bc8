package dev.portage.turns;

import dev.portage.delta.Leftovers;
import dev.portage.delta.Leftovers.State;
import dev.portage.release.FinishWorkflow;
import dev.portage.temporal.Memos;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.activity.Activity;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks Temporal whether promotions are over, where an activity runs. */
public final class PromotionsOver implements Leftovers.Promotions {

  private final Supplier<WorkflowClient> client;

  private PromotionsOver(Supplier<WorkflowClient> client) {
    this.client = client;
  }

  /** By the client of the activity that asks. */
  public static PromotionsOver ofActivity() {
    return new PromotionsOver(() -> Activity.getExecutionContext().getWorkflowClient());
  }

  /** By this client. */
  static PromotionsOver of(WorkflowClient client) {
    return new PromotionsOver(() -> client);
  }

  /** A server that does not answer proves nothing: nothing is dropped then. */
  @Override
  public State state(String promotion) {
    try {
      return asked(promotion);
    } catch (StatusRuntimeException | WorkflowServiceException unanswered) {
      return State.RUNS;
    }
  }

  private State asked(String promotion) {
    Optional<WorkflowExecutionDescription> known = describe(promotion);
    if (known.isEmpty()) {
      return State.UNKNOWN;
    }
    if (isOpen(known.get())
        || describe(FinishWorkflow.idOf(promotion)).filter(PromotionsOver::isOpen).isPresent()) {
      return State.RUNS;
    }
    return known.get().getMemo(Memos.UNFINISHED, String.class) == null
        ? State.OVER
        : State.UNFINISHED;
  }

  /** A status that isn't known, as of a newer server, counts as open: nothing is dropped then. */
  private static boolean isOpen(WorkflowExecutionDescription workflow) {
    return switch (workflow.getStatus()) {
      case WORKFLOW_EXECUTION_STATUS_COMPLETED,
          WORKFLOW_EXECUTION_STATUS_FAILED,
          WORKFLOW_EXECUTION_STATUS_CANCELED,
          WORKFLOW_EXECUTION_STATUS_TERMINATED,
          WORKFLOW_EXECUTION_STATUS_TIMED_OUT ->
          false;
      default -> true;
    };
  }

  private Optional<WorkflowExecutionDescription> describe(String workflow) {
    try {
      return Optional.of(client.get().newUntypedWorkflowStub(workflow).describe());
    } catch (WorkflowNotFoundException gone) {
      return Optional.empty();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
