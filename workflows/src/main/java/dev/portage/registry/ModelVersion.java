package dev.portage.registry;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The current state of a version of a registered model.
 *
 * @param workspace its registry
 * @param model full name there
 * @param version such as "7"
 * @param runId run that it names, null when it names none
 * @param stage {@code None}, {@code Staging}, {@code Production} or {@code Archived}; null where
 *     there are no stages
 * @param aliases names that point at it
 * @param tags all of its tags
 * @param page where people see it, null when unknown
 */
public record ModelVersion(
    String workspace,
    String model,
    String version,
    @Nullable String runId,
    @Nullable String stage,
    List<String> aliases,
    Map<String, String> tags,
    @Nullable URI page) {

  public ModelVersion {
    aliases = List.copyOf(aliases);
    tags = Map.copyOf(tags);
  }
}
