package dev.portage.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portage.job.SettingChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The ordered changes of one hop. Two plans are equal if they make the same changes: versions and
 * settings of the job are only shown, and decisions are not bound to them.
 *
 * @param target workspace of the hop
 * @param actions the changes in order
 * @param versions numbers of the versions that the target's registered model has, such as "1–4, 6";
 *     null if unknown
 * @param jobSettings settings of the scoring job that change, shown beside the actions: they follow
 *     from the commit, and from manual changes to a job that is Portage's. Null where there is no
 *     job of Portage's, where they could not be read, or from a writer that did not say
 */
public record Plan(
    String target,
    List<Action> actions,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String versions,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<SettingChange> jobSettings) {

  public Plan {
    actions = List.copyOf(actions);
    jobSettings = jobSettings == null ? null : List.copyOf(jobSettings);
  }

  /** The same, showing which settings of the scoring job change; null for unknown. */
  public Plan showing(@Nullable List<SettingChange> changes) {
    return new Plan(target, actions, versions, changes);
  }

  /** The same, where changes start something else: each follows the change that starts it. */
  public Plan starting(List<Action> started) {
    List<Action> all = new ArrayList<>(actions);
    for (Action action : started) {
      int at = all.size();
      for (int i = 0; i < all.size(); i++) {
        at = all.get(i).step().equals(action.step()) ? i + 1 : at;
      }
      all.add(at, action);
    }
    return new Plan(target, all, versions, jobSettings);
  }

  /** A plan that doesn't say what changes in the scoring job's settings. */
  public Plan(String target, List<Action> actions, @Nullable String versions) {
    this(target, actions, versions, null);
  }

  /** A plan that doesn't say which versions exist. */
  public Plan(String target, List<Action> actions) {
    this(target, actions, null, null);
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
