package dev.portage.platform;

import dev.portage.approval.People;
import dev.portage.approval.PeopleActivities;
import dev.portage.approval.PeopleQuery;
import dev.portage.identity.Aliases;
import dev.portage.settings.ListedPerson;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who is who, according to the platform file at the time of a decision. */
public final class PlatformPeople implements PeopleActivities {

  private static final int MOST_LISTED = 100;

  private final PlatformSource source;

  /** Reads this platform file anew for each query. */
  public PlatformPeople(PlatformSource source) {
    this.source = source;
  }

  @Override
  public People people(PeopleQuery query) {
    Platform platform = source.platform();
    Aliases aliases = Aliases.of(platform.people());
    Map<String, String> persons = new HashMap<>();
    query.names().forEach(name -> persons.put(name, aliases.personOf(name)));
    Map<String, List<String>> members = new HashMap<>();
    Map<String, Integer> sizes = new HashMap<>();
    Map<String, List<String>> named = new HashMap<>();
    for (String group : groups(query, platform)) {
      List<String> listed = platform.groups().get(group);
      if (listed != null) {
        Set<String> people = new HashSet<>();
        listed.forEach(name -> people.add(aliases.personOf(name)));
        members.put(
            group,
            query.names().stream().filter(name -> people.contains(persons.get(name))).toList());
        sizes.put(group, people.size());
        named.put(
            group,
            listed.stream()
                .filter(name -> !persons.containsValue(aliases.personOf(name)))
                .limit(People.NAMED)
                .toList());
      }
    }
    return new People(persons, members, sizes, named);
  }

  /**
   * Everyone who is listed in a group, with all of their names; empty where they are more than a
   * promotion's settings should carry, and so hardly all barred.
   */
  static Optional<List<ListedPerson>> listed(Platform platform) {
    Aliases aliases = Aliases.of(platform.people());
    Map<String, Set<String>> names = new LinkedHashMap<>();
    Map<String, Set<String>> groups = new HashMap<>();
    platform
        .groups()
        .forEach((group, members) ->
            members.forEach(name -> {
              String person = aliases.personOf(name);
              names.computeIfAbsent(person, none -> new LinkedHashSet<>()).add(name);
              groups.computeIfAbsent(person, none -> new TreeSet<>()).add(group);
            }));
    if (names.size() > MOST_LISTED) {
      return Optional.empty();
    }
    platform
        .people()
        .forEach((person, others) -> {
          Set<String> all = names.get(aliases.personOf(person));
          if (all != null) {
            all.add(person);
            all.addAll(others);
          }
        });
    return Optional.of(
        names.entrySet().stream()
            .map(one ->
                new ListedPerson(
                    List.copyOf(one.getValue()),
                    List.copyOf(groups.getOrDefault(one.getKey(), Set.of()))))
            .toList());
  }

  /**
   * Groups to report. A group that lists nobody accepts anyone who is listed at all, so then every
   * group counts.
   */
  private static Set<String> groups(PeopleQuery query, Platform platform) {
    Set<String> groups = new LinkedHashSet<>(query.groups());
    if (!platform.groups().keySet().containsAll(groups)) {
      groups.addAll(platform.groups().keySet());
    }
    return groups;
  }
}
