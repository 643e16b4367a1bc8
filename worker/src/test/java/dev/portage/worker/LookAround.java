package dev.portage.worker;

import dev.portage.preflight.WorkspaceActivities;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceReport;
import dev.portage.temporal.Queues;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** Asks only one workspace's worker. */
@WorkflowInterface
public interface LookAround {

  /** That worker's findings. */
  @WorkflowMethod
  WorkspaceReport look(WorkspaceNeeds needs);

  /** Asks once, with a short timeout. */
  final class Impl implements LookAround {
    @Override
    public WorkspaceReport look(WorkspaceNeeds needs) {
      return Workflow.newActivityStub(
              WorkspaceActivities.class,
              ActivityOptions.newBuilder()
                  .setTaskQueue(Queues.of(needs.workspace()))
                  .setStartToCloseTimeout(Duration.ofSeconds(20))
                  .setScheduleToStartTimeout(Duration.ofSeconds(3))
                  .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
                  .build())
          .inspect(needs);
    }
  }
}
