package dev.portage.release;

import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.VersionQuery;

/**
 * A version that a promotion made the champion of a workspace. A newer release may have replaced it
 * since.
 *
 * @param workspace where
 * @param model full name there
 * @param marking how that registry marks its champion
 * @param version the version
 */
public record LiveVersion(String workspace, String model, Marking marking, String version) {

  /** Reads the current champion there. */
  ModelQuery query() {
    return new ModelQuery(workspace, model, marking);
  }

  /** Reads the version itself. */
  VersionQuery versionQuery() {
    return new VersionQuery(workspace, model, version);
  }

  /** Whether the version, as it is now, is marked as the champion. */
  boolean isLive(ModelVersion now) {
    return switch (marking) {
      case ALIASES -> now.aliases().contains(marking.live());
      case STAGES -> marking.live().equals(now.stage());
    };
  }
}
