package dev.portage.promotion;

import dev.portage.failure.Problem;

/**
 * The promotion ends early; as {@link PromotionState#RELEASED} if it had been released before.
 * Stays inside the workflow.
 */
final class PromotionEnd extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final PromotionState state;
  private final transient Problem problem;

  PromotionEnd(PromotionState state, Problem problem) {
    super(problem.message());
    this.state = state;
    this.problem = problem;
  }

  PromotionState state() {
    return state;
  }

  Problem problem() {
    return problem;
  }
}
