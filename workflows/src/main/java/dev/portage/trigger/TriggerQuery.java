package dev.portage.trigger;

import dev.portage.registry.Marking;
import dev.portage.settings.Station;
import dev.portage.trigger.Trigger.Event;
import java.util.EnumSet;
import java.util.Set;

/**
 * Asks what starts when a promotion does something with a model.
 *
 * @param workspace where
 * @param model full name of the registered model there; it need not exist
 * @param marking how the registry marks versions
 * @param causes what the promotion still does there
 */
public record TriggerQuery(String workspace, String model, Marking marking, Set<Event> causes) {

  public TriggerQuery {
    causes = Set.copyOf(causes);
  }

  /** In a target, before anything is registered there. */
  public static TriggerQuery ofTarget(Station target) {
    return of(target, EnumSet.of(Event.MODEL, Event.VERSION, Event.TAG, Event.CHAMPION));
  }

  /** In a target whose version is registered: the champion is still to move. */
  public static TriggerQuery ofTheChampion(Station target) {
    return of(target, EnumSet.of(Event.CHAMPION));
  }

  /**
   * In the first workspace, before the version is registered and marked there.
   *
   * @param registers false where the version was registered before, and is only labelled
   */
  public static TriggerQuery ofOrigin(Station origin, boolean registers) {
    return of(
        origin,
        registers
            ? EnumSet.allOf(Event.class)
            : EnumSet.of(Event.TAG, Event.CANDIDATE, Event.CHAMPION));
  }

  private static TriggerQuery of(Station station, Set<Event> causes) {
    return new TriggerQuery(station.workspace(), station.model(), station.marking(), causes);
  }

  /** Whether the promotion does that there. */
  public boolean causes(Event event) {
    return causes.contains(event);
  }
}
