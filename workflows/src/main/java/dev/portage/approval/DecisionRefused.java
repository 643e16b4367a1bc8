package dev.portage.approval;

/**
 * Thrown by an Update's validator when a decision cannot count. A plain exception: its class name
 * is the failure type that the sender sees, which an {@code ApplicationFailure} thrown in a
 * validator would lose in SDK 1.38.
 */
public final class DecisionRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The reason, as the sender reads it. */
  public DecisionRefused(String reason) {
    super(reason);
  }
}
