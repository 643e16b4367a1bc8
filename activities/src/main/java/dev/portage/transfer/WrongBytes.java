package dev.portage.transfer;

/** A file is not what its manifest says. Stays inside this package. */
final class WrongBytes extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String why;
  private final String seen;
  private final boolean isShort;

  WrongBytes(String why) {
    this(why, "", false);
  }

  private WrongBytes(String why, String seen, boolean isShort) {
    super(why);
    this.why = why;
    this.seen = why + " " + seen;
    this.isShort = isShort;
  }

  /**
   * Other content than there should be.
   *
   * @param digest of what came
   */
  static WrongBytes other(String why, String digest) {
    return new WrongBytes(why, digest, false);
  }

  /** Less than there should be, of which what came may be right. */
  static WrongBytes tooShort(String why) {
    return new WrongBytes(why, "", true);
  }

  /** What differs, as a sentence without its stop. */
  String why() {
    return why;
  }

  /** What came, as far as it is known: the same for the same bytes. */
  String seen() {
    return seen;
  }

  /** Whether less came than there should be. */
  boolean isShort() {
    return isShort;
  }
}
