package dev.portage.approval;

import dev.portage.identity.Involved;
import dev.portage.identity.PersonName;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.ListedPerson;
import dev.portage.text.Bounded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is left to approve, by groups as the platform file lists them now. Told before anything
 * starts: where all are barred who could approve, waiting for them is in vain.
 */
public final class Electorate {

  private static final int SHOWN = 10;

  private final List<String> groups;
  private final List<ListedPerson> listed;
  private final List<Involved> involved;

  private Electorate(List<String> groups, List<ListedPerson> listed, List<Involved> involved) {
    this.groups = groups;
    this.listed = listed;
    this.involved = involved;
  }

  /**
   * Those of a request to come; empty where too many people are listed to tell them all, and where
   * none are, since then anybody may approve.
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
    return fills(0, new HashSet<>());
  }

  /** Whether somebody may not approve who is listed in one of the groups. */
  public boolean barsAnybody() {
    return listed.stream().anyMatch(person -> mayFillOne(person) && hand(person) != null);
  }

  /** Whom it bars of a group, and who is left, as "owners: ben@…; not ana@… (made the commit)". */
  public String told() {
    List<String> told = new ArrayList<>();
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
      told.add(
          group
              + ": "
              + (left.isEmpty() ? "nobody is left" : Bounded.listed(left, ", ", SHOWN))
              + (barred.isEmpty() ? "" : "; not " + Bounded.listed(barred, ", ", SHOWN)));
    }
    return String.join("; ", told);
  }

  private boolean fills(int at, Set<ListedPerson> taken) {
    if (at == groups.size()) {
      return true;
    }
    for (ListedPerson person : listed) {
      if (hand(person) == null && mayFill(person, groups.get(at)) && taken.add(person)) {
        if (fills(at + 1, taken)) {
          return true;
        }
        taken.remove(person);
      }
    }
    return false;
  }

  private boolean mayFillOne(ListedPerson person) {
    return groups.stream().anyMatch(group -> mayFill(person, group));
  }

  /** A group that nobody is listed for takes anybody who is listed. */
  private boolean mayFill(ListedPerson person, String group) {
    return person.groups().contains(group)
        || listed.stream().noneMatch(other -> other.groups().contains(group));
  }

  private @Nullable Involved hand(ListedPerson person) {
    return involved.stream()
        .filter(one -> person.names().stream().anyMatch(name -> PersonName.same(name, one.name())))
        .findFirst()
        .orElse(null);
  }

  private static String shown(ListedPerson person) {
    return Bounded.line(person.names().getFirst(), Bounded.PERSON);
  }
}
