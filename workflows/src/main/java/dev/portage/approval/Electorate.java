package dev.portage.approval;

import dev.portage.identity.Involved;
import dev.portage.identity.PersonName;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.ListedPerson;
import dev.portage.text.Bounded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who is left to approve, by the groups that the platform file lists now. Checked before anything
 * starts: if everyone who could approve is barred, there is no point in waiting.
 */
public final class Electorate {

  private static final int SHOWN = 10;

  private final List<String> groups;
  private final List<ListedPerson> listed;
  private final Map<ListedPerson, Involved> barred;

  /** Groups that list someone. */
  private final Set<String> peopled;

  private Electorate(List<String> groups, List<ListedPerson> listed, List<Involved> involved) {
    this.groups = groups;
    this.listed = listed.stream().distinct().toList();
    this.barred = barred(this.listed, involved);
    this.peopled =
        listed.stream().flatMap(person -> person.groups().stream()).collect(Collectors.toSet());
  }

  /** Each name is prepared for comparing once: of each list there may be hundreds. */
  private static Map<ListedPerson, Involved> barred(
      List<ListedPerson> listed, List<Involved> involved) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < involved.size(); i++) {
      places.putIfAbsent(PersonName.compared(involved.get(i).name()), i);
    }
    // Who has no name is nobody.
    places.remove("");
    Map<ListedPerson, Involved> barred = new HashMap<>();
    for (ListedPerson person : listed) {
      person.names().stream()
          .map(PersonName::compared)
          .filter(places::containsKey)
          .map(name -> Objects.requireNonNull(places.get(name)))
          .min(Comparator.naturalOrder())
          .ifPresent(place -> barred.put(person, involved.get(place)));
    }
    return barred;
  }

  /**
   * Those of a future request; empty if too many people are listed to name them all, and if none
   * are, since then anyone may approve.
   *
   * @param groups one person each
   * @param involved who had a hand in the change
   */
  public static Optional<Electorate> of(
      ApprovalPolicy policy, List<String> groups, List<Involved> involved) {
    List<ListedPerson> listed = policy.listed();
    return listed == null || listed.isEmpty()
        ? Optional.empty()
        : Optional.of(new Electorate(groups, listed, involved));
  }

  /** Whether there is another person left for each group. */
  public boolean isEnough() {
    Map<ListedPerson, Integer> filled = new HashMap<>();
    for (int group = 0; group < groups.size(); group++) {
      if (!isFilled(group, filled, new HashSet<>())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Finds a person for one more group, if need be by giving groups that are filled another one: a
   * matching that grows by augmenting paths. To try all ways takes years where a dozen groups have
   * the same people.
   *
   * @param filled which group each person fills
   * @param tried who was already tried for this group
   */
  private boolean isFilled(int group, Map<ListedPerson, Integer> filled, Set<ListedPerson> tried) {
    for (ListedPerson person : listed) {
      if (hand(person) == null && mayFill(person, groups.get(group)) && tried.add(person)) {
        Integer other = filled.get(person);
        if (other == null || isFilled(other, filled, tried)) {
          filled.put(person, group);
          return true;
        }
      }
    }
    return false;
  }

  /** Whether someone who is listed in one of the groups may not approve. */
  public boolean barsAnybody() {
    return listed.stream().anyMatch(person -> mayFillOne(person) && hand(person) != null);
  }

  /**
   * Whom it bars from a group, and who is left, such as "owners: ben@…; not ana@… (made the
   * commit)".
   */
  public String describe() {
    List<String> messages = new ArrayList<>();
    for (String group : groups) {
      List<String> left = new ArrayList<>();
      List<String> barred = new ArrayList<>();
      for (ListedPerson person : listed) {
        if (mayFill(person, group)) {
          Involved hand = hand(person);
          if (hand == null) {
            left.add(shown(person));
          } else {
            barred.add(shown(person) + " (" + hand.hand().words() + ")");
          }
        }
      }
      messages.add(
          group
              + ": "
              + (left.isEmpty() ? "nobody is left" : Bounded.listed(left, ", ", SHOWN))
              + (barred.isEmpty() ? "" : "; not " + Bounded.listed(barred, ", ", SHOWN)));
    }
    return String.join("; ", messages);
  }

  private boolean mayFillOne(ListedPerson person) {
    return groups.stream().anyMatch(group -> mayFill(person, group));
  }

  /** A group that lists nobody accepts anyone who is listed. */
  private boolean mayFill(ListedPerson person, String group) {
    return person.groups().contains(group) || !peopled.contains(group);
  }

  private @Nullable Involved hand(ListedPerson person) {
    return barred.get(person);
  }

  private static String shown(ListedPerson person) {
    return Bounded.line(person.names().getFirst(), Bounded.PERSON);
  }
}
