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
 */
public record ModelQuery(
    String workspace, String model, Marking marking, @Nullable List<String> metrics) {

  public ModelQuery {
    metrics = metrics == null ? null : List.copyOf(metrics);
  }

  /** Asks without caring for metrics. */
  public ModelQuery(String workspace, String model, Marking marking) {
    this(workspace, model, marking, null);
  }
}
