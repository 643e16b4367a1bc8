package dev.portage.load;

import dev.portage.promotion.PromotionState;
import dev.portage.temporal.PromotionAttributes;
import io.temporal.activity.ActivityOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;

/** See {@link BareWorkflow}. */
public class BareWorkflowImpl implements BareWorkflow {
  private final Shape shape;
  private boolean decided;

  /** The shape exists before the first message is handled. */
  @WorkflowInit
  public BareWorkflowImpl(Shape shape) {
    this.shape = shape;
  }

  @Override
  public void run(Shape given) {
    given.before().forEach(BareWorkflowImpl::call);
    // As a promotion is found by those who look for what waits.
    Workflow.upsertTypedSearchAttributes(
        PromotionAttributes.STATE.valueSet(PromotionState.WAITING.name()));
    Workflow.await(() -> decided);
    given.after().stream().skip(1).forEach(BareWorkflowImpl::call);
  }

  @Override
  public void approve() {
    shape.after().stream().limit(1).forEach(BareWorkflowImpl::call);
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
