package dev.portage.settings;

import java.util.List;

/**
 * A person whom the platform file lists in groups.
 *
 * @param names the person's names and addresses as they are written there, the listed one first
 * @param groups groups that the person is in
 */
public record ListedPerson(List<String> names, List<String> groups) {

  public ListedPerson {
    names = List.copyOf(names);
    groups = List.copyOf(groups);
  }
}
