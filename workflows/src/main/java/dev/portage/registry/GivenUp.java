package dev.portage.registry;

import java.util.List;

/**
 * What became of an abandoned order.
 *
 * @param removed numbers of its versions that were not finished, lowest first; they are gone
 * @param finished numbers of those that were, lowest first; they stay
 */
public record GivenUp(List<String> removed, List<String> finished) {

  public GivenUp {
    removed = List.copyOf(removed);
    finished = List.copyOf(finished);
  }
}
