package dev.portage.secrets;

/**
 * The value behind a reference. Only the caller of {@link #reveal} sees it: no log, message or JSON
 * does.
 */
public final class Secret {

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * Wraps a value.
   *
   * @throws IllegalArgumentException when it is blank; the message does not hold it
   */
  public static Secret of(String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a secret is never blank");
    }
    return new Secret(value);
  }

  /** The value itself, for the one header that needs it. */
  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
