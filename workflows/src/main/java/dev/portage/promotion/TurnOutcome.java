package dev.portage.promotion;

/** The result of a turn. */
enum TurnOutcome {
  /** The decision stands: the hop continues. */
  STANDS,
  /** The decision no longer stands. */
  DECIDE_AGAIN,
  /** A rollback took the turn: what changed is undone, and the turn is requested again. */
  PREEMPTED,
  /** The target was frozen while the turn was waited for or held: what changed is undone. */
  FROZEN,
  /** The candidate is live. */
  LIVE,
  /** It was live once, before someone reset this promotion: nothing is changed. */
  LIVE_BEFORE
}
