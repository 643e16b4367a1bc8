package dev.portage.localworkspace.jobs;

import org.jspecify.annotations.Nullable;

/** The result of running a task. */
public sealed interface TaskOutcome {

  /**
   * It went through.
   *
   * @param exitValue what it gave to {@code dbutils.notebook.exit}; null where it did not call that
   */
  record Succeeded(@Nullable String exitValue) implements TaskOutcome {}

  /**
   * Its code failed.
   *
   * @param error as {@code ValueError: no rows}
   * @param trace the traceback; null where there is none, as when the process was killed
   */
  record Failed(String error, @Nullable String trace) implements TaskOutcome {}

  /** There is no such notebook or file. */
  record Missing(String message) implements TaskOutcome {}
}
