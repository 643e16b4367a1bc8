package dev.portage.start;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.TemporalConnection;
import dev.portage.watch.Pickup;
import dev.portage.watch.ResultWait;
import dev.portage.watch.Watcher;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The result of a short workflow, for someone at a terminal: waits in one call that the server
 * keeps open, and meanwhile explains delays.
 */
final class WorkerAnswer {

  /** Longer than the wait for busy workers; a workflow that nobody picked up ends on its own. */
  static final Duration LIMIT = Duration.ofMinutes(10);

  /** Attempts at one workflow task: a deployment under way explains one or two that fail. */
  private static final int GIVEN_UP_AFTER = 5;

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);

  private final TemporalConnection connection;
  private final Duration timeout;
  private final String what;

  /**
   * Waits through a connection.
   *
   * @param timeout how long to wait for a worker to take it up where none is seen
   * @param what it is the answer to, as "the preflight"
   */
  WorkerAnswer(TemporalConnection connection, Duration timeout, String what) {
    this.connection = connection;
    this.timeout = timeout;
    this.what = what;
  }

  /**
   * The result of a workflow that was started.
   *
   * @throws ConnectionException when no worker takes it up, it fails, or it does not end
   */
  <T> T of(WorkflowStub workflow, Class<T> type) {
    Pickup pickup = new Pickup(connection, timeout, "");
    long start = System.nanoTime();
    Duration wait = shorter(Pickup.NOTIFY_AFTER);
    ResultWait<T> result = new ResultWait<>(() -> workflow.getResultAsync(type));
    try {
      while (true) {
        Optional<T> answer = result.within(wait);
        if (answer.isPresent()) {
          return answer.get();
        }
        wait = shorter(BETWEEN_LOOKS);
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        if (waited.compareTo(LIMIT) >= 0) {
          throw new ConnectionException(
              what + " did not finish within " + LIMIT.toMinutes() + " minutes", null);
        }
        lookAfter(workflow, pickup, waited);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionException("interrupted while waiting for " + what, e);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  private Duration shorter(Duration usual) {
    return usual.compareTo(timeout) < 0 ? usual : timeout;
  }

  /** It continues whatever this check finds. */
  private void lookAfter(WorkflowStub workflow, Pickup pickup, Duration waited) {
    try {
      DescribeWorkflowExecutionResponse now = workflow.describe().getRawDescription();
      if (now.hasPendingWorkflowTask()
          && now.getPendingWorkflowTask().getAttempt() >= GIVEN_UP_AFTER) {
        throw new ConnectionException(
            "a worker at "
                + connection.address()
                + " takes "
                + what
                + " up and fails each time; see its log. If it is older than this command, upgrade it",
            null);
      }
      pickup.look(now, waited);
    } catch (WorkflowServiceException e) {
      if (!Watcher.isAway(e)) {
        throw e;
      }
    }
  }

  private RuntimeException failure(@Nullable Throwable failure) {
    return switch (failure) {
      case WorkflowFailedException failed -> {
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        yield new ConnectionException(what + " failed: " + cause.getMessage(), failed);
      }
      case RuntimeException exception -> exception;
      case null, default -> new IllegalStateException(failure);
    };
  }
}
