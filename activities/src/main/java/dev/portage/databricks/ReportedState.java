package dev.portage.databricks;

import com.databricks.sdk.service.jobs.RunLifeCycleState;
import com.databricks.sdk.service.jobs.RunLifecycleStateV2State;
import com.databricks.sdk.service.jobs.RunResultState;
import com.databricks.sdk.service.jobs.RunState;
import com.databricks.sdk.service.jobs.RunStatus;
import com.databricks.sdk.service.jobs.TerminationCodeCode;
import com.databricks.sdk.service.jobs.TerminationDetails;
import com.databricks.sdk.service.jobs.TerminationTypeType;
import org.jspecify.annotations.Nullable;

/**
 * The state of a run or a task, from whichever of two fields reports it: {@code state} is
 * deprecated in favor of {@code status}, "so a workspace may stop setting it" (databricks/cli,
 * job_run.go).
 */
final class ReportedState {
  private ReportedState() {}

  /** The state; null if neither field reports one. */
  static @Nullable RunState of(@Nullable RunState state, @Nullable RunStatus status) {
    if (state != null && state.getLifeCycleState() != null) {
      return state;
    }
    return status == null || status.getState() == null ? state : reported(status);
  }

  private static RunState reported(RunStatus status) {
    TerminationDetails details = status.getTerminationDetails();
    RunState reported = new RunState().setLifeCycleState(lifeCycle(status.getState()));
    if (details == null) {
      return reported;
    }
    reported.setStateMessage(details.getMessage());
    return status.getState() == RunLifecycleStateV2State.TERMINATED
        ? ended(reported, details)
        : reported;
  }

  private static RunLifeCycleState lifeCycle(RunLifecycleStateV2State state) {
    return switch (state) {
      case BLOCKED -> RunLifeCycleState.BLOCKED;
      case PENDING -> RunLifeCycleState.PENDING;
      case QUEUED -> RunLifeCycleState.QUEUED;
      case RUNNING -> RunLifeCycleState.RUNNING;
      case TERMINATED -> RunLifeCycleState.TERMINATED;
      case TERMINATING -> RunLifeCycleState.TERMINATING;
      case WAITING -> RunLifeCycleState.WAITING_FOR_RETRY;
    };
  }

  /**
   * A code that is not known leaves the type to speak; with neither the result is not known yet.
   */
  private static RunState ended(RunState reported, TerminationDetails details) {
    TerminationCodeCode code = details.getCode();
    TerminationTypeType type = details.getType();
    if (code == TerminationCodeCode.SUCCESS_WITH_FAILURES) {
      return reported.setResultState(RunResultState.SUCCESS_WITH_FAILURES);
    }
    if (code == TerminationCodeCode.CANCELED || code == TerminationCodeCode.USER_CANCELED) {
      return reported.setResultState(RunResultState.CANCELED);
    }
    if (code == TerminationCodeCode.SKIPPED
        || code == TerminationCodeCode.DISABLED
        || code == TerminationCodeCode.MAX_CONCURRENT_RUNS_EXCEEDED
        || code == TerminationCodeCode.MAX_JOB_QUEUE_SIZE_EXCEEDED) {
      return reported.setLifeCycleState(RunLifeCycleState.SKIPPED);
    }
    if (code == TerminationCodeCode.SUCCESS || type == TerminationTypeType.SUCCESS) {
      return reported.setResultState(RunResultState.SUCCESS);
    }
    if (type == null) {
      return reported;
    }
    return (type == TerminationTypeType.CLIENT_ERROR
            ? reported
            : reported.setLifeCycleState(RunLifeCycleState.INTERNAL_ERROR))
        .setResultState(RunResultState.FAILED);
  }
}
