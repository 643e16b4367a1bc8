package dev.portage.release;

import dev.portage.registry.MarkOrder;
import dev.portage.registry.VersionLabels;
import org.jspecify.annotations.Nullable;

/**
 * One thing that follows from a champion that moved. It undoes nothing and may be done again, so it
 * can also be done later. Exactly one of labels, record and mark is there.
 *
 * @param step step of the promotion that it belongs to, as "prod/release"
 * @param what a few words, as "label version 3 of churn in prod"
 * @param live what it tells of. Where a newer release has replaced that, nothing is called live and
 *     no mark moves
 * @param labels tags to write, null when it is something else
 * @param record record to keep, null when it is something else
 * @param mark mark to move, null when it is something else
 */
public record FollowUp(
    String step,
    String what,
    LiveVersion live,
    @Nullable VersionLabels labels,
    @Nullable ReleaseOrder record,
    @Nullable MarkOrder mark) {

  /** Tags on a version. */
  public static FollowUp of(String step, LiveVersion live, VersionLabels labels) {
    return new FollowUp(
        step,
        "label version " + labels.version() + " of " + labels.model() + " in " + labels.workspace(),
        live,
        labels,
        null,
        null);
  }

  /** The record of a release. */
  public static FollowUp of(String step, LiveVersion live, ReleaseOrder record) {
    return new FollowUp(
        step, "record the release in " + live.workspace(), live, null, record, null);
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
        mark);
  }
}
