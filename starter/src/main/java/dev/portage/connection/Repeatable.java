package dev.portage.connection;

import dev.portage.temporal.Queues;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowOptions;

/** Workflows that may be started again under the same id once they have ended. */
public final class Repeatable {

  private Repeatable() {}

  /** Options of one. A start finds the one that runs, if there is one, and is no error then. */
  public static WorkflowOptions.Builder withId(String id) {
    return WorkflowOptions.newBuilder()
        .setWorkflowId(id)
        .setTaskQueue(Queues.PORTAGE)
        .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
        .setWorkflowIdConflictPolicy(
            WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING);
  }
}
