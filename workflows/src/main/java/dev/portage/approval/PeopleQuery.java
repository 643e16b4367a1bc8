package dev.portage.approval;

import java.util.List;

/**
 * Asks who is who.
 *
 * @param names names and mail addresses, as they were told
 * @param groups groups of the request
 */
public record PeopleQuery(List<String> names, List<String> groups) {

  public PeopleQuery {
    names = List.copyOf(names);
    groups = List.copyOf(groups);
  }
}
