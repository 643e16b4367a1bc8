package dev.portage.lane;

import io.temporal.activity.ActivityInterface;

/**
 * Speaks to lanes and looks after their holders, as a client of Temporal. On task queue {@code
 * portage}.
 */
@ActivityInterface
public interface TurnActivities {

  /** Queues a request, starting the lane where there is none; the same request twice is one. */
  void request(TurnRequest request);

  /** Gives a turn back; harmless when it is not held. */
  void giveBack(TurnRequest request);

  /** Whether the holder's workflow is still running. */
  boolean isAlive(String holder);
}
