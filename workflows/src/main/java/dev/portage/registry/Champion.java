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
 */
public record Champion(
    ModelVersion version,
    Map<String, Double> metrics,
    @Nullable String commit,
    @Nullable String digest,
    @Nullable String promotion) {

  public Champion {
    metrics = Map.copyOf(metrics);
  }
}
