package dev.portage.trigger;

import dev.portage.text.Bounded;
import java.util.List;

/** Says why a promotion does not go on while something would start elsewhere. Pure. */
public final class TriggerRefusal {
  private static final int MOST_NAMED = 10;

  private TriggerRefusal() {}

  /** What would start. */
  public static String cameBack(List<Trigger> refused, String model) {
    return Bounded.listed(
        refused.stream()
            .map(trigger ->
                trigger.named() + " starts when " + model + " " + trigger.event().words())
            .toList(),
        "; ",
        MOST_NAMED);
  }

  /** What to do about it. */
  public static String remedy(List<Trigger> refused, String workspace) {
    Trigger first = refused.getFirst();
    String name = first.name() == null ? first.id() : first.name();
    return "Pause "
        + (refused.size() == 1 ? "it" : "them")
        + " in "
        + workspace
        + "; or, if it may start, have the platform team add it to workspaces."
        + workspace
        + ".allow-triggers in the platform file: [\""
        + name
        + "\"].";
  }
}
