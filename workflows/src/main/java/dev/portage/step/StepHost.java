package dev.portage.step;

import dev.portage.failure.Problem;

/**
 * What steps need of the workflow around them: to stop, to be resumed and to end. A promotion, a
 * rollback and an adoption each have one; for workflows without approvals {@link Course} is it.
 */
public interface StepHost {

  /**
   * A step failed and the order to resume is waited for from now on: people are told, and told how
   * to resume. Must not wait. Called once for each stop, also where the wait for it continues in
   * another run of the workflow.
   */
  void stops(StepFailure failure);

  /** Whether the order to resume has come since {@link #stops}. Asked in conditions. */
  boolean isResumed();

  /** The order is not waited for any more, whether it came or not. */
  void stopEnds();

  /** How the workflow ends when a step can't be resumed: thrown by the runner. */
  EarlyEnd gaveUp(Problem problem);

  /** Something that people should know, besides the list of steps. */
  void notice(String text);
}
