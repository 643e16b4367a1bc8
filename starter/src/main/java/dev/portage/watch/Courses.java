package dev.portage.watch;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.TemporalConnection;
import dev.portage.step.CourseShown;
import dev.portage.step.CourseView;
import dev.portage.temporal.PromotionAttributes;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Looks at workflows that consist of steps, such as rollbacks and adoptions, and follows them.
 *
 * @param <V> what such a workflow says of itself
 */
public final class Courses<V extends CourseShown> {

  private final TemporalConnection connection;
  private final Kind<V> kind;
  private final Duration pause;
  private final Duration timeout;

  /**
   * Looks through a connection.
   *
   * @param pause between two reads
   * @param timeout how long to wait for a worker to take one up where none is seen
   */
  public Courses(TemporalConnection connection, Kind<V> kind, Duration pause, Duration timeout) {
    this.connection = connection;
    this.kind = kind;
    this.pause = pause;
    this.timeout = timeout;
  }

  /**
   * One kind of them.
   *
   * @param <V> what one says of itself
   */
  public interface Kind<V extends CourseShown> {

    /** What it is called, such as "rollback". */
    String word();

    /** What it says of itself. */
    Class<V> type();

    /** What the server knows of one without a worker. */
    V outline(String id, WorkflowExecutionDescription described);

    /** What it said, with what is known besides. */
    default V completed(TemporalConnection connection, V said) {
      return said;
    }
  }

  /**
   * One at a moment.
   *
   * @param <V> what it says of itself
   * @param view what it says of itself
   * @param answered whether it answered itself; otherwise this is what the server knows
   */
  public record Seen<V>(V view, boolean answered) {}

  /** One as it is now; empty when Temporal has none by that id. */
  public Optional<Seen<V>> look(String id) {
    return described(id).map(described -> seen(id, described));
  }

  private Optional<WorkflowExecutionDescription> described(String id) {
    try {
      return Optional.of(connection.client().newUntypedWorkflowStub(id).describe());
    } catch (WorkflowNotFoundException _) {
      return Optional.empty();
    }
  }

  private Seen<V> seen(String id, WorkflowExecutionDescription described) {
    Optional<V> answer =
        Answers.of(connection.client().newUntypedWorkflowStub(id), described, kind.type());
    return answer.isPresent()
        ? new Seen<>(kind.completed(connection, answer.get()), true)
        : new Seen<>(kind.outline(id, described), false);
  }

  /**
   * Follows one until a condition holds. Each look is shown to the listener.
   *
   * @throws ConnectionException when no worker takes it up
   * @throws NoSuchElementException when Temporal has none by that id
   */
  public V watch(String id, Predicate<V> enough, Consumer<Seen<V>> listener)
      throws InterruptedException {
    Pickup pickup = new Pickup(connection, timeout, "The " + kind.word() + " is waiting for one");
    long began = System.nanoTime();
    long lastAnswer = began;
    while (true) {
      try {
        WorkflowExecutionDescription described =
            described(id).orElseThrow(() -> NotKnown.id(connection, id));
        lastAnswer = System.nanoTime();
        Seen<V> now = seen(id, described);
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

  /** The state of one, as far as the server knows. */
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
