package dev.portage.release;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Finishes what an ended promotion left unfinished, since a closed workflow accepts no orders:
 * {@code portage resume} then starts this one. It does exactly what the promotion's record lists,
 * and may be repeated until nothing is left.
 */
@WorkflowInterface
public interface FinishWorkflow {

  /** Workflow id for a promotion's. */
  static String idOf(String promotion) {
    return "finish/" + promotion.replaceFirst("^promotion/", "");
  }

  /** Tries each for a short time. What still fails is listed in the result. */
  @WorkflowMethod
  FinishView finish(FinishStart start);

  /** How far it is. */
  @QueryMethod
  FinishView status();
}
