package dev.portage.live;

import dev.portage.failure.Problem;
import dev.portage.step.StepFailure;

/**
 * The workspace was frozen while something was being changed there. It is undone, the turn is given
 * back, and requested again after the freeze.
 */
public final class FrozenMeanwhile extends StepFailure {

  private static final long serialVersionUID = 1L;

  private final int attempt;

  /**
   * A change that waits for the end of a freeze.
   *
   * @param step name of its step
   * @param attempt of the step, whose work is undone
   * @param problem which freeze, and how to end it
   */
  public FrozenMeanwhile(String step, int attempt, Problem problem) {
    super(step, problem, true);
    this.attempt = attempt;
  }

  /** The attempt of the step, whose work is undone. */
  public int attempt() {
    return attempt;
  }
}
