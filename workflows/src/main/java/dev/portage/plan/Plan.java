package dev.portage.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The ordered changes of one hop. Two plans are equal if they make the same changes: the versions
 * are only shown, and decisions are not bound to them.
 *
 * @param target workspace of the hop
 * @param actions the changes in order
 * @param versions numbers of the versions that the target's registered model has, such as "1–4, 6";
 *     null if unknown
 */
public record Plan(
    String target,
    List<Action> actions,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String versions) {

  public Plan {
    actions = List.copyOf(actions);
  }

  /** A plan that doesn't say which versions exist. */
  public Plan(String target, List<Action> actions) {
    this(target, actions, null);
  }

  /** What decisions are bound to: the plan without what is only shown. */
  public Plan binding() {
    return new Plan(target, actions);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Plan plan && target.equals(plan.target) && actions.equals(plan.actions);
  }

  @Override
  public int hashCode() {
    return Objects.hash(target, actions);
  }
}
