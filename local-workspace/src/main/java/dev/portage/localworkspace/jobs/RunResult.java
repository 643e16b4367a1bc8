package dev.portage.localworkspace.jobs;

/** How a run ended, in the words of {@code state.result_state}. Only {@code SUCCESS} is success. */
public enum RunResult {
  /** All went well. */
  SUCCESS,
  /** A task failed, and the tasks that nothing depends on went well. */
  SUCCESS_WITH_FAILURES,
  /** A task failed. */
  FAILED,
  /** It took longer than allowed. */
  TIMEDOUT,
  /** A person stopped it. */
  CANCELED,
  /** It never started: too many runs of the job. */
  MAXIMUM_CONCURRENT_RUNS_REACHED,
  /** Its condition was not met. */
  EXCLUDED,
  /** A task it depends on failed. */
  UPSTREAM_FAILED,
  /** A task it depends on was stopped. */
  UPSTREAM_CANCELED
}
