package dev.portage.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query about a registered model.
 *
 * @param workspace its registry
 * @param model full name there
 * @param marking how that registry marks its champion
 * @param metrics metrics that gates use, which are always included; null for none
 * @param withVersions true to list the numbers of all versions too, to be shown; otherwise null
 */
public record ModelQuery(
    String workspace,
    String model,
    Marking marking,
    @Nullable List<String> metrics,
    @Nullable Boolean withVersions) {

  public ModelQuery {
    metrics = metrics == null ? null : List.copyOf(metrics);
  }

  /** A query without metrics. */
  public ModelQuery(String workspace, String model, Marking marking) {
    this(workspace, model, marking, null, null);
  }

  /** The same, with these metrics included in any case. */
  public ModelQuery caringFor(List<String> wanted) {
    return new ModelQuery(workspace, model, marking, wanted, withVersions);
  }

  /** The same, with the numbers of all versions. */
  public ModelQuery andVersions() {
    return new ModelQuery(workspace, model, marking, metrics, true);
  }
}
