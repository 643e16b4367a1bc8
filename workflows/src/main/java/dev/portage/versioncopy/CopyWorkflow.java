package dev.portage.versioncopy;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * The copy of one registered version. Repeating a finished one moves no byte and makes no second
 * version; it fails with the problem as its cause, and started again it goes on.
 */
@WorkflowInterface
public interface CopyWorkflow {

  /** Carries the version, and registers it where nothing points at it. */
  @WorkflowMethod
  CopyView copyVersion(CopyStart start);

  /** All there is to say, at any time. */
  @QueryMethod
  CopyView status();
}
