package dev.portage.databricks;

import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunLifeCycleState;
import com.databricks.sdk.service.jobs.RunResultState;
import com.databricks.sdk.service.jobs.RunState;
import dev.portage.job.RunResult.Ending;
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
    RunLifeCycleState state = lifeCycle(run);
    return state == RunLifeCycleState.TERMINATED
        || state == RunLifeCycleState.SKIPPED
        || state == RunLifeCycleState.INTERNAL_ERROR;
  }

  /** Whether the way it ended is known; a terminated run may name its result a moment later. */
  static boolean hasKnownResult(Run run) {
    return lifeCycle(run) != RunLifeCycleState.TERMINATED || result(run) != null;
  }

  /** How an ended run ended. Only SUCCESS is success; what is not known is a failure. */
  static Ending ending(Run run) {
    RunLifeCycleState state = lifeCycle(run);
    if (state == RunLifeCycleState.SKIPPED) {
      return Ending.NOT_RUN;
    }
    if (state == RunLifeCycleState.INTERNAL_ERROR) {
      return Ending.PLATFORM;
    }
    RunResultState result = result(run);
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
    String message = run.getState() == null ? null : run.getState().getStateMessage();
    if (message != null && !message.isBlank()) {
      words.append(": ").append(RunReader.cut(message.strip(), 1000));
    }
    return words.toString();
  }

  private static @Nullable RunLifeCycleState lifeCycle(Run run) {
    RunState state = run.getState();
    return state == null ? null : state.getLifeCycleState();
  }

  private static @Nullable RunResultState result(Run run) {
    RunState state = run.getState();
    return state == null ? null : state.getResultState();
  }
}
