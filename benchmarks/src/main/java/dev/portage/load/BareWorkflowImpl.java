package dev.portage.load;

import dev.portage.promotion.PromotionState;
import dev.portage.temporal.PromotionAttributes;
import io.temporal.activity.ActivityOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** See {@link BareWorkflow}. */
public class BareWorkflowImpl implements BareWorkflow {
  private boolean decided;

  @Override
  public void run(Shape given) {
    given.before().forEach(BareWorkflowImpl::call);
    // As a promotion is found by those who look for what waits.
    Workflow.upsertTypedSearchAttributes(
        PromotionAttributes.STATE.valueSet(PromotionState.WAITING.name()));
    Workflow.await(() -> decided);
    given.after().forEach(BareWorkflowImpl::call);
  }

  @Override
  public void approve() {
    decided = true;
  }

  private static void call(String queue) {
    Workflow.newActivityStub(
            BareActivities.class,
            ActivityOptions.newBuilder()
                .setTaskQueue(queue)
                .setScheduleToCloseTimeout(Duration.ofHours(1))
                .setStartToCloseTimeout(Duration.ofSeconds(30))
                .build())
        .nothing();
  }
}
