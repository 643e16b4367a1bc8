package dev.portage.platform;

import dev.portage.approval.People;
import dev.portage.approval.PeopleActivities;
import dev.portage.approval.PeopleQuery;
import dev.portage.identity.Aliases;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who is who, by the platform file as it is when somebody decides. */
public final class PlatformPeople implements PeopleActivities {

  private final PlatformSource source;

  /** Reads this platform file, anew for each question. */
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
    for (String group : groups(query, platform)) {
      List<String> listed = platform.groups().get(group);
      if (listed != null) {
        Set<String> people = new HashSet<>();
        listed.forEach(name -> people.add(aliases.personOf(name)));
        members.put(
            group,
            query.names().stream().filter(name -> people.contains(persons.get(name))).toList());
        sizes.put(group, people.size());
      }
    }
    return new People(persons, members, sizes);
  }

  /**
   * Groups to tell of. One that nobody is listed for takes anybody who is listed at all, so then
   * every group counts.
   */
  private static Set<String> groups(PeopleQuery query, Platform platform) {
    Set<String> groups = new LinkedHashSet<>(query.groups());
    if (!platform.groups().keySet().containsAll(groups)) {
      groups.addAll(platform.groups().keySet());
    }
    return groups;
  }
}
