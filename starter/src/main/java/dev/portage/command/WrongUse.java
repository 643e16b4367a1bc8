package dev.portage.command;

/** What was typed cannot be done; the message says why and what can. */
final class WrongUse extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WrongUse(String message) {
    super(message);
  }
}
