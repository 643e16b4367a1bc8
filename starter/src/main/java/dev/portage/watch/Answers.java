package dev.portage.watch;

import dev.portage.connection.TimeLimit;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowQueryException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a workflow says of itself: its query {@code status}, its result, or its failure's detail.
 */
final class Answers {

  /** A query that no worker answers must not delay everything else. */
  private static final Duration QUERY = Duration.ofSeconds(6);

  private Answers() {}

  /** Its view; empty when it left none and no worker answers. */
  static <T> Optional<T> of(
      WorkflowStub stub, WorkflowExecutionDescription described, Class<T> view) {
    return switch (described.getStatus()) {
      case WORKFLOW_EXECUTION_STATUS_COMPLETED, WORKFLOW_EXECUTION_STATUS_FAILED ->
          result(stub, view).or(() -> query(stub, view));
      // These leave no result: only a worker that replays the history knows.
      default -> query(stub, view);
    };
  }

  /** The result of an ended workflow, for which no worker is needed. */
  private static <T> Optional<T> result(WorkflowStub stub, Class<T> view) {
    try {
      return Optional.ofNullable(stub.getResult(10, TimeUnit.SECONDS, view));
    } catch (WorkflowFailedException e) {
      return e.getCause() instanceof ApplicationFailure failure
              && failure.getDetails().getSize() > 0
          ? Optional.ofNullable(failure.getDetails().get(view))
          : Optional.empty();
    } catch (TimeoutException _) {
      return Optional.empty();
    }
  }

  private static <T> Optional<T> query(WorkflowStub stub, Class<T> view) {
    try {
      return Optional.of(TimeLimit.call(QUERY, () -> stub.query("status", view)));
    } catch (WorkflowQueryException _) {
      return Optional.empty();
    } catch (WorkflowServiceException e) {
      return noWorker(e);
    }
  }

  private static <T> Optional<T> noWorker(WorkflowServiceException e) {
    boolean noPoller =
        e.getCause() instanceof StatusRuntimeException status
            && status.getStatus().getCode() == Status.Code.FAILED_PRECONDITION;
    if (noPoller || TimeLimit.ranOut(e)) {
      return Optional.empty();
    }
    throw e;
  }
}
