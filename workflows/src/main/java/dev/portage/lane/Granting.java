package dev.portage.lane;

import java.util.Optional;

/** Grants turns by their numbers, after a look at those who want or hold them. */
public final class Granting implements GrantingActivities {

  private final GrantActivities numbers;
  private final TurnActivities turns;

  /**
   * Grants by these.
   *
   * @param numbers of the workspace
   * @param turns tells who still wants a turn
   */
  public Granting(GrantActivities numbers, TurnActivities turns) {
    this.numbers = numbers;
    this.turns = turns;
  }

  @Override
  public GrantAnswer grantTurn(GrantOrder order) {
    TurnRequest request = order.request();
    // Before the registry is called, which may be unavailable for a long time while others wait.
    if (!turns.stillWants(request)) {
      return GrantAnswer.notWanted();
    }
    if (!order.knowsNewest()) {
      Optional<Grant> other =
          numbers.newestGrant(request).filter(newest -> !newest.request().equals(request));
      if (other.isPresent() && turns.stillWants(other.get().request())) {
        return GrantAnswer.held(other.get());
      }
    }
    return GrantAnswer.granted(numbers.nextGrant(request));
  }
}
