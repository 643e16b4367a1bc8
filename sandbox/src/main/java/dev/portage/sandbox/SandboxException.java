package dev.portage.sandbox;

import org.jspecify.annotations.Nullable;

/** A part of the sandbox is missing or doesn't start; the message says what to do. */
public final class SandboxException extends RuntimeException {

  /** With what to do. */
  public SandboxException(String message) {
    super(message);
  }

  /** With what to do, and what led to it. */
  public SandboxException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
