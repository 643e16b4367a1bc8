package dev.portage.lane;

import dev.portage.text.Bounded;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request for the turn: of a promotion or, before all others, of a rollback.
 *
 * @param workspace where something live will change
 * @param model full name of the registered model there
 * @param holder workflow id of the requester, such as "promotion/churn/0123456789ab" or
 *     "rollback/prod/churn/3": what it begins with says what it is
 * @param turn name of this request, unique within the requester, such as "prod-1"
 * @param run run of that workflow, since one that was reset requests again; null from a writer that
 *     did not say
 */
public record TurnRequest(
    String workspace, String model, String holder, String turn, @Nullable String run) {

  /** What workflow ids of promotions begin with. */
  public static final String PROMOTIONS = "promotion/";

  /** What workflow ids of rollbacks begin with. */
  public static final String ROLLBACKS = "rollback/";

  /** What workflow ids of adoptions begin with. */
  public static final String ADOPTIONS = "adopt/";

  private static final List<String> HOLDERS = List.of(PROMOTIONS, ROLLBACKS, ADOPTIONS);

  /** Temporal's limit for an id, in bytes. */
  private static final int LONGEST = 1_000;

  /** A request that names no run. */
  public TurnRequest(String workspace, String model, String holder, String turn) {
    this(workspace, model, holder, turn, null);
  }

  /** Workflow id of the lane. */
  public String laneId() {
    return "lane/" + workspace + "/" + model;
  }

  /** Whether it is a rollback's: it comes before all others, and preempts a holder. */
  public boolean isRollback() {
    return holder.startsWith(ROLLBACKS);
  }

  /** Whether it is a promotion's: it gives its turn back to a rollback. */
  public boolean isPromotion() {
    return holder.startsWith(PROMOTIONS);
  }

  /** Whether it comes from a workflow that takes turns, and so gives them back. */
  public boolean isOfHolder() {
    return HOLDERS.stream().anyMatch(holder::startsWith);
  }

  /**
   * Whether a lane may take it. Anyone can send a lane a message; only workflows that take turns
   * ever give one back, and only for its own model is this lane the mutex.
   */
  boolean isFor(String lane) {
    return lane.equals(laneId())
        && isOfHolder()
        && Stream.of(holder, turn, run == null ? "" : run)
            .allMatch(text -> Bounded.fits(text, LONGEST));
  }

  /** Characters of all its texts. */
  int length() {
    return laneId().length() + holder.length() + turn.length() + (run == null ? 0 : run.length());
  }
}
