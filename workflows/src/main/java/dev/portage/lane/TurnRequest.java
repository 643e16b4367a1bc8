package dev.portage.lane;

import dev.portage.text.Bounded;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A promotion's request for the turn.
 *
 * @param workspace where something live will change
 * @param model full name of the registered model there
 * @param holder workflow id of the promotion
 * @param turn name of this request, unique within the promotion, such as "prod-1"
 * @param run run of that workflow, since one that was reset requests again; null from a promotion
 *     that began before turns had numbers, which expects its grant by a signal
 */
public record TurnRequest(
    String workspace, String model, String holder, String turn, @Nullable String run) {

  /** What workflow ids of promotions begin with. */
  public static final String PROMOTIONS = "promotion/";

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

  /**
   * Whether a lane may take it. Anyone can send a lane a message; only a promotion ever gives a
   * turn back, and only for its own model is this lane the mutex.
   */
  boolean isFor(String lane) {
    return lane.equals(laneId())
        && holder.startsWith(PROMOTIONS)
        && Stream.of(holder, turn, run == null ? "" : run)
            .allMatch(text -> Bounded.fits(text, LONGEST));
  }

  /** Characters of all its texts. */
  int length() {
    return laneId().length() + holder.length() + turn.length() + (run == null ? 0 : run.length());
  }
}
