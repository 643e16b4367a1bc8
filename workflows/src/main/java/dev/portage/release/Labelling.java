package dev.portage.release;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.ReleasedQuery;
import dev.portage.registry.ReleasedVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionLabels;
import io.temporal.failure.TemporalFailure;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Labels a version that went live, between two looks at who is champion: what a newer release has
 * replaced meanwhile is not called live. Afterwards no other version of the model says that it is,
 * whatever left it so: a call without a response, a promotion that ended between two labels,
 * somebody who archived it.
 */
final class Labelling {

  private final Predicate<LiveVersion> isLive;
  private final RegistryActivities writing;

  /** Looks by one, and writes by the other. */
  Labelling(Predicate<LiveVersion> isLive, RegistryActivities writing) {
    this.isLive = isLive;
    this.writing = writing;
  }

  /**
   * Writes the labels.
   *
   * @return what was done, in one line
   */
  String write(VersionLabels labels, LiveVersion version) {
    if (!labels.version().equals(version.version())) {
      return writeFormer(labels, version);
    }
    boolean live = isLive.test(version);
    writing.labelVersion(live ? labels : superseded(labels));
    if (live && !isLive.test(version)) {
      live = false;
      writing.labelVersion(superseded(labels));
    }
    return "version "
        + labels.version()
        + " is labelled"
        + (live ? "" : " as superseded by a newer release")
        + others(labels, version);
  }

  /** Relabels every other version that says that it is live and is not; says which, if any. */
  private String others(VersionLabels labels, LiveVersion version) {
    StringBuilder relabelled = new StringBuilder();
    for (ReleasedVersion other :
        writing.releasedVersions(new ReleasedQuery(labels.workspace(), labels.model()))) {
      if (other.saysLive() && !other.version().equals(labels.version())) {
        relabelled
            .append("; ")
            .append(
                writeFormer(
                    new VersionLabels(
                        labels.workspace(),
                        labels.model(),
                        other.version(),
                        Map.of(Tags.RELEASE, Tags.SUPERSEDED)),
                    version));
      }
    }
    return relabelled.toString();
  }

  /**
   * Of the version that was live before: only where it says that it is, since one that no promotion
   * released says nothing, and only where it is not live once more.
   */
  private String writeFormer(VersionLabels labels, LiveVersion version) {
    String what = "version " + labels.version();
    LiveVersion former =
        new LiveVersion(labels.workspace(), labels.model(), version.marking(), labels.version());
    ModelVersion now;
    try {
      now = writing.version(former.versionQuery());
    } catch (TemporalFailure failure) {
      if (Failures.problemOf(failure, "read " + what, labels.workspace()).kind()
          == FailureKind.USER) {
        return what + ", which was live before, is gone";
      }
      throw failure;
    }
    if (!Tags.LIVE.equals(now.tags().get(Tags.RELEASE)) || former.isLive(now)) {
      return what + " needs no other label";
    }
    writing.labelVersion(labels);
    return what + " is labelled as superseded";
  }

  /** It was live, which is worth knowing, and is not any more. */
  private static VersionLabels superseded(VersionLabels labels) {
    Map<String, String> tags = new HashMap<>(labels.tags());
    tags.replace(Tags.RELEASE, Tags.SUPERSEDED);
    return new VersionLabels(labels.workspace(), labels.model(), labels.version(), tags);
  }
}
