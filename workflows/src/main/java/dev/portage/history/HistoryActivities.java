package dev.portage.history;

import io.temporal.activity.ActivityInterface;

/** The log of a workspace, in the workspace itself. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface HistoryActivities {

  /**
   * Adds an entry. It is there whole or not at all, and of any number of calls with one id the
   * first counts: a repeat, a late duplicate and a second writer add nothing.
   *
   * @return the entry that counts
   */
  HistoryEvent appendEvent(HistoryEvent event);

  /** Reads entries, newest first. */
  HistoryPage readHistory(HistoryQuery query);

  /** Finds what was made live last by a time, however long ago that is. */
  ReleaseAt releaseAt(ReleaseAtQuery query);
}
