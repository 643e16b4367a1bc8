package dev.portage.connection;

import org.jspecify.annotations.Nullable;

/** Temporal can't be reached, or no worker is running; the message says what to do. */
public final class ConnectionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean usageError;

  /** A message for the person who typed the command. */
  public ConnectionException(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  private ConnectionException(String message, @Nullable Throwable cause, boolean usageError) {
    super(message, cause);
    this.usageError = usageError;
  }

  /** A setting that has to be corrected first; the cause is left out, since it may hold a key. */
  public static ConnectionException wrongSetting(String message) {
    return new ConnectionException(message, null, true);
  }

  /** Whether a setting is wrong; otherwise it may work later. */
  public boolean isUsageError() {
    return usageError;
  }
}
