package dev.portage.rollback;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.live.LiveState;
import dev.portage.release.Release;
import dev.portage.settings.Station;
import java.util.List;
import java.util.Map;

/**
 * A release that was recorded before releases held the full state: it names the version and, if
 * there was one, the id of the scoring job, whose settings nobody stored.
 */
final class OldRelease {

  private OldRelease() {}

  /**
   * What can be restored of it: the version, where that was all.
   *
   * @throws io.temporal.failure.ApplicationFailure a user error if there was more, since half of it
   *     is worse than nothing
   */
  static List<LiveState> states(Release release, Station target) {
    if (release.jobId() != null) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              "roll back " + target.model() + " to version " + release.version(),
              "workspace " + target.workspace(),
              "that release was recorded by an earlier release of Portage, which did not store the"
                  + " settings of job "
                  + release.jobId(),
              "Nothing was changed. Name a later version with --to, or promote that commit again:"
                  + (release.commit() == null ? "" : " git checkout " + release.commit() + " &&")
                  + " portage start promotion.yaml --again --allow-older --reason TEXT"));
    }
    String last = LiveNow.last().name();
    return List.of(
        new LiveState(
            last, true, release.version(), "version " + release.version(), Map.of(), null));
  }
}
