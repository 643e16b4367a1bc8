package dev.portage.command;

import dev.portage.connection.TimeLimit;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import org.jspecify.annotations.Nullable;

/**
 * What Temporal answered, when it failed a call. The commands catch its exceptions here and not by
 * their types: a catch loads the class as soon as a command's help is shown.
 */
final class TemporalAnswer {

  private TemporalAnswer() {}

  /** What it answered and what to do, null when the failure is none of Temporal's. */
  static @Nullable String describe(RuntimeException failure) {
    StatusRuntimeException status = status(failure);
    return status == null ? null : describe(status);
  }

  /** Whether a call of Temporal's failed, by whatever exception. */
  static boolean isFailure(RuntimeException failure) {
    return failure instanceof WorkflowServiceException || failure instanceof StatusRuntimeException;
  }

  /** Whether the server has no such call. */
  static boolean isUnknownCall(RuntimeException failure) {
    return isFailure(failure)
        && Status.fromThrowable(failure).getCode() == Status.Code.UNIMPLEMENTED;
  }

  /** Whether there is no such workflow, or it has ended. */
  static boolean isNotFound(RuntimeException failure) {
    return failure instanceof WorkflowNotFoundException;
  }

  private static @Nullable StatusRuntimeException status(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StatusRuntimeException status) {
        return status;
      }
    }
    return null;
  }

  private static String describe(StatusRuntimeException e) {
    Status status = e.getStatus();
    if (TimeLimit.ranOut(e) || status.getCode() == Status.Code.UNAVAILABLE) {
      return "Temporal stopped responding ("
          + status.getCode()
          + "); check its log and its disk space";
    }
    String said = status.getDescription() == null ? "" : ": " + status.getDescription();
    String remedy =
        said.contains("search attribute") || said.contains("Namespace")
            ? "; see: portage doctor"
            : "";
    return "Temporal answered " + status.getCode() + said + remedy;
  }
}
