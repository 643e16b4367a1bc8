package dev.portage.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one version.
 *
 * @param workspace its registry
 * @param model full name there
 * @param version the version, as "7"; an alias or a stage only where that is said
 * @param metrics metrics that gates look at, which are told in any case; null for none
 */
public record VersionQuery(
    String workspace, String model, String version, @Nullable List<String> metrics) {

  public VersionQuery {
    metrics = metrics == null ? null : List.copyOf(metrics);
  }

  /** Asks without caring for metrics. */
  public VersionQuery(String workspace, String model, String version) {
    this(workspace, model, version, null);
  }
}
