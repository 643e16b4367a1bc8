package dev.portage.versioncopy;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * The copy of one registered version. Repeating a finished copy moves no bytes and creates no
 * second version; a failed one has the problem as its cause, and continues when started again.
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
