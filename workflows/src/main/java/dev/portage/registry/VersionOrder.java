package dev.portage.registry;

import dev.portage.candidate.ModelLocation;
import dev.portage.copy.Verify;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A version of a registered model that shall exist once.
 *
 * @param workspace its registry
 * @param model full name there
 * @param location the model it is made of, in the same workspace
 * @param key from workflow id and step; kept in tag {@code portage_key}, by which the version is
 *     found again
 * @param tags further tags, keys without dots
 * @param description shown in the registry
 * @param verify how a version that has files of its own is held against the manifest, null for
 *     {@link Verify#FULL}; the registry of MLflow gives a version none
 * @param registered version, as "7", that the run has registered by itself and named; null for none
 */
public record VersionOrder(
    String workspace,
    String model,
    ModelLocation location,
    String key,
    Map<String, String> tags,
    String description,
    @Nullable Verify verify,
    @Nullable String registered) {

  public VersionOrder {
    tags = Map.copyOf(tags);
  }

  /** A version that Portage makes. */
  public VersionOrder(
      String workspace,
      String model,
      ModelLocation location,
      String key,
      Map<String, String> tags,
      String description,
      @Nullable Verify verify) {
    this(workspace, model, location, key, tags, description, verify, null);
  }

  /** A version whose files are read back whole. */
  public VersionOrder(
      String workspace,
      String model,
      ModelLocation location,
      String key,
      Map<String, String> tags,
      String description) {
    this(workspace, model, location, key, tags, description, null);
  }

  /** How files of the version's own are held against the manifest. */
  public Verify verifyOrFull() {
    return verify == null ? Verify.FULL : verify;
  }
}
