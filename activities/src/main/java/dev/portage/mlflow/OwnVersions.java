package dev.portage.mlflow;

import dev.portage.candidate.ModelLocation;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Versions that runs register themselves, for example through {@code log_model(…,
 * registered_model_name=…)}. If one has exactly the files of an order, it is adopted for the order,
 * so that no second version is created. It still belongs to whoever created it: Portage never
 * deletes it.
 */
public final class OwnVersions {
  private static final String READY = "READY";
  private static final String BY_ITSELF = "registered by the run itself";

  private OwnVersions() {}

  /** The tags that take a version for an order, in the order in which they are to be written. */
  public static Map<String, String> tags(VersionOrder order) {
    Map<String, String> tags = new LinkedHashMap<>();
    // Before the key: who finds the version by its key knows then that it is not Portage's.
    tags.put(Tags.FOUND, BY_ITSELF);
    tags.put(Tags.KEY, order.key());
    tags.putAll(order.tags());
    return tags;
  }

  /** Whether a version with these tags was registered by its run. */
  public static boolean isFound(Map<String, String> tags) {
    return tags.containsKey(Tags.FOUND);
  }

  /**
   * Whether a version has the files of an order and belongs to no promotion.
   *
   * @param modelId logged model that the version names, null or empty for none
   */
  public static boolean isOfOrder(
      VersionOrder order,
      String number,
      String source,
      @Nullable String modelId,
      Map<String, String> tags) {
    if (tags.containsKey(Tags.KEY)) {
      return false;
    }
    ModelLocation location = order.location();
    String plain = source.endsWith("/") ? source.substring(0, source.length() - 1) : source;
    return number.equals(order.registered())
        || (location.modelId() != null && location.modelId().equals(modelId))
        || Set.of(
                location.source(),
                location.artifactUri(),
                "runs:/" + location.runId() + "/" + location.path())
            .contains(plain);
  }

  /**
   * The version that the order names, else the last one that the run registered; empty for none.
   */
  static Optional<RegisteredVersion> found(RegisteredModels models, VersionOrder order) {
    return models.versions(order.model()).stream()
        .filter(version -> version.status().equals(READY))
        .filter(version ->
            isOfOrder(
                order, version.version(), version.source(), version.modelId(), version.tags()))
        .max(
            Comparator.comparing(
                    (RegisteredVersion version) -> version.version().equals(order.registered()))
                .thenComparingLong(RegisteredVersion::number));
  }

  static boolean isFound(RegisteredVersion version) {
    return isFound(version.tags());
  }

  /** Writes the order's tags on a version that its run registered, all that are not there yet. */
  static void label(RegisteredModels models, RegisteredVersion version, VersionOrder order) {
    if (version.tags().containsKey(Tags.KEY) && !isFound(version)) {
      return; // Portage made it, with its tags.
    }
    tags(order)
        .forEach((key, value) -> {
          if (!value.equals(version.tags().get(key))) {
            models.tag(version.model(), version.number(), key, value);
          }
        });
  }
}
