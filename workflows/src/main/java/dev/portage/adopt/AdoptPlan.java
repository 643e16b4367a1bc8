package dev.portage.adopt;

import dev.portage.plan.Action;
import dev.portage.text.Bounded;
import java.util.List;

/**
 * What an adoption records, as people see it before anything changes.
 *
 * @param name what {@code {model}} stands for
 * @param model full name of the registered model
 * @param version version that is recorded as live
 * @param files number of its files
 * @param bytes their size together
 * @param things what is recorded beside the champion, in the order in which a hop changes it
 * @param actions what changes, in order, each 'now → then'
 * @param remarks what else people should know, a line each
 */
public record AdoptPlan(
    String name,
    String model,
    String version,
    Long files,
    Long bytes,
    List<AdoptedThing> things,
    List<Action> actions,
    List<String> remarks) {

  public AdoptPlan {
    things = List.copyOf(things);
    actions = List.copyOf(actions);
    remarks = remarks.stream().map(line -> Bounded.line(line, Bounded.LINE)).toList();
  }
}
