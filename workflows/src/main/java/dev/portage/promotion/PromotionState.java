package dev.portage.promotion;

/** The state of a promotion. */
public enum PromotionState {
  RUNNING(false),
  /** A request is open. */
  WAITING(false),
  /** A step failed; the promotion continues when someone resumes it. */
  STOPPED(false),
  /** A freeze of the target holds it up before it requests the turn; it continues by itself. */
  FROZEN(false),
  RELEASED(true),
  REJECTED(true),
  FAILED(true),
  CANCELLED(true),
  /** A newer promotion of the model took its place. */
  SUPERSEDED(true);

  private final boolean ended;

  PromotionState(boolean ended) {
    this.ended = ended;
  }

  /** Whether nothing more will happen. */
  public boolean ended() {
    return ended;
  }
}
