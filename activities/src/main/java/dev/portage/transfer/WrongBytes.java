package dev.portage.transfer;

/** A file is not what its manifest says. Stays inside this package. */
final class WrongBytes extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String why;

  WrongBytes(String why) {
    super(why);
    this.why = why;
  }

  /** What differs, as a sentence without its stop. */
  String why() {
    return why;
  }
}
