package dev.portage.live;

import dev.portage.failure.Problem;
import dev.portage.step.StepFailure;

/** Nobody can tell whether a change was made: until that is read, nothing may be put back. */
public final class ChangeNotKnown extends StepFailure {

  private static final long serialVersionUID = 1L;

  /**
   * A change whose response was lost, and that can't be read either.
   *
   * @param step name of its step
   */
  public ChangeNotKnown(String step, Problem problem) {
    super(step, problem, false);
  }
}
