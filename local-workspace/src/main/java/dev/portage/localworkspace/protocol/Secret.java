package dev.portage.localworkspace.protocol;

/** A key that must be used as it is, and never shown. */
public final class Secret {
  private final String value;

  /** A secret of that value. */
  public Secret(String value) {
    this.value = value;
  }

  /** The value; use it only in a signature. */
  public String value() {
    return value;
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
