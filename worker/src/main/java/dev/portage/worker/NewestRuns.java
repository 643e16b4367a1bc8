package dev.portage.worker;

import dev.portage.webhook.PromotionPages;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import java.util.Optional;

/** Asks Temporal for the newest runs of workflows. */
final class NewestRuns implements PromotionPages.NewestRun {

  private final WorkflowClient client;

  NewestRuns(WorkflowClient client) {
    this.client = client;
  }

  @Override
  public Optional<String> of(String workflow) {
    try {
      return Optional.of(
          client.newUntypedWorkflowStub(workflow).describe().getExecution().getRunId());
    } catch (WorkflowException | StatusRuntimeException unanswered) {
      // A link to an earlier run is better than no notice.
      return Optional.empty();
    }
  }
}
