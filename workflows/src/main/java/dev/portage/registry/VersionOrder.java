package dev.portage.registry;

import dev.portage.candidate.ModelLocation;
import dev.portage.copy.Verify;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Order to create exactly one version of a registered model.
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
 * @param registered version, such as "7", that the run has registered itself and named; null for
 *     none
 * @param made number of the version that was made for it, null while none is known; it is the one
 *     that stays, and is found by its number where a search is behind
 * @param formerKey key by which an earlier release may have made the same version, null for none
 */
public record VersionOrder(
    String workspace,
    String model,
    ModelLocation location,
    String key,
    Map<String, String> tags,
    String description,
    @Nullable Verify verify,
    @Nullable String registered,
    @Nullable String made,
    @Nullable String formerKey) {

  public VersionOrder {
    tags = Map.copyOf(tags);
  }

  /** A version of which nothing is known yet, unless the run registered it itself. */
  public VersionOrder(
      String workspace,
      String model,
      ModelLocation location,
      String key,
      Map<String, String> tags,
      String description,
      @Nullable Verify verify,
      @Nullable String registered) {
    this(workspace, model, location, key, tags, description, verify, registered, null, null);
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

  /** The same order, of which is known what was made for it. */
  public VersionOrder madeAs(String version) {
    return toBuilder().made(version).build();
  }

  /** The same order, which an earlier release may have carried out by another key. */
  public VersionOrder formerly(@Nullable String otherKey) {
    return toBuilder().formerKey(otherKey).build();
  }

  /** Whether something with these tags was made for it. */
  public boolean isFor(Map<String, String> tagsOfOne) {
    String bears = tagsOfOne.get(Tags.KEY);
    return key.equals(bears) || (bears != null && bears.equals(formerKey));
  }

  /** How files of the version's own are held against the manifest. */
  public Verify verifyOrFull() {
    return verify == null ? Verify.FULL : verify;
  }

  /** This one, to be changed. */
  private Builder toBuilder() {
    Builder builder = new Builder(workspace, model, location, key, tags, description);
    builder.verify = verify;
    builder.registered = registered;
    builder.made = made;
    builder.formerKey = formerKey;
    return builder;
  }

  /** Fills in the components by name. */
  private static final class Builder {
    private final String workspace;
    private final String model;
    private final ModelLocation location;
    private final String key;
    private final Map<String, String> tags;
    private final String description;
    private @Nullable Verify verify;
    private @Nullable String registered;
    private @Nullable String made;
    private @Nullable String formerKey;

    private Builder(
        String workspace,
        String model,
        ModelLocation location,
        String key,
        Map<String, String> tags,
        String description) {
      this.workspace = workspace;
      this.model = model;
      this.location = location;
      this.key = key;
      this.tags = tags;
      this.description = description;
    }

    /**
     * Number of the version that was made for it, null while none is known; it is the one that
     * stays, and is found by its number where a search is behind.
     */
    Builder made(@Nullable String made) {
      this.made = made;
      return this;
    }

    /** Key by which an earlier release may have made the same version, null for none. */
    Builder formerKey(@Nullable String formerKey) {
      this.formerKey = formerKey;
      return this;
    }

    /** What was filled in. */
    VersionOrder build() {
      return new VersionOrder(
          workspace, model, location, key, tags, description, verify, registered, made, formerKey);
    }
  }
}
