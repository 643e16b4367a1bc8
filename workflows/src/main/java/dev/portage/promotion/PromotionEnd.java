package dev.portage.promotion;

import dev.portage.failure.Problem;
import dev.portage.step.EarlyEnd;

/**
 * The promotion ends early; as {@link PromotionState#RELEASED} if it had been released before.
 * Stays inside the workflow.
 */
final class PromotionEnd extends EarlyEnd {
  private static final long serialVersionUID = 1L;

  private final PromotionState state;

  PromotionEnd(PromotionState state, Problem problem) {
    super(problem);
    this.state = state;
  }

  PromotionState state() {
    return state;
  }
}
