package dev.portage.localworkspace.git;

/**
 * The code of a run could not be fetched. The message names the repository, the reference and git's
 * response.
 */
public final class CheckoutFailed extends Exception {
  /** With the message for the run's state. */
  public CheckoutFailed(String message) {
    super(message);
  }
}
