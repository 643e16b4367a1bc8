package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.failure.Failures;
import dev.portage.job.JobActivities;
import dev.portage.job.JobChange;
import dev.portage.job.JobState;
import dev.portage.job.JobUndo;
import dev.portage.job.UndoResult;
import dev.portage.plan.Planner;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import org.jspecify.annotations.Nullable;

/**
 * What a hop changed about the scoring job, until the champion moves or the job is restored. If
 * someone else has changed it in the meantime, a person decides.
 */
final class JobRestore {

  private final Journey journey;
  private final Station target;
  private final LiveReader live;
  private @Nullable JobChange change;

  JobRestore(Journey journey, Station target, LiveReader live) {
    this.journey = journey;
    this.target = target;
    this.live = live;
  }

  /** Notes what became of the job. */
  void changed(JobChange made) {
    change = made;
  }

  /** What became of the job, null when nothing did. */
  @Nullable JobChange change() {
    return change;
  }

  /** Whether there is something to restore. */
  boolean isPending() {
    return change != null && change.effect() != JobChange.Effect.UNCHANGED;
  }

  /**
   * Restores it, and reports what is live then; also after a cancel. What can't be restored is
   * reported, and retried before the hop changes anything else.
   */
  void restore() {
    JobChange made = change;
    if (made == null || !isPending()) {
      return;
    }
    Workflow.newDetachedCancellationScope(
            () -> {
              try {
                UndoResult undone =
                    Stubs.quick(
                            JobActivities.class,
                            Queues.of(target.workspace()),
                            journey.settings().retryTimeout(),
                            "restore job " + made.now().jobId())
                        .undoJob(new JobUndo(target.workspace(), made, journey.turns().inHand()));
                change = null;
                journey.progress().notice(undone.text());
              } catch (TemporalFailure failure) {
                leftAlone(made, "could not be restored", Failures.line(failure));
              }
              reportLive();
            })
        .run();
  }

  /** Says that it stays as the hop made it, and why a person has to look. */
  void leaveInPlace(String why) {
    JobChange made = change;
    if (made != null && isPending()) {
      leftAlone(made, "was not restored", why);
    }
  }

  private void leftAlone(JobChange made, String what, String why) {
    journey
        .progress()
        .notice(
            "job "
                + made.now().jobId()
                + " in "
                + target.workspace()
                + " "
                + what
                + "; check it: "
                + why);
  }

  private void reportLive() {
    try {
      journey
          .progress()
          .notice("live in " + target.workspace() + " now: " + describe(live.nowWithoutWaiting()));
    } catch (TemporalFailure failure) {
      journey
          .progress()
          .notice(
              "what is live in "
                  + target.workspace()
                  + " now could not be read: "
                  + Failures.line(failure));
    }
  }

  private String describe(Planner.Now now) {
    String champion = now.championVersion();
    JobState job = now.job();
    return target.marking().live()
        + " of "
        + target.model()
        + " is "
        + (champion == null ? "no version" : "version " + champion)
        + ", "
        + (job == null
            ? "there is no scoring job"
            : "job "
                + job.jobId()
                + " scores with "
                + (job.modelVersion() == null
                    ? "an unnamed version"
                    : "version " + job.modelVersion()));
  }
}
