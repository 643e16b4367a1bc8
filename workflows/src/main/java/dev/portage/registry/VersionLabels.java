package dev.portage.registry;

import java.util.Map;

/**
 * Tags to set on a version.
 *
 * @param workspace its registry
 * @param model full name there
 * @param version the version
 * @param tags keys without dots
 */
public record VersionLabels(
    String workspace, String model, String version, Map<String, String> tags) {

  public VersionLabels {
    tags = Map.copyOf(tags);
  }
}
