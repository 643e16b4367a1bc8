package dev.portage.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query for the versions of a registered model that were released.
 *
 * @param workspace its registry
 * @param model full name there
 * @param named versions to look at in any case, where a registry lists no tags and so only the
 *     newest versions are looked at; null for none
 */
public record ReleasedQuery(String workspace, String model, @Nullable List<String> named) {

  public ReleasedQuery {
    named = named == null ? null : List.copyOf(named);
  }

  /** About all versions. */
  public ReleasedQuery(String workspace, String model) {
    this(workspace, model, null);
  }
}
