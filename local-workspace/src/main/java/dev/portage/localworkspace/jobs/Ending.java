package dev.portage.localworkspace.jobs;

import org.jspecify.annotations.Nullable;

/**
 * How a run or a task ended.
 *
 * @param lifeCycle a terminal state
 * @param result null only for a run that was skipped without a reason
 * @param code the newer word for why
 * @param message the {@code state_message}
 * @param stopped whether a person or a time limit stopped it
 */
public record Ending(
    LifeCycle lifeCycle,
    @Nullable RunResult result,
    TerminationCode code,
    String message,
    boolean stopped) {
  /** Checks that it is an end. */
  public Ending {
    if (!lifeCycle.isTerminal()) {
      throw new IllegalArgumentException(lifeCycle + " is not an end state of a run");
    }
  }

  static Ending success() {
    return new Ending(LifeCycle.TERMINATED, RunResult.SUCCESS, TerminationCode.SUCCESS, "", false);
  }

  /** A task whose own code failed. */
  static Ending workloadFailed() {
    return new Ending(
        LifeCycle.TERMINATED,
        RunResult.FAILED,
        TerminationCode.RUN_EXECUTION_ERROR,
        "Workload failed, see run output for details",
        false);
  }

  /** A task that could not be started. */
  static Ending notStarted(TerminationCode code, String message) {
    return new Ending(LifeCycle.INTERNAL_ERROR, RunResult.FAILED, code, message, false);
  }

  /** A task whose cluster lacks a secret. */
  static Ending clusterFailed(long taskRunId, String message) {
    String cluster = "local-" + taskRunId;
    return notStarted(
        TerminationCode.CLUSTER_ERROR,
        "Unexpected failure while waiting for the cluster ("
            + cluster
            + ") to be ready: Cluster "
            + cluster
            + " is in unexpected state Terminated: SECRET_RESOLUTION_ERROR(CLIENT_ERROR):"
            + " databricks_error_message:"
            + message);
  }

  static Ending timedOut(long seconds) {
    return new Ending(
        LifeCycle.TERMINATED,
        RunResult.TIMEDOUT,
        TerminationCode.CANCELED,
        "Run timed out. It exceeded the maximum duration of " + seconds + " seconds.",
        true);
  }

  static Ending cancelled(String by) {
    return new Ending(
        LifeCycle.TERMINATED,
        RunResult.CANCELED,
        TerminationCode.USER_CANCELED,
        "Run cancelled by user " + by + ".",
        true);
  }

  static Ending tooManyRuns(long limit) {
    return new Ending(
        LifeCycle.SKIPPED,
        RunResult.MAXIMUM_CONCURRENT_RUNS_REACHED,
        TerminationCode.MAX_CONCURRENT_RUNS_EXCEEDED,
        "Skipping this run because the limit of "
            + limit
            + " maximum concurrent runs has been reached.",
        false);
  }

  /** A task that did not begin because one it depends on did not end well. */
  static Ending upstream(Ending cause) {
    boolean cancelled =
        cause.result() == RunResult.CANCELED || cause.result() == RunResult.UPSTREAM_CANCELED;
    return new Ending(
        LifeCycle.SKIPPED,
        cancelled ? RunResult.UPSTREAM_CANCELED : RunResult.UPSTREAM_FAILED,
        TerminationCode.SKIPPED,
        "An upstream task " + (cancelled ? "was canceled." : "failed."),
        false);
  }

  /** The platform failed. */
  static Ending internalError(String message) {
    return new Ending(
        LifeCycle.INTERNAL_ERROR, RunResult.FAILED, TerminationCode.INTERNAL_ERROR, message, false);
  }

  boolean isSuccess() {
    return result == RunResult.SUCCESS;
  }
}
