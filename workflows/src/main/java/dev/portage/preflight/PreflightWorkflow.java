package dev.portage.preflight;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * Looks before anything changes. Id {@code preflight/<model>/<key>/<hash>}, repeatable; the hash is
 * of the file and of who asks.
 */
@WorkflowInterface
public interface PreflightWorkflow {

  /**
   * Checks file, workspaces, rights, pools; changes nothing. Lacks are in the report, not failures.
   */
  @WorkflowMethod
  PreflightReport check(@Nullable PreflightOrder order);
}
