package dev.portage.databricks;

import com.databricks.sdk.service.jobs.BaseRun;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunLifeCycleState;
import com.databricks.sdk.service.jobs.RunResultState;
import com.databricks.sdk.service.jobs.RunState;
import com.databricks.sdk.service.jobs.RunStatus;
import com.databricks.sdk.service.jobs.RunTask;
import com.databricks.sdk.service.jobs.TerminationTypeType;
import dev.portage.job.RunResult.Ending;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The states of a run, reduced to what decides. The SDK reads a state that it does not know as
 * null.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/getrun">runs/get</a>
 */
final class RunStates {
  private RunStates() {}

  /** Whether the run is over. A missing or unknown state is not: it is asked for again. */
  static boolean hasEnded(Run run) {
    return isEnd(lifeCycle(run));
  }

  /** The same for a run as a list tells of it. */
  static boolean hasEnded(BaseRun run) {
    RunState state = ToldState.of(run.getState(), run.getStatus());
    return state != null && isEnd(state.getLifeCycleState());
  }

  private static boolean isEnd(@Nullable RunLifeCycleState state) {
    return state == RunLifeCycleState.TERMINATED
        || state == RunLifeCycleState.SKIPPED
        || state == RunLifeCycleState.INTERNAL_ERROR;
  }

  /** Whether its work is over and the workspace only cleans up. */
  static boolean isEnding(Run run) {
    return lifeCycle(run) == RunLifeCycleState.TERMINATING;
  }

  /** Whether the way it ended is known; a terminated run may name its result a moment later. */
  static boolean hasKnownResult(Run run) {
    return lifeCycle(run) != RunLifeCycleState.TERMINATED || result(run) != null;
  }

  /**
   * How an ended run ended. Only SUCCESS is success; what is not known is a failure.
   *
   * <p>A run of tasks is told as INTERNAL_ERROR also where a notebook of it failed, so there its
   * task decides, and then the cause that the workspace gives.
   */
  static Ending ending(Run run) {
    Ending ending = ending(state(run));
    if (ending != Ending.PLATFORM) {
      return ending;
    }
    Optional<RunTask> task = lastTask(run);
    Ending ofTask =
        task.map(last -> ToldState.of(last.getState(), last.getStatus()))
            .map(RunStates::ending)
            .orElse(Ending.PLATFORM);
    if (ofTask != Ending.PLATFORM && ofTask != Ending.SUCCESS) {
      return ofTask;
    }
    boolean ofTheJob =
        isOfTheJob(run.getStatus())
            || task.map(RunTask::getStatus).filter(RunStates::isOfTheJob).isPresent();
    return ofTheJob ? Ending.FAILED : Ending.PLATFORM;
  }

  /** The last attempt of a run's one task. */
  static Optional<RunTask> lastTask(Run run) {
    Collection<RunTask> tasks = run.getTasks();
    return tasks == null
        ? Optional.empty()
        : tasks.stream()
            .filter(task -> task.getRunId() != null)
            .max(
                Comparator.comparingLong((RunTask task) ->
                        task.getAttemptNumber() == null ? 0L : task.getAttemptNumber())
                    .thenComparing(RunTask::getRunId));
  }

  private static Ending ending(@Nullable RunState state) {
    if (state == null) {
      return Ending.FAILED;
    }
    if (state.getLifeCycleState() == RunLifeCycleState.SKIPPED) {
      return Ending.NOT_RUN;
    }
    if (state.getLifeCycleState() == RunLifeCycleState.INTERNAL_ERROR) {
      return Ending.PLATFORM;
    }
    RunResultState result = state.getResultState();
    if (result == null) {
      return Ending.FAILED;
    }
    return switch (result) {
      case SUCCESS -> Ending.SUCCESS;
      case FAILED, SUCCESS_WITH_FAILURES, UPSTREAM_FAILED -> Ending.FAILED;
      case TIMEDOUT -> Ending.TIMED_OUT;
      case CANCELED, UPSTREAM_CANCELED -> Ending.CANCELLED;
      case MAXIMUM_CONCURRENT_RUNS_REACHED, EXCLUDED, DISABLED -> Ending.NOT_RUN;
    };
  }

  /** Whether the workspace says that the job or what it was given is the cause. */
  private static boolean isOfTheJob(@Nullable RunStatus status) {
    return status != null
        && status.getTerminationDetails() != null
        && status.getTerminationDetails().getType() == TerminationTypeType.CLIENT_ERROR;
  }

  /** The workspace's own words, as "TERMINATED/FAILED: Workload failed". */
  static String words(Run run) {
    RunLifeCycleState state = lifeCycle(run);
    StringBuilder words = new StringBuilder(state == null ? "(no known state)" : state.name());
    RunResultState result = result(run);
    if (result != null) {
      words.append('/').append(result.name());
    } else if (state == RunLifeCycleState.TERMINATED) {
      words.append("/(no known result)");
    }
    RunState told = state(run);
    String message = told == null ? null : told.getStateMessage();
    if (message != null && !message.isBlank()) {
      words.append(": ").append(RunReader.cut(message.strip(), 1000));
    }
    return words.toString();
  }

  private static @Nullable RunState state(Run run) {
    return ToldState.of(run.getState(), run.getStatus());
  }

  private static @Nullable RunLifeCycleState lifeCycle(Run run) {
    RunState state = state(run);
    return state == null ? null : state.getLifeCycleState();
  }

  private static @Nullable RunResultState result(Run run) {
    RunState state = state(run);
    return state == null ? null : state.getResultState();
  }
}
