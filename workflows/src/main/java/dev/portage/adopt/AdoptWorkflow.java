package dev.portage.adopt;

import dev.portage.approval.Receipt;
import dev.portage.lane.TurnHolder;
import dev.portage.step.CourseState;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * Records what is live in a workspace as its first release, so that a rollback has somewhere to go
 * back to: its bytes are hashed, its job is tagged as the model's, its version is labelled live.
 * What serves readers does not change. Repeating it changes nothing.
 */
@WorkflowInterface
public interface AdoptWorkflow extends TurnHolder {

  /**
   * Adopts.
   *
   * @param before what an earlier run of the workflow hands on, null in the first
   */
  @WorkflowMethod
  AdoptView adopt(AdoptStart start, @Nullable CourseState before);

  /** Lets it continue after a failure; the message may be {@code {"by":"ana@example.com"}}. */
  @UpdateMethod
  Receipt resume(@Nullable RawValue message);

  /** All there is to say, at any time. */
  @QueryMethod
  AdoptView status();
}
