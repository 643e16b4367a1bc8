package dev.portage.live;

import dev.portage.failure.Problem;
import dev.portage.step.StepFailure;

/**
 * A change can't go on without another decision, such as a soak with too few requests. It is
 * undone, the turn is given back, and people are asked again.
 */
public final class DecideAgain extends StepFailure {

  private static final long serialVersionUID = 1L;

  private final int attempt;

  /**
   * A change that people have to decide on once more.
   *
   * @param step name of its step
   * @param attempt number of the step's attempt, whose work is undone
   * @param problem what is not known, and why
   */
  public DecideAgain(String step, int attempt, Problem problem) {
    super(step, problem, true);
    this.attempt = attempt;
  }

  /** Number of the step's attempt, whose work is undone. */
  public int attempt() {
    return attempt;
  }
}
