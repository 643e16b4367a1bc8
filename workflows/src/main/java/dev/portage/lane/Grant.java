package dev.portage.lane;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import java.util.Optional;

/**
 * A granted turn. Numbers grow with each grant of a registered model in a workspace, even across
 * lanes, so if two promotions believe they hold the turn, only one has the newest number.
 *
 * @param request whose asking it answers
 * @param number its number, from 1
 */
public record Grant(TurnRequest request, Long number) {

  /** For people: "turn 7 of churn in prod". */
  public String shown() {
    return "turn " + number + " of " + request.model() + " in " + request.workspace();
  }

  /**
   * Refuses a change of what is live unless this is the newest grant.
   *
   * @param newest the newest grant at the model
   * @throws io.temporal.failure.ApplicationFailure a user error that says who has the turn
   */
  public void requireNewest(Optional<Grant> newest) {
    if (newest.equals(Optional.of(this))) {
      return;
    }
    throw Failures.of(
        Problem.of(
            FailureKind.USER,
            "change what is live under " + shown(),
            "workspace " + request.workspace(),
            newest
                .map(later ->
                    "the turn was lost to "
                        + later.request().holder()
                        + ", which has number "
                        + later.number())
                .orElse("the turn was lost: its tag " + GrantTag.KEY + " is gone"),
            "Check what is live there; to request the turn again: portage resume "
                + request.holder()));
  }
}
