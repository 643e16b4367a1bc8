package dev.portage.checkout;

/** The checkout can't be used to start a promotion; the message says why and what to do. */
public final class CheckoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A message for the person who typed the command. */
  public CheckoutException(String message) {
    super(message);
  }
}
