package dev.portage.release;

import dev.portage.job.JobResume;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.VersionLabels;
import dev.portage.scoring.PublishOrder;
import org.jspecify.annotations.Nullable;

/**
 * One thing to do once a champion has moved. It undoes nothing and is idempotent, so it can be done
 * later. Exactly one of labels, record, mark, publish, back and resume is set.
 *
 * @param step step of the promotion that it belongs to, such as "prod/release"
 * @param what a few words, such as "label version 3 of churn in prod"
 * @param live the release it is about. If a newer release has replaced that, nothing is labelled
 *     live and no mark moves
 * @param labels tags to write, otherwise null
 * @param record record to store, otherwise null
 * @param mark mark to move, otherwise null
 * @param publish predictions to make visible, otherwise null; also null from an older writer
 * @param back what follows from a rollback alone, otherwise null; also null from an older writer
 * @param resume job to let start by itself again, otherwise null; also null from an older writer
 */
public record FollowUp(
    String step,
    String what,
    LiveVersion live,
    @Nullable VersionLabels labels,
    @Nullable ReleaseOrder record,
    @Nullable MarkOrder mark,
    @Nullable PublishOrder publish,
    @Nullable GoingBack back,
    @Nullable JobResume resume) {

  private FollowUp(
      String step,
      String what,
      LiveVersion live,
      @Nullable VersionLabels labels,
      @Nullable ReleaseOrder record,
      @Nullable MarkOrder mark,
      @Nullable PublishOrder publish,
      @Nullable GoingBack back) {
    this(step, what, live, labels, record, mark, publish, back, null);
  }

  private FollowUp(String step, String what, LiveVersion live, JobResume resume) {
    this(step, what, live, null, null, null, null, null, resume);
  }

  /** A scoring job that was paused until the champion moved. */
  public static FollowUp of(String step, LiveVersion live, JobResume resume) {
    return new FollowUp(
        step, "resume job " + resume.jobId() + " in " + resume.workspace(), live, resume);
  }

  /** Predictions that are not visible yet. */
  public static FollowUp of(String step, LiveVersion live, PublishOrder publish) {
    return new FollowUp(
        step,
        "publish batch " + publish.batchId() + " in " + publish.live(),
        live,
        null,
        null,
        null,
        publish,
        null);
  }

  /** Tags on a version. */
  public static FollowUp of(String step, LiveVersion live, VersionLabels labels) {
    return new FollowUp(
        step,
        "label version " + labels.version() + " of " + labels.model() + " in " + labels.workspace(),
        live,
        labels,
        null,
        null,
        null,
        null);
  }

  /** The record of a release. */
  public static FollowUp of(String step, LiveVersion live, ReleaseOrder record) {
    return new FollowUp(
        step, "record the release in " + live.workspace(), live, null, record, null, null, null);
  }

  /** A mark in another workspace that follows the champion. */
  public static FollowUp of(String step, LiveVersion live, MarkOrder mark) {
    return new FollowUp(
        step,
        mark.mark()
            + " of "
            + mark.model()
            + " in "
            + mark.workspace()
            + " becomes version "
            + mark.version(),
        live,
        null,
        null,
        mark,
        null,
        null);
  }

  /**
   * What follows from a rollback alone.
   *
   * @param what a few words
   */
  public static FollowUp of(String step, LiveVersion live, String what, GoingBack back) {
    return new FollowUp(step, what, live, null, null, null, null, back);
  }
}
