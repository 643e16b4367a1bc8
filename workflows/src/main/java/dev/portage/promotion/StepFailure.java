package dev.portage.promotion;

import dev.portage.failure.Problem;

/** A step failed. Stays inside the workflow: the promotion stops there, or ends. */
sealed class StepFailure extends RuntimeException permits EndedRun {
  private static final long serialVersionUID = 1L;

  private final String step;
  private final transient Problem problem;
  private final boolean endedForGood;

  /**
   * @param endedForGood whether the remote side has ended: only a new business attempt can succeed.
   *     Otherwise the old key is polled first
   */
  StepFailure(String step, Problem problem, boolean endedForGood) {
    super(problem.message());
    this.step = step;
    this.problem = problem;
    this.endedForGood = endedForGood;
  }

  String step() {
    return step;
  }

  Problem problem() {
    return problem;
  }

  boolean endedForGood() {
    return endedForGood;
  }
}
