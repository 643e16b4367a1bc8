package dev.portage.rollback;

import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.Receipt;
import dev.portage.lane.TurnRequest;
import dev.portage.step.CourseState;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInit;
import org.jspecify.annotations.Nullable;

/** See {@link RollbackWorkflow}. */
public class RollbackWorkflowImpl implements RollbackWorkflow {

  private final Rollback rollback;

  /** The state exists before the first message is handled. */
  @WorkflowInit
  public RollbackWorkflowImpl(@Nullable RawValue given, @Nullable CourseState carriedOver) {
    rollback = new Rollback(given, carriedOver);
  }

  @Override
  public RollbackView rollBack(@Nullable RawValue given, @Nullable CourseState carriedOver) {
    return rollback.run();
  }

  @Override
  public RollbackView status() {
    return rollback.status();
  }

  @Override
  public @Nullable TurnRequest turnWanted() {
    return rollback.turnWanted();
  }

  @Override
  public Receipt approve(@Nullable RawValue message) {
    return rollback.receive(Verdict.APPROVE, message);
  }

  @Override
  public Receipt reject(@Nullable RawValue message) {
    return rollback.receive(Verdict.REJECT, message);
  }

  @Override
  public Receipt resume(@Nullable RawValue message) {
    return rollback.receive(Verdict.RESUME, message);
  }
}
