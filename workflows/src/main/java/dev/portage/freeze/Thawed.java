package dev.portage.freeze;

/**
 * Tells a promotion that freezes of a workspace were ended early: it reads those that are left, and
 * continues if none holds it up.
 *
 * @param workspace which was frozen
 */
public record Thawed(String workspace) {

  /** Name of the signal. */
  public static final String SIGNAL = "thaw";
}
