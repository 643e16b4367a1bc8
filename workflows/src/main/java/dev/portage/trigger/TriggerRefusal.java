package dev.portage.trigger;

import dev.portage.text.Bounded;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Says what starts elsewhere, and what to do where nobody has allowed it. Pure. */
public final class TriggerRefusal {
  private static final int MOST_NAMED = 10;

  private TriggerRefusal() {}

  /** What starts when: "job nightly (77) starts when churn gets a version". */
  public static String cameBack(List<Trigger> triggers, String model) {
    Map<String, String> events = new LinkedHashMap<>();
    triggers.forEach(trigger ->
        events.merge(
            trigger.named(),
            trigger.event().words(),
            (some, another) -> some + ", and when it " + another));
    return Bounded.listed(
        events.entrySet().stream()
            .map(one -> one.getKey() + " starts when " + model + " " + one.getValue())
            .toList(),
        "; ",
        MOST_NAMED);
  }

  /** What to do about those that are refused. */
  public static String remedy(List<Trigger> refused, String workspace) {
    List<String> names =
        refused.stream()
            .map(trigger -> trigger.name() == null ? trigger.id() : trigger.name())
            .distinct()
            .toList();
    boolean single = names.size() == 1;
    return "Pause "
        + (single ? "it" : "them")
        + " in "
        + workspace
        + "; or, if "
        + (single ? "it" : "they")
        + " may start, have the platform team add "
        + (single ? "it" : "them")
        + " to workspaces."
        + workspace
        + ".allow-triggers in the platform file: ["
        + names.stream()
            .limit(MOST_NAMED)
            .map(name -> '"' + name + '"')
            .collect(Collectors.joining(", "))
        + (names.size() > MOST_NAMED ? ", …" : "")
        + "].";
  }
}
