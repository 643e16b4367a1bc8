package dev.portage.trigger;

import dev.portage.plan.Action;
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

  /** Those alone that the champion's move starts. */
  public Triggers ofTheChampion() {
    return new Triggers(
        found.stream().filter(trigger -> trigger.event() == Trigger.Event.CHAMPION).toList(),
        notSeen);
  }

  /** The same, with others in place of those that the champion's move starts. */
  public Triggers withThoseOfTheChampion(Triggers others) {
    return new Triggers(
        Stream.concat(
                found.stream().filter(trigger -> trigger.event() != Trigger.Event.CHAMPION),
                others.ofTheChampion().found().stream())
            .toList(),
        others.notSeen());
  }

  /** Those that nobody has allowed. */
  public List<Trigger> refused() {
    return found.stream().filter(trigger -> !trigger.allowed()).toList();
  }

  /**
   * What the plan of a hop shows of them.
   *
   * @param workspace target of the hop
   * @param model registered model there
   */
  public List<Action> actions(String workspace, String model) {
    return found.stream()
        .map(trigger ->
            new Action(
                workspace + "/" + trigger.event().step(),
                trigger.named() + " in " + workspace,
                "starts by itself when " + model + " " + trigger.event().words(),
                "starts"))
        .toList();
  }
}
