package dev.portage.live;

import io.temporal.activity.ActivityInterface;

/** Reads what is live in a workspace. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface LiveActivities {

  /**
   * Reads everything that a query asks for, in parallel, because under a turn everyone else waits.
   * It changes nothing, except that duplicates of the version are removed where the query asks.
   */
  LiveSeen look(LiveQuery query);
}
