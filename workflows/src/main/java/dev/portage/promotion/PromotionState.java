package dev.portage.promotion;

/** The state of a promotion. */
public enum PromotionState {
  RUNNING(false),
  /** A request is open. */
  WAITING(false),
  /** A step failed; the promotion continues when someone resumes it. */
  STOPPED(false),
  RELEASED(true),
  REJECTED(true),
  FAILED(true),
  CANCELLED(true);

  private final boolean ended;

  PromotionState(boolean ended) {
    this.ended = ended;
  }

  /** Whether nothing more will happen. */
  public boolean ended() {
    return ended;
  }
}
