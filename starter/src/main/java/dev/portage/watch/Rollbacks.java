package dev.portage.watch;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.TemporalConnection;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.rollback.RollbackId;
import dev.portage.rollback.RollbackStart;
import dev.portage.rollback.RollbackView;
import dev.portage.rollback.RollbackWorkflow;
import dev.portage.step.CourseView;
import dev.portage.temporal.Memos;
import dev.portage.temporal.PromotionAttributes;
import dev.portage.temporal.Queues;
import dev.portage.text.Markdown;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Plans, starts and watches rollbacks. */
public final class Rollbacks {

  private final TemporalConnection connection;
  private final Duration pause;
  private final Duration timeout;

  /**
   * Rolls back through a connection.
   *
   * @param pause between two reads
   * @param timeout how long to wait for a worker to take one up where none is seen
   */
  public Rollbacks(TemporalConnection connection, Duration pause, Duration timeout) {
    this.connection = connection;
    this.pause = pause;
    this.timeout = timeout;
  }

  /**
   * A rollback at one moment.
   *
   * @param view what it says of itself
   * @param answered whether it answered itself; otherwise this is what the server knows
   */
  public record Seen(RollbackView view, boolean answered) {}

  /** Whether an id is a rollback's. */
  public static boolean isId(String typed) {
    return typed.startsWith(RollbackId.ROLLBACKS);
  }

  /** Starts to look what a rollback would do. Changes nothing. Returns the workflow's id. */
  public String startPlan(RollbackStart start) {
    String id = "preflight/" + RollbackId.ROLLBACKS + start.model() + "/" + UUID.randomUUID();
    RollbackStart dry =
        new RollbackStart(
            start.model(), start.workspace(), start.to(), start.reason(), start.by(), true, null);
    stub(id, dry, "what a rollback of " + start.model() + " would do").start(dry);
    return id;
  }

  /**
   * Starts a rollback.
   *
   * @param id as its plan named it
   * @return false if another one was started by that id in the meantime
   */
  public boolean start(String id, RollbackStart start) {
    try {
      stub(id, start, "roll back " + start.model()).start(start);
      return true;
    } catch (WorkflowExecutionAlreadyStarted another) {
      return false;
    }
  }

  private WorkflowStub stub(String id, RollbackStart start, String summary) {
    return connection
        .client()
        .newUntypedWorkflowStub(
            RollbackWorkflow.TYPE,
            WorkflowOptions.newBuilder()
                .setWorkflowId(id)
                .setTaskQueue(Queues.PORTAGE)
                .setWorkflowIdReusePolicy(
                    WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
                .setWorkflowIdConflictPolicy(
                    WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
                .setTypedSearchAttributes(
                    PromotionAttributes.of(
                        String.valueOf(start.model()), String.valueOf(start.by())))
                .setStaticSummary(Markdown.summary(summary))
                .build());
  }

  /** A rollback as it is now; empty when Temporal has none by that id. */
  public Optional<Seen> look(String id) {
    return described(id).map(described -> seen(id, described));
  }

  private Optional<WorkflowExecutionDescription> described(String id) {
    try {
      return Optional.of(connection.client().newUntypedWorkflowStub(id).describe());
    } catch (WorkflowNotFoundException _) {
      return Optional.empty();
    }
  }

  private Seen seen(String id, WorkflowExecutionDescription described) {
    Optional<RollbackView> answer =
        Answers.of(connection.client().newUntypedWorkflowStub(id), described, RollbackView.class);
    return answer.isPresent()
        ? new Seen(new Finishing(connection).now(answer.get()), true)
        : new Seen(outline(id, described), false);
  }

  /**
   * Follows one until a condition holds. Each look is shown to the listener.
   *
   * @throws ConnectionException when no worker takes it up
   * @throws NoSuchElementException when Temporal has no such rollback
   */
  public RollbackView watch(String id, Predicate<RollbackView> enough, Consumer<Seen> listener)
      throws InterruptedException {
    Pickup pickup = new Pickup(connection, timeout, "The rollback is waiting for one");
    long began = System.nanoTime();
    long lastAnswer = began;
    while (true) {
      try {
        WorkflowExecutionDescription described =
            described(id)
                .orElseThrow(() -> new NoSuchElementException("there is no rollback " + id));
        lastAnswer = System.nanoTime();
        Seen now = seen(id, described);
        listener.accept(now);
        if (enough.test(now.view())) {
          return now.view();
        }
        pickup.look(described.getRawDescription(), Duration.ofNanos(lastAnswer - began));
      } catch (WorkflowServiceException e) {
        boolean tooLong =
            Duration.ofNanos(System.nanoTime() - lastAnswer).compareTo(Watcher.FORGIVEN) > 0;
        if (tooLong || !Watcher.isAway(e)) {
          throw e;
        }
      }
      Thread.sleep(pause);
    }
  }

  /** What the server knows without a worker. */
  private static RollbackView outline(String id, WorkflowExecutionDescription described) {
    CourseView.State state = state(described);
    String step = Promotions.attribute(described, PromotionAttributes.STEP).orElse("none");
    @Nullable String said = described.getMemo(Memos.SAYS, String.class, String.class);
    Problem problem =
        switch (described.getStatus()) {
          case WORKFLOW_EXECUTION_STATUS_TERMINATED ->
              Problem.of(
                  FailureKind.CANCELLED,
                  "the rollback",
                  "step " + step,
                  "terminated in Temporal; nothing was put back",
                  "Check what is live, then roll back again, also to the same version: it restores"
                      + " whatever is not as that release recorded it.");
          default -> null;
        };
    String says =
        problem != null
            ? problem.cameBack()
            : said != null
                ? said
                : state.ended()
                    ? "ended at step " + step
                    : "no worker is responding; last known step "
                        + step
                        + ". Start one with: portage worker";
    Optional<RollbackId> parts = RollbackId.of(id);
    return RollbackView.of(
            id,
            Promotions.attribute(described, PromotionAttributes.MODEL)
                .or(() -> parts.map(RollbackId::model))
                .orElse(id),
            state,
            says,
            Promotions.attribute(described, PromotionAttributes.STARTED_BY).orElse("unknown"),
            described.getStartTime())
        .where(parts.map(RollbackId::workspace).orElse(null), null)
        .ended(state.ended() ? described.getCloseTime() : null)
        .problem(problem)
        .build();
  }

  /** The state of a rollback, as far as the server knows. */
  static CourseView.State state(WorkflowExecutionMetadata described) {
    return switch (described.getStatus()) {
      case WORKFLOW_EXECUTION_STATUS_COMPLETED -> CourseView.State.DONE;
      // Temporal closes as cancelled what was cancelled too late as well.
      case WORKFLOW_EXECUTION_STATUS_CANCELED ->
          known(described).filter(CourseView.State::ended).orElse(CourseView.State.CANCELLED);
      case WORKFLOW_EXECUTION_STATUS_FAILED ->
          known(described).filter(CourseView.State::ended).orElse(CourseView.State.FAILED);
      case WORKFLOW_EXECUTION_STATUS_TERMINATED, WORKFLOW_EXECUTION_STATUS_TIMED_OUT ->
          CourseView.State.FAILED;
      default -> known(described).orElse(CourseView.State.RUNNING);
    };
  }

  private static Optional<CourseView.State> known(WorkflowExecutionMetadata described) {
    return Promotions.attribute(described, PromotionAttributes.STATE)
        .flatMap(name -> {
          try {
            return Optional.of(CourseView.State.valueOf(name));
          } catch (IllegalArgumentException _) {
            return Optional.empty();
          }
        });
  }
}
