package dev.portage.sandbox.python;

/** The Python environment is not available; the message says in one line what to do. */
public final class PythonMissingException extends RuntimeException {

  /** With what to do. */
  public PythonMissingException(String message) {
    super(message);
  }
}
