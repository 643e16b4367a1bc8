package dev.portage.plan;

import io.temporal.activity.ActivityInterface;

/** Looks at what a hop depends on in its target. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface LiveActivities {

  /**
   * Looks at everything that whoever holds the turn has to know, each thing while others are looked
   * at: everybody else waits. It changes nothing, but for twins of the version, which go.
   */
  LiveSeen lookUnderTurn(LiveQuery query);
}
