package dev.portage.promotion;

import dev.portage.activity.LostAnswers;
import dev.portage.activity.Stubs;
import dev.portage.failure.Failures;
import dev.portage.job.JobActivities;
import dev.portage.job.JobChange;
import dev.portage.job.JobDuplicates;
import dev.portage.job.JobOrder;
import dev.portage.job.JobQuery;
import dev.portage.job.JobState;
import dev.portage.live.JobDuplicateCheck;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.TemporalFailure;
import io.temporal.failure.TimeoutFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the scoring job of a hop into its required state: creates it, or resets it to the new
 * version.
 */
final class ScoringJob {

  private final Journey journey;
  private final Station target;

  ScoringJob(Journey journey, Station target) {
    this.journey = journey;
    this.target = target;
  }

  /**
   * Brings the job into the ordered state. If there is no response, it reads whether that was done.
   *
   * @param seen the job as read before, null for none
   * @param changed called with what became of the job, so that it can be restored
   */
  JobChange apply(JobOrder order, @Nullable JobState seen, Consumer<JobChange> changed) {
    CancellationScope.throwCanceled();
    long began = Workflow.currentTimeMillis();
    remember(order, null);
    try {
      JobChange change =
          Stubs.quick(
                  JobActivities.class,
                  queue(),
                  journey.settings().retryTimeout(),
                  "create or reset job " + order.name())
              .applyJob(order);
      remember(order, change);
      changed.accept(change);
      return change;
    } catch (TemporalFailure failure) {
      Workflow.newDetachedCancellationScope(() -> lookAtJob(order, seen, began, changed)).run();
      throw failure;
    }
  }

  private void remember(JobOrder order, @Nullable JobChange change) {
    journey
        .deduplication()
        .remember(
            new JobDuplicateCheck(
                queue(),
                new JobDuplicates(
                    order.workspace(),
                    order.name(),
                    order.model(),
                    order.promotion(),
                    order.key(),
                    change == null ? null : change.now().jobId(),
                    change == null ? null : change.undoUri())));
  }

  /** Whether the change was made anyway. The job itself records whose it is and what was before. */
  private void lookAtJob(
      JobOrder order, @Nullable JobState seen, long began, Consumer<JobChange> changed) {
    JobActivities jobs =
        Stubs.afterwards(
            JobActivities.class,
            queue(),
            journey.settings().retryTimeout(),
            "check whether it changed: job " + order.name());
    JobQuery query =
        new JobQuery(order.workspace(), order.name(), order.model(), order.promotion());
    try {
      LostAnswers.lookFor(
              began,
              () ->
                  jobs.findJob(query)
                      .filter(job -> seen == null || !seen.settingsHash().equals(job.lastingHash()))
                      .filter(job -> order.modelVersion().equals(job.modelVersion()))
                      .flatMap(JobState::change))
          .ifPresent(changed);
    } catch (TemporalFailure blind) {
      notKnown(order, blind);
      // Whoever cancelled because no worker is running doesn't have to wait for one.
      if (!wasTakenByNobody(blind)) {
        changed.accept(
            new JobChange(
                seen == null ? JobState.of(0, order.name(), "").build() : seen,
                JobChange.Effect.NOT_KNOWN,
                null,
                null));
      }
    }
  }

  private static boolean wasTakenByNobody(TemporalFailure failure) {
    return failure.getCause() instanceof TimeoutFailure timeout
        && timeout.getTimeoutType() == TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START;
  }

  private void notKnown(JobOrder order, TemporalFailure blind) {
    journey
        .progress()
        .notice(
            "whether job "
                + order.name()
                + " in "
                + target.workspace()
                + " was changed is not known; look there: "
                + Failures.line(blind));
  }

  private String queue() {
    return Queues.of(target.workspace());
  }
}
