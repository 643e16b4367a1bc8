package dev.portage.watch;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.Repeatable;
import dev.portage.connection.TemporalConnection;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.temporal.Memos;
import dev.portage.temporal.PromotionAttributes;
import dev.portage.versioncopy.CopyStart;
import dev.portage.versioncopy.CopyView;
import dev.portage.versioncopy.CopyWorkflow;
import io.temporal.api.workflow.v1.PendingChildExecutionInfo;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.TemporalFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts and watches copies of single versions. */
public final class VersionCopies {

  private final TemporalConnection connection;
  private final Duration pause;
  private final Duration timeout;

  /**
   * Copies through a connection.
   *
   * @param pause between the first two reads; the interval grows while nothing changes
   * @param timeout how long to wait for a worker to take one up where none is seen
   */
  public VersionCopies(TemporalConnection connection, Duration pause, Duration timeout) {
    this.connection = connection;
    this.pause = pause;
    this.timeout = timeout;
  }

  /** Starts it, or finds the one under way. Returns its workflow id. */
  public String start(CopyStart start) {
    String id = start.workflowId();
    CopyWorkflow copy =
        connection
            .client()
            .newWorkflowStub(
                CopyWorkflow.class,
                // An ended one may be repeated: it moves what is missing, or nothing.
                Repeatable.withId(id)
                    .setTypedSearchAttributes(
                        PromotionAttributes.of(start.model(), start.startedBy()))
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
   * @param listener called with the activities under way, at each read
   * @throws ConnectionException when no worker takes it up
   */
  public End watch(String id, Consumer<List<Pending>> listener) throws InterruptedException {
    WorkflowStub stub = connection.client().newUntypedWorkflowStub(id);
    Pickup pickup = new Pickup(connection, timeout, "The copy is waiting for one");
    ResultWait<CopyView> view = new ResultWait<>(() -> stub.getResultAsync(CopyView.class));
    long began = System.nanoTime();
    long lastAnswer = began;
    String copies = id;
    // Workers report their progress every two seconds.
    Pauses pauses = new Pauses(pause.multipliedBy(Watcher.PAUSES_UNDER_WAY), Watcher.IDLE);
    Duration wait = pause;
    while (true) {
      try {
        Optional<End> end = end(view, id, copies, wait);
        if (end.isPresent()) {
          return end.get();
        }
        WorkflowExecutionDescription now = stub.describe();
        lastAnswer = System.nanoTime();
        copies = child(now).orElse(copies);
        List<Pending> pending =
            Pending.of(
                (copies.equals(id)
                        ? now
                        : connection.client().newUntypedWorkflowStub(copies).describe())
                    .getRawDescription());
        listener.accept(pending);
        pickup.look(now.getRawDescription(), Duration.ofNanos(lastAnswer - began));
        wait = pending.isEmpty() ? pauses.afterNothing() : pauses.after(pending);
      } catch (WorkflowServiceException e) {
        boolean tooLong =
            Duration.ofNanos(System.nanoTime() - lastAnswer).compareTo(Watcher.FORGIVEN) > 0;
        if (tooLong || !Watcher.isAway(e)) {
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
   * How it ended; empty when it did not within some time.
   *
   * @param copies the workflow that copied, perhaps for it
   */
  private Optional<End> end(ResultWait<CopyView> view, String id, String copies, Duration within)
      throws InterruptedException {
    try {
      return view.within(within).map(End.Done::new);
    } catch (ExecutionException e) {
      return Optional.of(failed(e.getCause(), id, copies));
    }
  }

  private End failed(@Nullable Throwable cause, String id, String copies) {
    if (cause instanceof WorkflowServiceException service) {
      throw service;
    }
    Problem problem =
        cause instanceof WorkflowFailedException failed
                && failed.getCause() instanceof TemporalFailure failure
            ? Failures.problemOf(failure, "copy a version", id)
            : Problem.of(
                FailureKind.CANCELLED,
                "copy a version",
                id,
                "someone ended it in Temporal",
                "Rerun the command: it continues where it stopped.");
    // A cancelled workflow leaves its last words there, and nowhere else.
    String said =
        connection
            .client()
            .newUntypedWorkflowStub(copies)
            .describe()
            .getMemo(Memos.SAYS, String.class, String.class);
    return new End.Failed(said == null ? problem : problem.and(said));
  }
}
