package dev.portage.history;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * Reads the history of a model from its workspaces: only their workers can. Changes nothing; id
 * {@code history/<model>/…}, repeatable.
 */
@WorkflowInterface
public interface HistoryWorkflow {

  /** Reads it. What can't be read is in the answer, not a failure. */
  @WorkflowMethod
  HistoryView history(@Nullable HistoryOrder order);
}
