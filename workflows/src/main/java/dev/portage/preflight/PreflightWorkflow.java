package dev.portage.preflight;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * Checks everything before anything changes. Id {@code preflight/<model>/<key>/<hash>}, repeatable;
 * the hash covers the file and the requester.
 */
@WorkflowInterface
public interface PreflightWorkflow {

  /**
   * Checks file, workspaces, rights, pools; changes nothing. Lacks are in the report, not failures.
   */
  @WorkflowMethod
  PreflightReport check(@Nullable PreflightOrder order);
}
