package dev.portage.copy;

import org.jspecify.annotations.Nullable;

/**
 * What a store was found to be able to do when it is written to. Whole files it takes always.
 *
 * @param way how bytes go, in words for people, as "through the MLflow server"
 * @param parts what holds for uploads in parts, null where there are none
 */
public record WriteAbilities(String way, @Nullable PartLimits parts) {

  /** All of it in a few words. */
  public String shown() {
    return way + (parts == null ? ", whole files" : ", large files in parts");
  }
}
