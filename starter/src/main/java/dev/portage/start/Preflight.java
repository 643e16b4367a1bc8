package dev.portage.start;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.TemporalConnection;
import dev.portage.preflight.PreflightOrder;
import dev.portage.preflight.PreflightReport;
import dev.portage.preflight.PreflightWorkflow;
import dev.portage.promotion.PromotionWorkflow;
import dev.portage.text.Bounded;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.PendingWorkflowTaskState;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Has the workers look at everything before anything changes, and waits for what they found. */
public final class Preflight {

  /** Longer than any look takes; a look that nobody took up goes away by itself. */
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private final TemporalConnection connection;
  private final Duration patience;

  /**
   * Looks through a connection.
   *
   * @param patience how long to wait for a worker to take it up
   */
  public Preflight(TemporalConnection connection, Duration patience) {
    this.connection = connection;
    this.patience = patience;
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
                    .setTaskQueue(PromotionWorkflow.TASK_QUEUE)
                    .setWorkflowExecutionTimeout(LIMIT)
                    .setWorkflowIdReusePolicy(
                        WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                    .setWorkflowIdConflictPolicy(
                        WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                    .setStaticSummary(
                        Bounded.line(id + ": looks, changes nothing", Bounded.SUMMARY))
                    .build());
    WorkflowClient.start(preflight::check, order);
    return await(WorkflowStub.fromTyped(preflight));
  }

  private PreflightReport await(WorkflowStub preflight) {
    long start = System.nanoTime();
    while (true) {
      try {
        return preflight.getResult(1, TimeUnit.SECONDS, PreflightReport.class);
      } catch (TimeoutException _) {
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        if (waited.compareTo(patience) >= 0 && nobodyTookIt(preflight)) {
          // It is left alone, since somebody else may wait for it too; it ends by itself.
          throw new ConnectionException(
              "no worker answers on task queue "
                  + PromotionWorkflow.TASK_QUEUE
                  + " at "
                  + connection.address()
                  + "; start one with: portage worker",
              null);
        }
        if (waited.compareTo(LIMIT) >= 0) {
          throw new ConnectionException("the preflight did not end within " + LIMIT, null);
        }
      } catch (WorkflowServiceException e) {
        // A busy server is asked again, as one that has nothing to say yet.
        if (!isBusy(e) || Duration.ofNanos(System.nanoTime() - start).compareTo(LIMIT) >= 0) {
          throw e;
        }
      } catch (WorkflowFailedException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        throw new ConnectionException("the preflight failed: " + cause.getMessage(), e);
      }
    }
  }

  private static boolean isBusy(WorkflowServiceException e) {
    return e.getCause() instanceof StatusRuntimeException status
        && status.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED;
  }

  private static boolean nobodyTookIt(WorkflowStub preflight) {
    DescribeWorkflowExecutionResponse now = preflight.describe().getRawDescription();
    // Events so far: started, task scheduled. A third one is a worker's.
    return now.getWorkflowExecutionInfo().getHistoryLength() <= 2
        && (!now.hasPendingWorkflowTask()
            || now.getPendingWorkflowTask().getState()
                == PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED);
  }
}
