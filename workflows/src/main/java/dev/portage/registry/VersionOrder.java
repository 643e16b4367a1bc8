package dev.portage.registry;

import dev.portage.candidate.ModelLocation;
import java.util.Map;

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
 */
public record VersionOrder(
    String workspace,
    String model,
    ModelLocation location,
    String key,
    Map<String, String> tags,
    String description) {

  public VersionOrder {
    tags = Map.copyOf(tags);
  }
}
