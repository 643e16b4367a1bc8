package dev.portage.registry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The version that is live in a workspace.
 *
 * @param version the version
 * @param metrics last values of its run; empty when it has no run
 * @param commit commit that its tags or its run name, null when unknown
 * @param digest manifest digest that its tags name, null when unknown
 * @param promotion promotion that made it, null when it came another way
 * @param versions numbers of all versions of its model, such as "1–4, 6", only to be shown; null
 *     unless requested, and if they can't be listed
 */
public record Champion(
    ModelVersion version,
    Map<String, Double> metrics,
    @Nullable String commit,
    @Nullable String digest,
    @Nullable String promotion,
    @Nullable String versions) {

  public Champion {
    metrics = Map.copyOf(metrics);
  }

  /** One that doesn't say which other versions exist. */
  public Champion(
      ModelVersion version,
      Map<String, Double> metrics,
      @Nullable String commit,
      @Nullable String digest,
      @Nullable String promotion) {
    this(version, metrics, commit, digest, promotion, null);
  }

  /** The same, with the numbers of all versions of its model. */
  public Champion among(@Nullable String all) {
    return new Champion(version, metrics, commit, digest, promotion, all);
  }
}
