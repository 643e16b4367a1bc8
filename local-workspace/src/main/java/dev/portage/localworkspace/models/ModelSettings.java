package dev.portage.localworkspace.models;

import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.blobs.BlobSettings;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    PRESIGNED,
    /** By vended credentials of the cloud: storage of the customer. */
    VENDED
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

  /**
   * Checks that there is a store whose credentials can be vended.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static void checkVends(@Nullable ArtifactSettings artifacts) {
    if (artifacts == null || artifacts.store() instanceof BlobSettings.Gcs) {
      throw new IllegalArgumentException(
          "Models with vended credentials need 'artifacts' of kind adls, azure or s3");
    }
  }
}
