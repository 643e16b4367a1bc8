package dev.portage.rollback;

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
 * One rollback, id {@code rollback/<workspace>/<model>/<n>}. Started under any other id, as from
 * the Web UI, it finds the next free one, has that rollback done, and has the same result. It
 * completes with its view; otherwise it fails with the view as detail, or is cancelled.
 */
@WorkflowInterface
public interface RollbackWorkflow extends TurnHolder {

  /** Type of the workflow, for those who start it in the Web UI. */
  String TYPE = "RollbackWorkflow";

  /**
   * Puts every live thing of a workspace into the state that an earlier release recorded.
   *
   * @param start a {@link RollbackStart}; raw, since people type it
   * @param carriedOver what an earlier run of the workflow hands on, null in the first
   */
  @WorkflowMethod
  RollbackView rollBack(@Nullable RawValue start, @Nullable CourseState carriedOver);

  /** All there is to say, at any time. */
  @QueryMethod
  RollbackView status();

  /** A person's yes to the open request. */
  @UpdateMethod
  Receipt approve(@Nullable RawValue message);

  /** A person's no to the open request. */
  @UpdateMethod
  Receipt reject(@Nullable RawValue message);

  /** The order to continue after a step failed. */
  @UpdateMethod
  Receipt resume(@Nullable RawValue message);
}
