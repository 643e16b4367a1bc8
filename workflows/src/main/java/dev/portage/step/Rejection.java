package dev.portage.step;

import dev.portage.failure.Problem;

/** The workflow ends since a person said no, or nobody decided in time. */
public final class Rejection extends EarlyEnd {
  private static final long serialVersionUID = 1L;

  /**
   * @param problem who said no and why
   */
  public Rejection(Problem problem) {
    super(problem);
  }
}
