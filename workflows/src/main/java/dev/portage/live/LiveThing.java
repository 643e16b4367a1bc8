package dev.portage.live;

/**
 * One thing that is live in a workspace and that a hop changes. Plan, preflight, the second look at
 * the turn, apply, compensation, release and rollback go over the ordered list of {@link
 * LiveThings} and name none of them.
 */
public interface LiveThing {

  /** Its name, such as "batch": of its step, and of its {@link LiveState}s. */
  String name();

  /**
   * Reads it, recorded in history. Changes nothing.
   *
   * @throws io.temporal.failure.TemporalFailure if it can't be read
   */
  LiveState observe(LiveContext context);

  /**
   * Puts it into a recorded state, whatever it is now; a repeat changes nothing. The state states
   * all, so it needs no record of what was changed since. The turn has to be in hand.
   *
   * @param wanted of this thing, as a release recorded it
   * @throws io.temporal.failure.TemporalFailure if it can't be done: with nothing changed, or
   *     changed and not confirmed, so that a repeat finishes it
   */
  Restored restore(LiveContext context, LiveState wanted);
}
