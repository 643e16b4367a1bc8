package dev.portage.connection;

import org.jspecify.annotations.Nullable;

/** Temporal is not known, or does not answer; the message says which and what to do. */
public final class ConnectionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A message for the person who typed the command; never with a key in it. */
  public ConnectionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
