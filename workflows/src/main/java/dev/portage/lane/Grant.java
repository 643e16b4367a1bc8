package dev.portage.lane;

/**
 * A turn that was granted. Numbers grow with each grant of a registered model in a workspace, also
 * across lanes, so of two that believe to hold the turn only one has the newest.
 *
 * @param request whose asking it answers
 * @param number its number, from 1
 */
public record Grant(TurnRequest request, Long number) {

  /** For people: "turn 7 of churn in prod". */
  public String shown() {
    return "turn " + number + " of " + request.model() + " in " + request.workspace();
  }
}
