package dev.portage.live;

import dev.portage.activity.Stubs;
import dev.portage.failure.Failures;
import dev.portage.job.JobActivities;
import dev.portage.job.OthersQuery;
import dev.portage.job.OthersRun;
import dev.portage.job.RunResult;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Workflow code: ends the runs of a scoring job that a promotion has left. One that started a run
 * under an earlier turn no longer holds it: it was terminated, or has lost the turn, and nothing
 * may go live through that run.
 *
 * @param workspace where the job is
 * @param job its id
 * @param holder who has the turn
 * @param retryTimeout how long to retry each call
 */
public record LeftRuns(String workspace, long job, String holder, Duration retryTimeout) {

  /**
   * Ends them.
   *
   * @return a line about each
   * @throws TemporalFailure if they can't be listed, or one can't be ended
   */
  public List<String> end() {
    List<String> ended = new ArrayList<>();
    for (OthersRun other :
        jobs("find runs that others left of job " + job)
            .othersRuns(new OthersQuery(workspace, job, holder))) {
      RunResult result =
          jobs("end run " + other.run().runId() + ", left by another promotion")
              .cancelRun(other.run());
      ended.add(
          "run "
              + other.run().runId()
              + " of job "
              + job
              + " in "
              + workspace
              + " was left by "
              + other.promotion()
              + ", which no longer holds the turn; the run was stopped: "
              + result.state());
    }
    return ended;
  }

  /**
   * The same for a caller that goes on in any case: what was in the way is in a line, too. After a
   * cancel it says nothing: what its caller made still has to be known, so that it is put back, and
   * whoever does that looks for runs again.
   */
  List<String> endIfPossible() {
    if (CancellationScope.current().isCancelRequested()) {
      return List.of();
    }
    try {
      return end();
    } catch (TemporalFailure failure) {
      if (CancellationScope.current().isCancelRequested()) {
        return List.of();
      }
      return List.of(
          "runs of job "
              + job
              + " in "
              + workspace
              + " that a promotion may have left could not be ended, so look there: "
              + Failures.line(failure));
    }
  }

  private JobActivities jobs(String summary) {
    return Stubs.quick(JobActivities.class, Queues.of(workspace), retryTimeout, summary);
  }
}
