package dev.portage.adopt;

import dev.portage.plan.Action;
import dev.portage.text.Bounded;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an adoption records, as people see it before anything changes.
 *
 * @param name what {@code {model}} stands for
 * @param model full name of the registered model
 * @param version version that is recorded as live
 * @param files number of its files
 * @param bytes their size together
 * @param job the job that scores with it, null for none
 * @param actions what changes, in order, each 'now → then'
 * @param remarks what else people should know, a line each
 */
public record AdoptPlan(
    String name,
    String model,
    String version,
    Long files,
    Long bytes,
    @Nullable AdoptedJob job,
    List<Action> actions,
    List<String> remarks) {

  public AdoptPlan {
    actions = List.copyOf(actions);
    remarks = remarks.stream().map(line -> Bounded.line(line, Bounded.LINE)).toList();
  }
}
