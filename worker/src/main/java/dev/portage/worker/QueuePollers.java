package dev.portage.worker;

import dev.portage.preflight.QueueActivities;
import dev.portage.temporal.Pollers;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.client.WorkflowClient;
import java.time.Instant;

/** Reads from Temporal who serves a task queue. */
final class QueuePollers implements QueueActivities {

  private final WorkflowClient client;

  QueuePollers(WorkflowClient client) {
    this.client = client;
  }

  @Override
  public Pollers pollersOf(String queue) {
    return Pollers.of(
        client.getWorkflowServiceStubs().blockingStub()::describeTaskQueue,
        client.getOptions().getNamespace(),
        queue,
        TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
        Instant.now());
  }
}
