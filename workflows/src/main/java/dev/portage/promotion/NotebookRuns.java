package dev.portage.promotion;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.job.JobActivities;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a run in a workspace, ends it when the promotion is cancelled, and believes only
 * success.
 */
final class NotebookRuns {

  private NotebookRuns() {}

  /**
   * Waits until the run has ended with success.
   *
   * @param commit commit that it must have run, null when any will do
   * @throws StepFailure when it ended otherwise: only a new attempt can succeed
   */
  static RunResult await(
      Journey journey, String step, RunRef run, Duration longest, @Nullable String commit) {
    String queue = PromotionWorkflow.queueOf(run.workspace());
    JobActivities jobs =
        Stubs.awaiting(
            JobActivities.class,
            queue,
            longest,
            journey.settings().patience(),
            "wait for run " + run.runId() + " of " + step);
    RunResult result;
    try {
      result = jobs.awaitRun(run);
    } catch (TemporalFailure failure) {
      if (StepRunner.isCancel(failure)) {
        Workflow.newDetachedCancellationScope(() -> end(journey, queue, run)).run();
      }
      throw failure;
    }
    if (result.ending() != RunResult.Ending.SUCCESS) {
      throw new StepFailure(step, problem(journey, step, result), true);
    }
    String used = result.usedCommit();
    if (commit != null && used != null && !used.equals(commit)) {
      throw Journey.userFailure(
          step,
          "run commit " + commit,
          run.workspace(),
          "the workspace ran commit " + used,
          "Look at the workspace's Git settings, then: portage resume " + journey.id(),
          true);
    }
    return result;
  }

  private static void end(Journey journey, String queue, RunRef run) {
    Stubs.quick(
            JobActivities.class,
            queue,
            journey.settings().patience(),
            "end run " + run.runId() + ", the promotion was cancelled")
        .cancelRun(run);
  }

  private static Problem problem(Journey journey, String step, RunResult result) {
    String cameBack =
        result.error() == null ? result.state() : result.error() + " (" + result.state() + ")";
    FailureKind kind =
        switch (result.ending()) {
          case PLATFORM, NOT_RUN -> FailureKind.PLATFORM;
          case SUCCESS, FAILED, TIMED_OUT, CANCELLED -> FailureKind.USER;
        };
    return new Problem(
        kind,
        "the notebook of step " + step,
        "workspace " + result.run().workspace(),
        cameBack,
        "Mend the notebook in a new commit; or, if it was not its fault, run it again: portage resume "
            + journey.id(),
        result.trace(),
        result.page());
  }
}
