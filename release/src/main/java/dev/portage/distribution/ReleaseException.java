package dev.portage.distribution;

/** A release that can't be made; the message says what is wrong and what to do. */
final class ReleaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReleaseException(String message) {
    super(message);
  }
}
