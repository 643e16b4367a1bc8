package dev.portage.rollback;

import dev.portage.plan.Action;
import dev.portage.plan.Plan;
import dev.portage.text.Bounded;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rollback will change, as people see it before anything changes.
 *
 * @param rollback workflow id of the rollback that does it
 * @param workspace where
 * @param from version that is live, null for none
 * @param to version that will be
 * @param releasedBy workflow id of the promotion or adoption that made that version live first
 * @param releasedAt when
 * @param actions the changes in order, each 'now → then'
 * @param remarks what else people should know before they agree, a line each
 */
public record RollbackPlan(
    String rollback,
    String workspace,
    @Nullable String from,
    String to,
    String releasedBy,
    Instant releasedAt,
    List<Action> actions,
    List<String> remarks) {

  public RollbackPlan {
    actions = List.copyOf(actions);
    remarks = remarks.stream().map(line -> Bounded.line(line, Bounded.LINE)).toList();
  }

  /** What decisions are bound to. */
  Plan binding() {
    return new Plan(workspace, actions);
  }

  /** What someone who has seen it agrees to. */
  public RollbackStart.Expected expected() {
    return new RollbackStart.Expected(from, to, null);
  }

  /** "version 3 → version 2". */
  public String line() {
    return version(from) + " → " + version(to);
  }

  static String version(@Nullable String version) {
    return version == null ? "no version" : "version " + version;
  }
}
