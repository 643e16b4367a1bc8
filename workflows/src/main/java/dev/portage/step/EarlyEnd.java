package dev.portage.step;

import dev.portage.failure.Problem;

/** The workflow ends before its last step. Stays inside the workflow. */
public class EarlyEnd extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  /**
   * @param problem why
   */
  public EarlyEnd(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  /** Why. */
  public Problem problem() {
    return problem;
  }
}
