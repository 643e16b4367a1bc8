package dev.portage.lane;

import io.temporal.activity.ActivityInterface;

/** Grants a turn. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface GrantingActivities {

  /**
   * Grants a request by the number after the newest, where it is still wanted and nobody else holds
   * the turn. Repeating it after a lost answer is harmless: who has the newest grant keeps it.
   */
  GrantAnswer grantTurn(GrantOrder order);
}
