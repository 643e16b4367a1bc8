package dev.portage.load;

/** A measurement that can't be trusted: something is not exact, or did not finish. */
final class LoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With expected and actual values. */
  LoadException(String message) {
    super(message);
  }

  /** With what led to it. */
  LoadException(String message, Throwable cause) {
    super(message, cause);
  }
}
