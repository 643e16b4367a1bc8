package dev.portage.localworkspace.git;

/**
 * The code of a run could not be had. The message says which repository, which reference and what
 * git answered.
 */
public final class CheckoutFailed extends Exception {
  /** With the message for the run's state. */
  public CheckoutFailed(String message) {
    super(message);
  }
}
