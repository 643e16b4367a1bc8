package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.Tags;
import dev.portage.release.RecordQuery;
import dev.portage.release.ReleaseActivities;
import dev.portage.temporal.Queues;
import java.time.Duration;

/**
 * Whether a promotion was already live, in a run of the workflow that someone has reset. The
 * version's own label says so. If the label could not be written, or an earlier release wrote none,
 * the record in the run does: it is written once the champion has moved.
 */
final class ReleasedBefore {

  private ReleasedBefore() {}

  /** Reads a version and, if it says nothing, the record with the model. */
  static boolean isRecorded(ModelVersion version, String promotion, Duration timeout) {
    if (Tags.recordRelease(version.tags())) {
      return true;
    }
    String run = version.runId();
    return run != null
        && isRecorded(
            new RecordQuery(version.workspace(), run), promotion, version.version(), timeout);
  }

  /** Reads the record with a version's model. */
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
