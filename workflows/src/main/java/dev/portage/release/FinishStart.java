package dev.portage.release;

import java.util.List;

/**
 * Order to finish what an ended promotion left unfinished.
 *
 * @param promotion id of the promotion
 * @param unfinished what is to be done, as the promotion's own record lists it
 * @param by who ordered it
 */
public record FinishStart(String promotion, List<Unfinished> unfinished, String by) {

  public FinishStart {
    unfinished = List.copyOf(unfinished);
  }

  /** Workflow id: one at a time for a promotion. */
  public String workflowId() {
    return FinishWorkflow.idOf(promotion);
  }
}
