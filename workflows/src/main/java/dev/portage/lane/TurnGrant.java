package dev.portage.lane;

/**
 * Tells a promotion that it has the turn. Sent as signal {@link #SIGNAL}.
 *
 * @param turn name of the asking that is granted
 */
public record TurnGrant(String turn) {

  /** Name of the signal. */
  public static final String SIGNAL = "turn";
}
