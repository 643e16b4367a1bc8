package dev.portage.start;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.TemporalConnection;
import dev.portage.preflight.PreflightOrder;
import dev.portage.preflight.PreflightReport;
import dev.portage.preflight.PreflightWorkflow;
import dev.portage.temporal.Queues;
import dev.portage.text.Markdown;
import dev.portage.watch.Pickup;
import dev.portage.watch.ResultWait;
import dev.portage.watch.Watcher;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Has the workers check everything before anything changes, and waits for their findings. */
public final class PreflightRunner {

  /** Longer than busy workers are waited for; a preflight that nobody picked up times out. */
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);

  private final TemporalConnection connection;
  private final Duration timeout;

  /**
   * Looks through a connection.
   *
   * @param timeout how long to wait for a worker to take it up where none is seen
   */
  public PreflightRunner(TemporalConnection connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
  }

  /**
   * What a preflight found.
   *
   * @param id workflow id, which is another for every order: one that is under way by it is waited
   *     for
   * @throws ConnectionException when no worker takes it up, or it does not end
   */
  public PreflightReport look(String id, PreflightOrder order) {
    PreflightWorkflow preflight =
        connection
            .client()
            .newWorkflowStub(
                PreflightWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(id)
                    .setTaskQueue(Queues.PORTAGE)
                    .setWorkflowExecutionTimeout(LIMIT)
                    .setWorkflowIdReusePolicy(
                        WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                    .setWorkflowIdConflictPolicy(
                        WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                    .setStaticSummary(Markdown.summary(id + ": checks only, changes nothing"))
                    .build());
    WorkflowClient.start(preflight::check, order);
    return await(WorkflowStub.fromTyped(preflight));
  }

  /** Waits through one call that the server keeps open, and meanwhile reports why it takes long. */
  private PreflightReport await(WorkflowStub preflight) {
    Pickup pickup = new Pickup(connection, timeout, "");
    long start = System.nanoTime();
    Duration wait = Pickup.NOTIFY_AFTER.compareTo(timeout) < 0 ? Pickup.NOTIFY_AFTER : timeout;
    ResultWait<PreflightReport> result =
        new ResultWait<>(() -> preflight.getResultAsync(PreflightReport.class));
    try {
      while (true) {
        Optional<PreflightReport> report = result.within(wait);
        if (report.isPresent()) {
          return report.get();
        }
        wait = BETWEEN_LOOKS.compareTo(timeout) < 0 ? BETWEEN_LOOKS : timeout;
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        if (waited.compareTo(LIMIT) >= 0) {
          throw new ConnectionException(
              "the preflight did not finish within " + LIMIT.toMinutes() + " minutes", null);
        }
        lookAfter(preflight, pickup, waited);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionException("interrupted while waiting for the preflight", e);
    } catch (ExecutionException e) {
      throw describe(e.getCause());
    }
  }

  /** It continues whether this read succeeds or not. */
  private static void lookAfter(WorkflowStub preflight, Pickup pickup, Duration waited) {
    try {
      pickup.look(preflight.describe().getRawDescription(), waited);
    } catch (WorkflowServiceException e) {
      if (!Watcher.isAway(e)) {
        throw e;
      }
    }
  }

  private static RuntimeException describe(@Nullable Throwable failure) {
    return switch (failure) {
      case WorkflowFailedException failed -> {
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        yield new ConnectionException("the preflight failed: " + cause.getMessage(), failed);
      }
      case RuntimeException exception -> exception;
      case null, default -> new IllegalStateException(failure);
    };
  }
}
