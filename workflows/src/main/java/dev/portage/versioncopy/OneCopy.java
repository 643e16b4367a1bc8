package dev.portage.versioncopy;

import dev.portage.temporal.PromotionAttributes;
import dev.portage.temporal.Queues;
import dev.portage.text.Markdown;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.ChildWorkflowCancellationType;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/**
 * Workflow code that has the one workflow whose id contains a version's number copy that version.
 * Of all who request the same version, however they name it, one at a time copies; the others wait,
 * and then find nothing missing.
 */
final class OneCopy {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private OneCopy() {}

  /**
   * Has it copied.
   *
   * @param id of the one workflow
   * @param start by the version's number
   */
  static CopyView by(String id, CopyStart start) {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return child(id, start).copyVersion(start);
      } catch (ChildWorkflowFailure failure) {
        if (!(failure.getCause() instanceof WorkflowExecutionAlreadyStarted)) {
          throw failure;
        }
      }
      Workflow.newTimer(
              pause,
              TimerOptions.newBuilder()
                  .setSummary(Markdown.summary("another copy of it is running: " + id))
                  .build())
          .get();
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
  }

  private static CopyWorkflow child(String id, CopyStart start) {
    return Workflow.newChildWorkflowStub(
        CopyWorkflow.class,
        ChildWorkflowOptions.newBuilder()
            .setWorkflowId(id)
            .setTaskQueue(Queues.PORTAGE)
            .setWorkflowIdReusePolicy(
                WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
            .setCancellationType(ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED)
            .setTypedSearchAttributes(PromotionAttributes.of(start.model(), start.startedBy()))
            .setStaticSummary(start.summary())
            .build());
  }
}
