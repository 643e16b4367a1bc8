package dev.portage.preflight;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.temporal.Pollers;
import dev.portage.temporal.Queues;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.TimeoutFailure;
import java.time.Duration;
import java.util.function.Function;

/**
 * Workflow code: calls the workers of workspaces for someone who waits at a terminal. If no worker
 * takes a call, it checks whether there is one: it waits for a busy worker, and reports a missing
 * one.
 */
public final class WorkspaceCalls {

  private final WorkerTimeouts timeouts;

  /** Calls that wait for workers as long as someone at a terminal would. */
  public WorkspaceCalls() {
    this(WorkerTimeouts.usual());
  }

  WorkspaceCalls(WorkerTimeouts timeouts) {
    this.timeouts = timeouts;
  }

  /**
   * How long a worker is waited for.
   *
   * @param first before checking whether there is one at all
   * @param quiet and once more, before checking again a worker that is silent: some minutes after
   *     its last poll Temporal knows that it is gone
   * @param busy altogether; a burst of approvals keeps workers busy for minutes
   */
  record WorkerTimeouts(Duration first, Duration quiet, Duration busy) {

    /** Someone waits in front of a terminal. */
    static WorkerTimeouts usual() {
      return new WorkerTimeouts(
          Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5));
    }
  }

  /** What needs no workspace: done where the workflow runs, with few attempts. */
  public static <T> T here(Class<T> type, String summary) {
    return Calls.here(type, summary);
  }

  /**
   * One call, attempted a few times.
   *
   * @param what what it does, for the history
   * @throws ActivityFailure if the call failed
   * @throws io.temporal.failure.ApplicationFailure if no worker took it, which says what to start
   */
  public <A, R> R ask(Class<A> type, String workspace, String what, Function<A, R> call) {
    return ask(
        workspace, what, wait -> call.apply(Calls.of(type, Queues.of(workspace), what, wait)));
  }

  /** The same, where one attempt may take minutes, since it may read a whole log. */
  public <A, R> R search(Class<A> type, String workspace, String what, Function<A, R> call) {
    return ask(
        workspace,
        what,
        wait -> call.apply(Calls.searching(type, Queues.of(workspace), what, wait)));
  }

  private <R> R ask(String workspace, String what, Function<Duration, R> call) {
    Duration waited = Duration.ZERO;
    Duration wait = timeouts.first();
    while (true) {
      try {
        return call.apply(wait);
      } catch (ActivityFailure failure) {
        if (!wasTakenByNobody(failure)) {
          throw failure;
        }
      }
      waited = waited.plus(wait);
      Pollers pollers = pollers(workspace);
      wait = more(pollers, waited);
      if (!wait.isPositive()) {
        throw Failures.of(nobody(pollers, workspace, what, waited));
      }
    }
  }

  /** How much longer a worker is waited for. */
  private Duration more(Pollers pollers, Duration waited) {
    Duration left = timeouts.busy().minus(waited);
    return switch (pollers) {
      case NONE -> Duration.ZERO;
      case UNKNOWN -> timeouts.first().multipliedBy(2).minus(waited);
      case QUIET -> left.compareTo(timeouts.quiet()) < 0 ? left : timeouts.quiet();
      case ASKING -> left;
    };
  }

  private static Pollers pollers(String workspace) {
    try {
      return Calls.here(QueueActivities.class, "check for a worker of " + workspace)
          .pollersOf(Queues.of(workspace));
    } catch (ActivityFailure _) {
      return Pollers.UNKNOWN;
    }
  }

  private static Problem nobody(Pollers pollers, String workspace, String what, Duration waited) {
    String queue = "task queue " + Queues.of(workspace);
    String start = "portage worker --workspaces " + workspace;
    return Problem.of(
        FailureKind.PLATFORM,
        what,
        "workspace " + workspace,
        switch (pollers) {
          case NONE -> "no worker polls " + queue;
          case UNKNOWN -> "no response in time; is a worker for it running? " + queue;
          case QUIET ->
              "no worker has polled " + queue + " for more than a minute: it is overloaded or gone";
          case ASKING ->
              "workers were too busy to check within " + waited.toSeconds() + " s (" + queue + ")";
        },
        pollers == Pollers.ASKING ? "retry later, or start another worker: " + start : start);
  }

  private static boolean wasTakenByNobody(ActivityFailure failure) {
    return failure.getCause() instanceof TimeoutFailure timeout
        && timeout.getTimeoutType() == TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START;
  }
}
