package dev.portage.registry;

import java.util.List;

/**
 * The one version of an order.
 *
 * @param kept the one that is left
 * @param removed the duplicates that were removed, each in words for people; mostly empty
 */
public record SettledVersion(ModelVersion kept, List<String> removed) {

  public SettledVersion {
    removed = List.copyOf(removed);
  }
}
