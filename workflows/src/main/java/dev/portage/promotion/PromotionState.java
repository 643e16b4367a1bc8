package dev.portage.promotion;

/** Where a promotion stands. */
public enum PromotionState {
  RUNNING(false),
  /** A request is open. */
  WAITING(false),
  /** A step failed; it goes on when somebody says resume. */
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
