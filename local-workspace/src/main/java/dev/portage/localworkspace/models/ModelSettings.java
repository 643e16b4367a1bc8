package dev.portage.localworkspace.models;

import java.util.Set;

/**
 * The models in Unity Catalog.
 *
 * @param schemas the schemas that there are, such as {@code main.ml}
 * @param storage how the files of a version are read and written
 */
public record ModelSettings(Set<String> schemas, Storage storage) {
  /** How files are read and written. */
  public enum Storage {
    /** By the Files API alone. */
    FILES,
    /** By signed URLs of the Files API: default storage. */
    PRESIGNED
  }

  /** Checks the names of the schemas. */
  public ModelSettings {
    for (String schema : schemas) {
      if (!schema.matches("[\\w-]+\\.[\\w-]+")) {
        throw new IllegalArgumentException(
            "A schema must be named <catalog>.<schema>, not '" + schema + "'");
      }
    }
    schemas = Set.copyOf(schemas);
  }
}
