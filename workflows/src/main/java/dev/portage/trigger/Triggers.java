package dev.portage.trigger;

import dev.portage.plan.Action;
import dev.portage.settings.Station;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What starts elsewhere, as far as the login sees it.
 *
 * @param found each that is not paused, in the order of kinds and ids
 * @param notSeen what could not be read, one sentence; null where everything could
 */
public record Triggers(List<Trigger> found, @Nullable String notSeen) {

  public Triggers {
    found = List.copyOf(found);
  }

  /** Nothing starts. */
  public static Triggers none() {
    return new Triggers(List.of(), null);
  }

  /** The same, where these names or ids are allowed to start. */
  public Triggers allowing(Collection<String> namesOrIds) {
    return new Triggers(
        found.stream().map(trigger -> trigger.allowedBy(namesOrIds)).toList(), notSeen);
  }

  /**
   * The same, with others in place of those that the champion's move starts.
   *
   * @param others what the champion's move starts by now
   */
  public Triggers withThoseOfTheChampion(Triggers others) {
    return new Triggers(
        Stream.concat(
                found.stream().filter(trigger -> trigger.event() != Trigger.Event.CHAMPION),
                others.found().stream())
            .toList(),
        others.notSeen());
  }

  /** Those that nobody has allowed. */
  public List<Trigger> refused() {
    return found.stream().filter(trigger -> !trigger.allowed()).toList();
  }

  /**
   * What others have that is not in these, a sentence each.
   *
   * @param model what starts it when it changes
   */
  public List<String> besides(Triggers others, String model) {
    return others.found.stream()
        .filter(trigger -> found.stream().noneMatch(trigger::isSameAs))
        .map(trigger -> trigger.named() + " starts when " + model + " " + trigger.event().words())
        .toList();
  }

  /** What the plan of a hop shows of those in its target. */
  public List<Action> actions(Station target) {
    return found.stream()
        .map(trigger -> action(trigger, target, target.workspace() + "/" + trigger.event().step()))
        .toList();
  }

  /** What the plan of the last hop shows of those in the first workspace: what is still to come. */
  public List<Action> actionsAtTheEnd(Station origin) {
    return found.stream()
        .filter(trigger -> trigger.event() == Trigger.Event.CHAMPION)
        .map(trigger -> action(trigger, origin, trigger.event().originStep()))
        .toList();
  }

  private static Action action(Trigger trigger, Station where, String step) {
    return new Action(
        step,
        trigger.named() + " in " + where.workspace(),
        "starts by itself when " + where.model() + " " + trigger.event().words(),
        "starts");
  }
}
