package dev.portage.databricks;

import com.databricks.sdk.service.jobs.BaseRun;
import com.databricks.sdk.service.jobs.RepairHistoryItem;
import com.databricks.sdk.service.jobs.RepairHistoryItemType;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunLifeCycleState;
import com.databricks.sdk.service.jobs.RunResultState;
import com.databricks.sdk.service.jobs.RunState;
import com.databricks.sdk.service.jobs.RunStatus;
import com.databricks.sdk.service.jobs.RunTask;
import com.databricks.sdk.service.jobs.TerminationTypeType;
import dev.portage.job.RunResult.Ending;
import dev.portage.text.SecretShapes;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The states of a run, reduced to what matters. The SDK reads an unknown state as null.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/getrun">runs/get</a>
 */
final class RunStates {
  /** How a workspace says that code failed, without saying how. */
  private static final Pattern SEE_OUTPUT =
      Pattern.compile("see (the )?(run|notebook) output for details", Pattern.CASE_INSENSITIVE);

  private RunStates() {}

  /** Whether the run has ended. With a missing or unknown state it has not: it is polled again. */
  static boolean hasEnded(Run run) {
    return isEnd(lifeCycle(run));
  }

  /** The same for a run as listed. */
  static boolean hasEnded(BaseRun run) {
    RunState state = ReportedState.of(run.getState(), run.getStatus());
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
   * How an ended run ended. Only SUCCESS is success; unknown results are failures.
   *
   * <p>A run with tasks is reported as INTERNAL_ERROR even if one of its notebooks failed, so the
   * task decides there, and then the cause that the workspace gives.
   */
  static Ending ending(Run run) {
    Ending ending = ending(state(run));
    if (ending == Ending.SUCCESS) {
      return ofTasks(run);
    }
    if (ending != Ending.PLATFORM) {
      return ending;
    }
    List<RunTask> tasks = lastAttempts(run);
    for (RunTask task : tasks) {
      Ending ofTask = ending(task);
      // Tasks downstream of it are reported as failed, too.
      if (isReported(task)
          && ofTask != Ending.PLATFORM
          && ofTask != Ending.SUCCESS
          && !isUpstream(task)) {
        return ofTask;
      }
    }
    boolean ofTheJob =
        isOfTheJob(run.getStatus())
            || tasks.stream().map(RunTask::getStatus).anyMatch(RunStates::isOfTheJob);
    return ofTheJob ? Ending.FAILED : Ending.PLATFORM;
  }

  /**
   * Whether a run reported as successful really is: only if no task was skipped. The first task
   * that failed on its own decides, since a run's result follows its last tasks alone.
   */
  private static Ending ofTasks(Run run) {
    List<RunTask> left = unfinished(run);
    return left.stream()
        .filter(task -> !isUpstream(task))
        .map(RunStates::ending)
        .filter(ending -> ending != Ending.NOT_RUN)
        .findFirst()
        .orElse(left.isEmpty() ? Ending.SUCCESS : Ending.NOT_RUN);
  }

  /**
   * Tasks that did not succeed: failed, skipped by {@code run_if} or a condition, excluded,
   * disabled. What they would have made is not there.
   */
  private static List<RunTask> unfinished(Run run) {
    return lastAttempts(run).stream().filter(RunStates::isKnownNotToBeDone).toList();
  }

  private static Ending ending(RunTask task) {
    return ending(ReportedState.of(task.getState(), task.getStatus()));
  }

  /** A task that does not report its result yet is not one of these. */
  private static boolean isKnownNotToBeDone(RunTask task) {
    RunState state = ReportedState.of(task.getState(), task.getStatus());
    return state != null
        && (state.getLifeCycleState() == RunLifeCycleState.SKIPPED
            || state.getLifeCycleState() == RunLifeCycleState.INTERNAL_ERROR
            || (state.getResultState() != null
                && state.getResultState() != RunResultState.SUCCESS));
  }

  private static boolean isReported(RunTask task) {
    return ReportedState.of(task.getState(), task.getStatus()) != null;
  }

  private static boolean isUpstream(RunTask task) {
    RunState state = ReportedState.of(task.getState(), task.getStatus());
    return state != null
        && (state.getResultState() == RunResultState.UPSTREAM_FAILED
            || state.getResultState() == RunResultState.UPSTREAM_CANCELED);
  }

  /**
   * The last attempt of each task, whether retried or repaired, in the order of their runs. Each
   * repair counts attempts of its own, so the run's history says first which is later.
   */
  static List<RunTask> lastAttempts(Run run) {
    Map<Long, Integer> repairs = repairs(run);
    Comparator<RunTask> byAttempt =
        Comparator.comparingInt((RunTask task) -> repairs.getOrDefault(task.getRunId(), 0))
            .thenComparingLong(task -> orZero(task.getAttemptNumber()))
            .thenComparingLong(task -> orZero(task.getStartTime()))
            .thenComparing(RunTask::getRunId);
    Map<String, RunTask> last = new LinkedHashMap<>();
    if (run.getTasks() != null) {
      run.getTasks().stream()
          .filter(task -> task.getRunId() != null)
          .sorted(byAttempt)
          .forEach(task -> last.put(String.valueOf(task.getTaskKey()), task));
    }
    return last.values().stream().sorted(Comparator.comparing(RunTask::getRunId)).toList();
  }

  /**
   * The number of the repair that a task run belongs to; task runs without one belong to the
   * original run.
   */
  private static Map<Long, Integer> repairs(Run run) {
    Map<Long, Integer> repairs = new HashMap<>();
    if (run.getRepairHistory() != null) {
      List<RepairHistoryItem> items =
          run.getRepairHistory().stream()
              .filter(item -> item.getType() == RepairHistoryItemType.REPAIR)
              .sorted(Comparator.comparingLong(item -> orZero(item.getStartTime())))
              .toList();
      for (int i = 0; i < items.size(); i++) {
        Collection<Long> runs = items.get(i).getTaskRunIds();
        for (Long id : runs == null ? List.<Long>of() : runs) {
          repairs.putIfAbsent(id, i + 1);
        }
      }
    }
    return repairs;
  }

  private static long orZero(@Nullable Long number) {
    return number == null ? 0 : number;
  }

  /** The task whose output says most: one that failed on its own, else the last one that ran. */
  static Optional<RunTask> lastTask(Run run) {
    List<RunTask> tasks = lastAttempts(run);
    Optional<RunTask> failed =
        tasks.stream().filter(task -> isKnownNotToBeDone(task) && !isUpstream(task)).findFirst();
    return failed.isPresent() || tasks.isEmpty() ? failed : Optional.of(tasks.getLast());
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

  /** The workspace's own words, such as "TERMINATED/FAILED: Workload failed". */
  static String words(Run run) {
    return words(run, null);
  }

  /**
   * The same, next to the error of the code that failed; null if none is known. Text that only
   * points to that error, or repeats it, is left out.
   */
  static String words(Run run, @Nullable String error) {
    RunLifeCycleState state = lifeCycle(run);
    StringBuilder words = new StringBuilder(state == null ? "(no known state)" : state.name());
    RunResultState result = result(run);
    if (result != null) {
      words.append('/').append(result.name());
    } else if (state == RunLifeCycleState.TERMINATED) {
      words.append("/(no known result)");
    }
    RunState reported = state(run);
    String given = reported == null ? null : reported.getStateMessage();
    String message = given == null ? null : SecretShapes.without(given);
    if (message != null && !message.isBlank() && saysMore(message, error)) {
      words.append(": ").append(RunReader.cut(message.strip(), 1000));
    }
    List<RunTask> left = result == RunResultState.SUCCESS ? unfinished(run) : List.of();
    if (!left.isEmpty()) {
      words
          .append(", but these tasks did not succeed: ")
          .append(left.stream().map(RunStates::named).sorted().collect(Collectors.joining(", ")));
    }
    return words.toString();
  }

  private static boolean saysMore(String message, @Nullable String error) {
    if (error == null) {
      return true;
    }
    String first = error.lines().findFirst().orElse("").strip();
    return !SEE_OUTPUT.matcher(message).find()
        && !error.contains(message.strip())
        && !(first.length() > 0 && message.contains(first));
  }

  private static String named(RunTask task) {
    RunState state = ReportedState.of(task.getState(), task.getStatus());
    if (state == null) {
      return String.valueOf(task.getTaskKey());
    }
    Enum<?> how =
        state.getResultState() == null ? state.getLifeCycleState() : state.getResultState();
    return task.getTaskKey() + " (" + how + ")";
  }

  private static @Nullable RunState state(Run run) {
    return ReportedState.of(run.getState(), run.getStatus());
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
