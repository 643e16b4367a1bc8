package dev.portage.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query for one version.
 *
 * @param workspace its registry
 * @param model full name there
 * @param version the version, such as "7"; an alias or a stage only where documented
 * @param metrics metrics that gates use, which are always included; null for none
 */
public record VersionQuery(
    String workspace, String model, String version, @Nullable List<String> metrics) {

  public VersionQuery {
    metrics = metrics == null ? null : List.copyOf(metrics);
  }

  /** A query without metrics. */
  public VersionQuery(String workspace, String model, String version) {
    this(workspace, model, version, null);
  }
}
