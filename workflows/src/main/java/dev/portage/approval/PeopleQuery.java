package dev.portage.approval;

import java.util.List;

/**
 * A query about who is who.
 *
 * @param names names and mail addresses, as given
 * @param groups groups of the request
 */
public record PeopleQuery(List<String> names, List<String> groups) {

  public PeopleQuery {
    names = List.copyOf(names);
    groups = List.copyOf(groups);
  }
}
