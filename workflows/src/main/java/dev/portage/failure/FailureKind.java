package dev.portage.failure;

/**
 * Whose move it is after something failed. The names are the failure types that cross the wire, so
 * they never change.
 */
public enum FailureKind {
  /**
   * The model, its notebooks or its files are wrong: asking again unchanged gives the same answer.
   */
  USER("UserError"),
  /** A server did not answer, or not as it should: asking again later may help. */
  PLATFORM("PlatformError"),
  /** Going on would be wrong, whatever anybody does: the promotion ends. */
  FATAL("FatalError"),
  /** Somebody asked for an end. */
  CANCELLED("Cancelled");

  private final String type;

  FailureKind(String type) {
    this.type = type;
  }

  /** The type of the {@code ApplicationFailure} that carries this kind. */
  public String type() {
    return type;
  }

  /** The kind that a failure type names; a type that is not one of ours is the platform's. */
  public static FailureKind ofType(String type) {
    for (FailureKind kind : values()) {
      if (kind.type.equals(type)) {
        return kind;
      }
    }
    return PLATFORM;
  }
}
