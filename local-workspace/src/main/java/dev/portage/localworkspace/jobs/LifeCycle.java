package dev.portage.localworkspace.jobs;

/**
 * The state of a run, in the words of {@code state.life_cycle_state}.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/getrun">Jobs API, get a run</a>
 */
public enum LifeCycle {
  /** Waits for a slot. */
  QUEUED,
  /** Waits for compute and code. */
  PENDING,
  /** Waits for another task. */
  BLOCKED,
  /** Runs. */
  RUNNING,
  /** Is being stopped. */
  TERMINATING,
  /** Ended; the result says how. */
  TERMINATED,
  /** Never started. */
  SKIPPED,
  /** Ended by a failure outside the task's own code, or, of a job's run, because a task failed. */
  INTERNAL_ERROR,
  /** Waits for its next attempt. */
  WAITING_FOR_RETRY;

  /** Whether nothing follows. */
  public boolean isTerminal() {
    return switch (this) {
      case TERMINATED, SKIPPED, INTERNAL_ERROR -> true;
      case QUEUED, PENDING, BLOCKED, RUNNING, TERMINATING, WAITING_FOR_RETRY -> false;
    };
  }

  /** The word for it in the newer {@code status.state}, which knows one terminal state. */
  String newerWord() {
    return switch (this) {
      case TERMINATED, SKIPPED, INTERNAL_ERROR -> "TERMINATED";
      case WAITING_FOR_RETRY -> "WAITING";
      case QUEUED, PENDING, BLOCKED, RUNNING, TERMINATING -> name();
    };
  }
}
