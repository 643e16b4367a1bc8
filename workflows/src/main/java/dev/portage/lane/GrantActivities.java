package dev.portage.lane;

import io.temporal.activity.ActivityInterface;
import java.util.Optional;

/**
 * Numbers of grants, stored where a lost lane can't lose them: in a tag of the registered model. On
 * task queue {@code portage/<workspace>}.
 */
@ActivityInterface
public interface GrantActivities {

  /** The newest grant of the model that a request is about; empty before the first. */
  Optional<Grant> newestGrant(TurnRequest request);

  /**
   * Grants a request by the number after the newest. A request that has the newest keeps it, so
   * that asking again after a lost answer is harmless.
   */
  Grant nextGrant(TurnRequest request);
}
