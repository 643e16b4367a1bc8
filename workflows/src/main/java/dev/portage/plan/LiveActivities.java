package dev.portage.plan;

import io.temporal.activity.ActivityInterface;

/** Looks at what a hop depends on in its target. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface LiveActivities {

  /**
   * Reads everything that the holder of the turn has to know, in parallel, because everyone else
   * waits. It changes nothing, except that duplicates of the version are removed.
   */
  LiveSeen lookUnderTurn(LiveQuery query);
}
