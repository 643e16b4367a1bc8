package dev.portage.rollback;

import dev.portage.live.LiveState;
import dev.portage.release.Release;
import dev.portage.settings.Station;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The release that a rollback leaves: the one that is live. If an earlier change of what is live
 * was cut off before it was recorded or completed, a rollback to that same version finishes it, and
 * leaves the release that it left.
 *
 * @param live version that is live, null for none
 * @param release of that version; null where none made it live
 * @param cutOff the change that was cut off; null for none
 */
record Leaving(@Nullable String live, @Nullable Release release, WayBack.@Nullable CutOff cutOff) {

  /** Values of the champion that a promotion has written to its version. */
  private static final String DIGEST = "digest";

  private static final String COMMIT = "commit";
  private static final String PROMOTION = "promotion";

  /**
   * Finds it.
   *
   * @param champion the champion as it is
   */
  static Leaving of(WayBack back, LiveState champion, Station target) {
    WayBack.Recorded recorded = back.live();
    return new Leaving(
        champion.version(),
        recorded == null ? unrecorded(champion, target) : recorded.release(),
        confirmed(back.cutOff()));
  }

  /** The release of a promotion that was cut off before it recorded it; null for none. */
  private static @Nullable Release unrecorded(LiveState champion, Station target) {
    String version = champion.version();
    String digest = champion.value(DIGEST);
    String promotion = champion.value(PROMOTION);
    return version == null || digest == null || promotion == null
        ? null
        : Release.of(
                promotion,
                target.workspace(),
                target.model(),
                version,
                digest,
                Instant.ofEpochMilli(Workflow.currentTimeMillis()))
            .commit(champion.value(COMMIT))
            .build();
  }

  /** A rollback that is recorded was completed, unless it was terminated. */
  private static WayBack.@Nullable CutOff confirmed(WayBack.@Nullable CutOff cutOff) {
    String rollback = cutOff == null ? null : cutOff.rollback();
    return rollback == null || OneRollback.wasCutOff(rollback) ? cutOff : null;
  }

  /** Whether going back to a release finishes what was cut off. */
  boolean finishes(Release chosen) {
    return cutOff != null && chosen.version().equals(live);
  }

  /** The release that going back to another one leaves; null for none. */
  @Nullable Release by(Release chosen) {
    if (!chosen.version().equals(live)) {
      return release;
    }
    return cutOff == null ? null : cutOff.left();
  }

  /** What people should know of it, a line each. */
  List<String> remarks(Release chosen, String model) {
    List<String> remarks = new ArrayList<>();
    WayBack.CutOff cut = cutOff;
    if (cut != null && finishes(chosen)) {
      remarks.add(
          (cut.rollback() == null
                  ? "the log still says that version "
                      + cut.left().version()
                      + " is live: what made version "
                      + live
                      + " live again was not recorded"
                  : cut.rollback() + " was terminated before it had completed")
              + ", so this rollback finishes it");
    } else if (cut != null) {
      remarks.add(
          "version "
              + cut.left().version()
              + " was left before, and that was not recorded completely: portage rollback "
              + model
              + " --to "
              + live
              + " would finish it");
    }
    Release left = by(chosen);
    if (left != null) {
      remarks.add(
          "version "
              + left.version()
              + " is quarantined: it is promoted again only after portage lift "
              + model
              + " v"
              + left.version()
              + " --workspace "
              + left.workspace()
              + " --reason TEXT");
    } else if (chosen.version().equals(live)) {
      remarks.add(
          "version "
              + live
              + " is live and stays so: this puts back what is not as it was released; nothing is"
              + " quarantined, and no predictions are removed");
    } else {
      remarks.add("what is live was never released, so nothing is quarantined");
    }
    return remarks;
  }
}
