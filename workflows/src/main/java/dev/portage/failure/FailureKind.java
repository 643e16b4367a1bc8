package dev.portage.failure;

/**
 * Who must act after a failure. The names are the failure types in payloads, so they never change.
 */
public enum FailureKind {
  /**
   * The model, its notebooks or its files are wrong: asking again unchanged gives the same answer.
   */
  USER("UserError"),
  /** A server did not answer, or not as it should: asking again later may help. */
  PLATFORM("PlatformError"),
  /** Continuing would be wrong, whatever anyone does: the promotion ends. */
  FATAL("FatalError"),
  /** Someone requested the end. */
  CANCELLED("Cancelled");

  private final String type;

  FailureKind(String type) {
    this.type = type;
  }

  /** The type of the {@code ApplicationFailure} that carries this kind. */
  public String type() {
    return type;
  }

  /** The kind that a failure type names; a type that is not ours is the platform's. */
  public static FailureKind ofType(String type) {
    for (FailureKind kind : values()) {
      if (kind.type.equals(type)) {
        return kind;
      }
    }
    return PLATFORM;
  }
}
