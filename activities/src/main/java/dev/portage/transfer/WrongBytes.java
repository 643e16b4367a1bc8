package dev.portage.transfer;

/** A file differs from its manifest. Stays inside this package. */
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
   * @param digest of what arrived
   */
  static WrongBytes other(String why, String digest) {
    return new WrongBytes(why, digest, false);
  }

  /** Fewer bytes than expected; those that arrived may be correct. */
  static WrongBytes tooShort(String why) {
    return new WrongBytes(why, "", true);
  }

  /** What differs, as a sentence without its stop. */
  String why() {
    return why;
  }

  /** What arrived, as far as known: the same for the same bytes. */
  String seen() {
    return seen;
  }

  /** Whether less came than there should be. */
  boolean isShort() {
    return isShort;
  }
}
