package dev.portage.step;

import dev.portage.failure.Problem;

/** A step failed. Stays inside the workflow: it stops there, or ends. */
public class StepFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String step;
  private final transient Problem problem;
  private final boolean endedForGood;

  /**
   * @param step its name
   * @param problem why
   * @param endedForGood whether the remote side has ended: only a new business attempt can succeed.
   *     Otherwise the old key is polled first
   */
  public StepFailure(String step, Problem problem, boolean endedForGood) {
    super(problem.message());
    this.step = step;
    this.problem = problem;
    this.endedForGood = endedForGood;
  }

  /** Name of the step. */
  public String step() {
    return step;
  }

  /** Why it failed. */
  public Problem problem() {
    return problem;
  }

  /** Whether only a new business attempt can succeed. */
  public boolean endedForGood() {
    return endedForGood;
  }
}
