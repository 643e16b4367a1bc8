package dev.portage.watch;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.TemporalConnection;
import dev.portage.connection.TimeLimit;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.step.Course;
import dev.portage.step.CourseView;
import dev.portage.temporal.Memos;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowQueryException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows a workflow that consists of steps and asks nobody, such as an adoption.
 *
 * @param <V> what it says of itself
 */
public final class CourseWatch<V> {

  /** A query that no worker answers must not delay everything else. */
  private static final Duration QUERY = Duration.ofSeconds(6);

  private final TemporalConnection connection;
  private final Class<V> type;
  private final Function<V, CourseView> course;
  private final Duration pause;
  private final Duration timeout;

  /**
   * Follows through a connection.
   *
   * @param course its course, of what it says of itself
   * @param pause between two reads
   * @param timeout how long to wait for a worker to take it up where none is seen
   */
  public CourseWatch(
      TemporalConnection connection,
      Class<V> type,
      Function<V, CourseView> course,
      Duration pause,
      Duration timeout) {
    this.connection = connection;
    this.type = type;
    this.course = course;
    this.pause = pause;
    this.timeout = timeout;
  }

  /**
   * What came of it.
   *
   * @param <V> what it says of itself
   */
  public sealed interface End<V> {

    /** It ended on its own, or stopped and waits for someone to resume it. */
    record Told<V>(V view) implements End<V> {}

    /** It says nothing any more. */
    record Ended<V>(Problem problem) implements End<V> {}
  }

  /**
   * Follows one until it ends or stops.
   *
   * @param listener called with its course at each read that a worker answers
   * @throws ConnectionException when no worker takes it up
   */
  public End<V> follow(String id, Consumer<CourseView> listener) throws InterruptedException {
    WorkflowStub stub = connection.client().newUntypedWorkflowStub(id);
    Pickup pickup = new Pickup(connection, timeout, "It is waiting for one");
    ResultWait<V> result = new ResultWait<>(() -> stub.getResultAsync(type));
    long began = System.nanoTime();
    long lastAnswer = began;
    while (true) {
      try {
        Optional<V> view = result.within(pause);
        if (view.isPresent()) {
          listener.accept(course.apply(view.get()));
          return new End.Told<>(view.get());
        }
        WorkflowExecutionDescription now = stub.describe();
        lastAnswer = System.nanoTime();
        pickup.look(now.getRawDescription(), Duration.ofNanos(lastAnswer - began));
        Optional<V> said = query(stub);
        said.map(course).ifPresent(listener);
        if (said.map(course).filter(CourseWatch::isStopped).isPresent()) {
          return new End.Told<>(said.get());
        }
      } catch (ExecutionException e) {
        return failed(id, stub, e.getCause(), listener);
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

  private static boolean isStopped(CourseView view) {
    return view.state() == CourseView.State.STOPPED;
  }

  private Optional<V> query(WorkflowStub stub) {
    try {
      return Optional.of(TimeLimit.call(QUERY, () -> stub.query("status", type)));
    } catch (WorkflowQueryException _) {
      return Optional.empty();
    } catch (WorkflowServiceException e) {
      if (TimeLimit.ranOut(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private End<V> failed(
      String id, WorkflowStub stub, @Nullable Throwable cause, Consumer<CourseView> listener) {
    if (cause instanceof WorkflowServiceException service) {
      throw service;
    }
    if (cause instanceof WorkflowFailedException failed
        && failed.getCause() instanceof TemporalFailure failure) {
      if (failure instanceof ApplicationFailure ours
          && Course.FAILED.equals(ours.getType())
          && ours.getDetails().getSize() > 0) {
        V view = ours.getDetails().get(type);
        listener.accept(course.apply(view));
        return new End.Told<>(view);
      }
      if (failure instanceof ApplicationFailure) {
        return new End.Ended<>(Failures.problemOf(failure, id, "Temporal"));
      }
    }
    String said = stub.describe().getMemo(Memos.SAYS, String.class, String.class);
    return new End.Ended<>(
        Problem.of(
            FailureKind.CANCELLED,
            id,
            "Temporal",
            said == null ? "someone ended it" : said,
            "Run the command again if it is still wanted."));
  }
}
