package dev.portage.lane;

/**
 * A promotion's asking for the turn.
 *
 * @param workspace where something live will change
 * @param model full name of the registered model there
 * @param holder workflow id of the promotion
 * @param turn name of this asking, unique within the promotion, as "prod-1"
 */
public record TurnRequest(String workspace, String model, String holder, String turn) {

  /** Workflow id of the lane. */
  public String laneId() {
    return "lane/" + workspace + "/" + model;
  }
}
