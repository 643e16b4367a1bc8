package dev.portage.localworkspace.jobs;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a job run ended, derived from how its tasks ended. */
final class Verdict {
  private Verdict() {}

  static Ending of(JobRun run) {
    Optional<TaskRun> bad =
        run.tasks.stream().filter(task -> failedItself(ending(task))).findFirst();
    if (bad.isEmpty()) {
      return Ending.success();
    }
    Set<String> dependedOn = new HashSet<>();
    run.tasks.forEach(task -> dependedOn.addAll(task.plan.dependsOn()));
    List<TaskRun> last =
        run.tasks.stream().filter(task -> !dependedOn.contains(task.plan.key())).toList();
    if (last.stream().allMatch(task -> succeeded(ending(task)))) {
      return new Ending(
          LifeCycle.TERMINATED,
          RunResult.SUCCESS_WITH_FAILURES,
          TerminationCode.SUCCESS_WITH_FAILURES,
          "",
          false);
    }
    TaskRun first = bad.get();
    Ending cause = ending(first);
    if (cause == null) {
      return Ending.internalError("Task " + first.plan.key() + " did not end.");
    }
    if (cause.stopped()) {
      return cause;
    }
    String message = cause.message().endsWith(".") ? cause.message() : cause.message() + ".";
    return new Ending(
        LifeCycle.INTERNAL_ERROR,
        RunResult.FAILED,
        cause.code(),
        "Task "
            + first.plan.key()
            + " failed with message: "
            + message
            + " This caused all downstream tasks to get skipped.",
        false);
  }

  private static @Nullable Ending ending(TaskRun task) {
    return task.progress.now().ending();
  }

  private static boolean succeeded(@Nullable Ending ending) {
    return ending != null && ending.isSuccess();
  }

  /** Failed of its own accord, not because another task did. */
  private static boolean failedItself(@Nullable Ending ending) {
    return !succeeded(ending)
        && (ending == null
            || (ending.result() != RunResult.UPSTREAM_FAILED
                && ending.result() != RunResult.UPSTREAM_CANCELED));
  }
}
