package dev.portage.approval;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who is who, as read when a decision was applied. It contains only the part of the platform file
 * that was requested.
 *
 * @param persons the person behind each requested name, as people are compared
 * @param members of each group that people are listed for, those of the names that are in it
 * @param sizes number of people of each of these groups
 * @param named for messages: for each of these groups, the first listed people who were not
 *     requested; null in what earlier releases wrote
 */
public record People(
    Map<String, String> persons,
    Map<String, List<String>> members,
    Map<String, Integer> sizes,
    @Nullable Map<String, List<String>> named) {

  /** People of one group that are kept to be named. */
  public static final int NAMED = Needed.SHOWN + 1;

  /** No names were requested. */
  public static final People NOBODY = new People(Map.of(), Map.of(), Map.of(), null);

  public People {
    persons = Map.copyOf(persons);
    members = Map.copyOf(members);
    sizes = Map.copyOf(sizes);
    named = named == null ? null : Map.copyOf(named);
  }

  /** The person behind a name; the name itself if it was not requested. */
  String personOf(String name) {
    return persons.getOrDefault(name, name);
  }

  /** Whether two names are one person's. */
  boolean same(String one, String other) {
    return personOf(one).equals(personOf(other));
  }

  /** Whether people are listed for a group. */
  boolean lists(String group) {
    return members.containsKey(group);
  }

  /** Whether people are listed for any group. */
  boolean listsAnybody() {
    return !members.isEmpty();
  }

  /** Whether a name is listed in a group. */
  boolean isListed(String group, String name) {
    return members.getOrDefault(group, List.of()).contains(name);
  }

  /** Groups that a name is listed in, in the order of their names. */
  List<String> groupsOf(String name) {
    Set<String> groups = new TreeSet<>();
    members.forEach((group, names) -> {
      if (names.contains(name)) {
        groups.add(group);
      }
    });
    return List.copyOf(groups);
  }

  /** Others in a group, as they are listed; empty where they are not known. */
  List<String> namedIn(String group) {
    return named == null ? List.of() : named.getOrDefault(group, List.of());
  }

  /** Number of people of a group; beyond all numbers where nobody is listed. */
  int sizeOf(String group) {
    return sizes.getOrDefault(group, Integer.MAX_VALUE);
  }
}
