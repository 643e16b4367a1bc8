package dev.portage.lane;

/**
 * Tells the holder of a turn that a rollback is waiting: sent by the lane as signal {@link
 * #SIGNAL}. A holder that has not reached its point of no return puts back what it changed, gives
 * the turn back, and requests it again behind the rollback; one past that point finishes. It is
 * only a request to hurry: the rollback gets the turn when it is given back, not before.
 *
 * @param held the request that holds the turn; a holder ignores a message about any other
 * @param by workflow id of the rollback
 */
public record Preempt(TurnRequest held, String by) {

  /** Name of the signal. */
  public static final String SIGNAL = "preempt";
}
