package dev.portage.order;

import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * Carries out an order about workspaces: only their workers can. Ids are {@code
 * freeze/<workspace>/…}, {@code unfreeze/<workspace>/…} and {@code lift/<model>/…}.
 */
@WorkflowInterface
public interface OrderWorkflow {

  /**
   * Carries it out. What can't be done is in the answer; only an input that can't be read is a
   * failure.
   *
   * @param order a {@link WorkspaceOrder}; raw, since people type it
   */
  @WorkflowMethod
  OrderView order(@Nullable RawValue order);
}
