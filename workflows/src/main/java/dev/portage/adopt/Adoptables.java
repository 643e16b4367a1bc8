package dev.portage.adopt;

import dev.portage.settings.Station;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What may be recorded beside the champion. */
public final class Adoptables {

  private static final List<Adoptable> ALL = List.of(new AdoptableEndpoint(), new AdoptableJob());

  private Adoptables() {}

  /** All of them, in the order in which a hop changes them. */
  static List<Adoptable> known() {
    return ALL;
  }

  /** The one of a thing. */
  static Adoptable of(AdoptedThing thing) {
    return ALL.stream()
        .filter(one -> one.thing().equals(thing.thing()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("nobody adopts " + thing.thing()));
  }

  /**
   * What of an order a workspace can't have.
   *
   * @return empty if it can have all
   */
  public static Optional<Lacking> lacking(AdoptStart start, Station target) {
    return ALL.stream()
        .filter(one -> start.beside().containsKey(one.thing()))
        .filter(one -> !target.capabilities().contains(one.capability()))
        .map(one -> new Lacking(one.plural(), one.option()))
        .findFirst();
  }

  /**
   * Things that nobody can adopt, of an order that no command of ours sent.
   *
   * @return their names; empty for none
   */
  static List<String> unknown(Map<String, String> things) {
    List<String> known = ALL.stream().map(Adoptable::thing).toList();
    return things.keySet().stream()
        .filter(name -> !known.contains(name))
        .sorted(Comparator.naturalOrder())
        .collect(Collectors.toList());
  }

  /**
   * Something that a workspace can't have.
   *
   * @param things such as "jobs"
   * @param option that named one, such as "--job"
   */
  public record Lacking(String things, String option) {}
}
