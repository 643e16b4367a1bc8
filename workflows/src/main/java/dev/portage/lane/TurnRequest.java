package dev.portage.lane;

import org.jspecify.annotations.Nullable;

/**
 * A promotion's asking for the turn.
 *
 * @param workspace where something live will change
 * @param model full name of the registered model there
 * @param holder workflow id of the promotion
 * @param turn name of this asking, unique within the promotion, as "prod-1"
 * @param run run of that workflow, since one that was reset asks anew; null from a promotion that
 *     began before turns had numbers, which has to be told of its grant by a signal
 */
public record TurnRequest(
    String workspace, String model, String holder, String turn, @Nullable String run) {

  /** An asking that tells no run. */
  public TurnRequest(String workspace, String model, String holder, String turn) {
    this(workspace, model, holder, turn, null);
  }

  /** Workflow id of the lane. */
  public String laneId() {
    return "lane/" + workspace + "/" + model;
  }
}
