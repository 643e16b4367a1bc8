package dev.portage.underway;

/**
 * Tells a promotion that a newer one takes its place, as signal {@link #SIGNAL}. One that holds the
 * turn finishes what it is at; any other ends, as after a cancel.
 *
 * @param by workflow id of the newer promotion
 * @param why for people, such as "commit 0123456789ab is newer"
 */
public record Superseded(String by, String why) {

  /** Name of the signal. */
  public static final String SIGNAL = "supersede";
}
