package dev.portage.checkout;

/** The checkout is not fit to start from; the message says why and what to do. */
public final class CheckoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A message for the person who typed the command. */
  public CheckoutException(String message) {
    super(message);
  }
}
