package dev.portage.load;

/** A measurement that can't be trusted: something is not exact, or did not come to an end. */
final class LoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what was expected and what was there. */
  LoadException(String message) {
    super(message);
  }

  /** With what led to it. */
  LoadException(String message, Throwable cause) {
    super(message, cause);
  }
}
