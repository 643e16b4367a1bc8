package dev.portage.turns;

import java.util.HashMap;
import java.util.Map;

/**
 * How many Updates of this process wait at each lane. Temporal takes ten at a workflow. Each
 * further one is refused, and the server then drops what it keeps of that workflow in memory, along
 * with the workflow task that a worker has just taken: the worker warns "Workflow task not found",
 * its work is done again, and those who wait ask all the more often. So a crowd waits without an
 * Update, and only those whose turn is near send one.
 */
final class PendingUpdates {

  /** Of this process, so that a few processes together stay below ten. */
  static final int AT_A_LANE = 3;

  private final Map<String, Integer> pending = new HashMap<>();

  /**
   * Takes a place.
   *
   * @return whether there was one; then {@link #end} gives it back
   */
  synchronized boolean begin(String lane) {
    int now = pending.getOrDefault(lane, 0);
    if (now >= AT_A_LANE) {
      return false;
    }
    pending.put(lane, now + 1);
    return true;
  }

  /** Gives a place back. */
  synchronized void end(String lane) {
    int left = pending.getOrDefault(lane, 0) - 1;
    if (left > 0) {
      pending.put(lane, left);
    } else {
      pending.remove(lane);
    }
  }
}
