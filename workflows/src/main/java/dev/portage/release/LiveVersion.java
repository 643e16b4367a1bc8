package dev.portage.release;

import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;

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

  /** Asks who is champion there now. */
  ModelQuery query() {
    return new ModelQuery(workspace, model, marking);
  }
}
