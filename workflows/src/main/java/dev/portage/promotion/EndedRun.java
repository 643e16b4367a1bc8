package dev.portage.promotion;

import dev.portage.failure.Problem;
import dev.portage.job.RunResult;
import dev.portage.step.StepFailure;

/** A step failed since its run ended otherwise than with success. */
final class EndedRun extends StepFailure {
  private static final long serialVersionUID = 1L;

  private final transient RunResult result;

  /**
   * @param result how the run ended
   */
  EndedRun(String step, Problem problem, RunResult result) {
    super(step, problem, true);
    this.result = result;
  }

  RunResult result() {
    return result;
  }
}
