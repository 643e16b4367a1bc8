package dev.portage.identity;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** People known to have several names. Anyone not listed has one. */
public final class Aliases {

  /** Nobody has a second name. */
  public static final Aliases NONE = new Aliases(Map.of());

  private final Map<String, String> personOf;

  private Aliases(Map<String, String> personOf) {
    this.personOf = personOf;
  }

  /**
   * People and their other names. If a name is listed for two people, those are one person as well:
   * too few approvers are better than one who counts twice.
   */
  public static Aliases of(Map<String, List<String>> people) {
    Map<String, String> personOf = new HashMap<>();
    people.forEach((person, names) -> {
      String first = find(personOf, PersonName.compared(person));
      for (String name : names) {
        String other = find(personOf, PersonName.compared(name));
        if (!first.isEmpty() && !other.isEmpty()) {
          personOf.put(other, first);
        }
      }
    });
    Map<String, String> flat = new HashMap<>();
    personOf.keySet().forEach(name -> flat.put(name, find(personOf, name)));
    return new Aliases(Map.copyOf(flat));
  }

  /** The person behind a name, as it is compared; "" for none. */
  public String personOf(@Nullable String name) {
    String compared = PersonName.compared(name);
    return personOf.getOrDefault(compared, compared);
  }

  private static String find(Map<String, String> personOf, String name) {
    String at = name;
    while (true) {
      String next = personOf.getOrDefault(at, at);
      if (next.equals(at)) {
        return at;
      }
      at = next;
    }
  }
}
