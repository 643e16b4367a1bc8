package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.Tags;
import dev.portage.release.RecordQuery;
import dev.portage.release.ReleaseActivities;
import dev.portage.temporal.Changes;
import dev.portage.temporal.Queues;
import java.time.Duration;

/**
 * Whether a promotion was live before, in a run of the workflow that somebody has reset. The
 * version's own label says it. Where the label could not be written, or an earlier release wrote
 * none, the record in the run says it: it is written once the champion has moved.
 */
final class ReleasedBefore {

  private ReleasedBefore() {}

  /**
   * Looks at a version, and where it says nothing at the record beside the model.
   *
   * @param where what asks, for its place in history: a step, or a workspace
   */
  static boolean isRecorded(
      ModelVersion version, String promotion, Duration timeout, String where) {
    if (Tags.recordRelease(version.tags())) {
      return true;
    }
    String run = version.runId();
    return run != null
        && Changes.made(Changes.RECORDS_TELL_RELEASES + "/" + where + "/" + version.version())
        && isRecorded(
            new RecordQuery(version.workspace(), run), promotion, version.version(), timeout);
  }

  /** Looks at the record beside a version's model. */
  static boolean isRecorded(
      RecordQuery record, String promotion, String version, Duration timeout) {
    return Stubs.quick(
            ReleaseActivities.class,
            Queues.of(record.workspace()),
            timeout,
            "look for a release record of version " + version)
        .recorded(record)
        .filter(release -> release.isOf(promotion, record.workspace(), version))
        .isPresent();
  }
}
