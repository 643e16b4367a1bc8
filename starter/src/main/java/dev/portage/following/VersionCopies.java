package dev.portage.following;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.TemporalConnection;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.promotion.PromotionWorkflow;
import dev.portage.promotion.SearchAttributes;
import dev.portage.versioncopy.CopyStart;
import dev.portage.versioncopy.CopyView;
import dev.portage.versioncopy.CopyWorkflow;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.workflow.v1.PendingChildExecutionInfo;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.TemporalFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Copies of single versions, started and followed. */
public final class VersionCopies {

  private final TemporalConnection connection;
  private final Duration pause;
  private final Duration patience;

  /**
   * Copies through a connection.
   *
   * @param pause between two looks
   * @param patience how long to wait for a worker to take one up
   */
  public VersionCopies(TemporalConnection connection, Duration pause, Duration patience) {
    this.connection = connection;
    this.pause = pause;
    this.patience = patience;
  }

  /** Starts it, or finds the one under way. Returns its workflow id. */
  public String start(CopyStart start) {
    String id = start.workflowId();
    CopyWorkflow copy =
        connection
            .client()
            .newWorkflowStub(
                CopyWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(id)
                    .setTaskQueue(PromotionWorkflow.TASK_QUEUE)
                    // An ended one may be repeated: it moves what is missing, or nothing.
                    .setWorkflowIdReusePolicy(
                        WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                    .setWorkflowIdConflictPolicy(
                        WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                    .setTypedSearchAttributes(SearchAttributes.of(start.model(), start.startedBy()))
                    .setStaticSummary(start.summary())
                    .build());
    WorkflowClient.start(copy::copyVersion, start);
    return id;
  }

  /** How one ended. */
  public sealed interface End {

    /** It is done. */
    record Done(CopyView view) implements End {}

    /** It is not, and why. */
    record Failed(Problem problem) implements End {}
  }

  /**
   * Follows one to its end.
   *
   * @param listener told of the activities under way, at each look
   * @throws ConnectionException when no worker takes it up
   */
  public End follow(String id, Consumer<List<Pending>> listener) throws InterruptedException {
    WorkflowStub stub = connection.client().newUntypedWorkflowStub(id);
    long began = System.nanoTime();
    long lastAnswer = began;
    String copies = id;
    while (true) {
      try {
        Optional<End> end = end(stub, id, copies);
        if (end.isPresent()) {
          return end.get();
        }
        WorkflowExecutionDescription now = stub.describe();
        lastAnswer = System.nanoTime();
        copies = child(now).orElse(copies);
        listener.accept(
            Pending.of(
                (copies.equals(id)
                        ? now
                        : connection.client().newUntypedWorkflowStub(copies).describe())
                    .getRawDescription()));
        refuseWithoutWorker(now, Duration.ofNanos(lastAnswer - began));
      } catch (WorkflowServiceException e) {
        boolean tooLong =
            Duration.ofNanos(System.nanoTime() - lastAnswer).compareTo(Follower.FORGIVEN) > 0;
        if (tooLong || !Follower.isAway(e)) {
          throw e;
        }
        Thread.sleep(pause);
      }
    }
  }

  /** The workflow that copies for it, where the version was named otherwise than by its number. */
  private static Optional<String> child(WorkflowExecutionDescription now) {
    return now.getRawDescription().getPendingChildrenList().stream()
        .map(PendingChildExecutionInfo::getWorkflowId)
        .findFirst();
  }

  /**
   * How it ended; empty when it did not within the pause.
   *
   * @param copies the workflow that copied, perhaps for it
   */
  private Optional<End> end(WorkflowStub stub, String id, String copies) {
    try {
      return Optional.of(
          new End.Done(stub.getResult(pause.toMillis(), TimeUnit.MILLISECONDS, CopyView.class)));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (WorkflowFailedException e) {
      Problem problem =
          e.getCause() instanceof TemporalFailure failure
              ? Failures.problemOf(failure, "copy a version", id)
              : Problem.of(
                  FailureKind.CANCELLED,
                  "copy a version",
                  id,
                  "somebody ended it in Temporal",
                  "Repeat the command: it goes on where it was.");
      // A cancelled one keeps its last words there, and nowhere else.
      String said =
          connection
              .client()
              .newUntypedWorkflowStub(copies)
              .describe()
              .getMemo(PromotionWorkflow.SAYS, String.class, String.class);
      return Optional.of(new End.Failed(said == null ? problem : problem.and(said)));
    }
  }

  private void refuseWithoutWorker(WorkflowExecutionDescription now, Duration waited) {
    // Events so far: started, task scheduled. A third one is a worker's.
    if (waited.compareTo(patience) >= 0
        && now.getRawDescription().getWorkflowExecutionInfo().getHistoryLength() <= 2) {
      throw new ConnectionException(
          "no worker answers on task queue "
              + PromotionWorkflow.TASK_QUEUE
              + " at "
              + connection.address()
              + "; start one with: portage worker. The copy waits for it",
          null);
    }
  }
}
