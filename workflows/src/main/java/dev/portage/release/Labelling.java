package dev.portage.release;

import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionLabels;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Labels a version that went live, between two looks at who is champion: what a newer release has
 * replaced meanwhile is not called live.
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
    boolean live = isLive.test(version);
    writing.labelVersion(live ? labels : superseded(labels));
    if (live && !isLive.test(version)) {
      live = false;
      writing.labelVersion(superseded(labels));
    }
    return "version "
        + labels.version()
        + " is labelled"
        + (live ? "" : " as superseded by a newer release");
  }

  /** It was live, which is worth knowing, and is not any more. */
  private static VersionLabels superseded(VersionLabels labels) {
    Map<String, String> tags = new HashMap<>(labels.tags());
    tags.replace(Tags.RELEASE, Tags.SUPERSEDED);
    return new VersionLabels(labels.workspace(), labels.model(), labels.version(), tags);
  }
}
