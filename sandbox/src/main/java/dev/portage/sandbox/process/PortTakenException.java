package dev.portage.sandbox.process;

import java.io.IOException;

/** Another program took a server's port between the choice and the start. */
public final class PortTakenException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With what the server said. */
  public PortTakenException(String message) {
    super(message);
  }

  /** How the systems say it: in C, in Go, in Java and Python, and on Windows. */
  static boolean isSaidIn(String text) {
    String lower = text.toLowerCase(java.util.Locale.ROOT);
    return lower.contains("address already in use")
        || lower.contains("eaddrinuse")
        || lower.contains("only one usage of each socket address");
  }

  /** A failure as it is, or this one where it is about a port. */
  public static IOException of(String message) {
    return isSaidIn(message) ? new PortTakenException(message) : new IOException(message);
  }
}
