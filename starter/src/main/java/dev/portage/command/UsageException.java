package dev.portage.command;

/** The command can't be carried out as typed; the message says why and what is possible. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
