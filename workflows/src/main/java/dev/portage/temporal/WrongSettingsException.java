package dev.portage.temporal;

/**
 * Temporal's settings are invalid. The message says which, and what is allowed; it repeats no value
 * that may be a secret, and has no cause, since a library's message may.
 */
public final class WrongSettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A message for the person who set them. */
  public WrongSettingsException(String message) {
    super(message);
  }
}
