package dev.portage.command;

import dev.portage.underway.Admitted;
import dev.portage.underway.Contender;
import dev.portage.underway.Left;
import dev.portage.underway.UnderwayState;
import dev.portage.underway.UnderwayWorkflow;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Knows those that it was started with, for ever. */
public final class FakeUnderway implements UnderwayWorkflow {

  private final UnderwayState state;

  @WorkflowInit
  public FakeUnderway(@Nullable UnderwayState state) {
    this.state = Objects.requireNonNullElse(state, UnderwayState.empty());
  }

  @Override
  public void run(@Nullable UnderwayState same) {
    Workflow.await(() -> false);
  }

  @Override
  public Admitted enter(@Nullable Contender contender) {
    throw new UnsupportedOperationException("nobody comes");
  }

  @Override
  public void leave(@Nullable Left left) {
    throw new UnsupportedOperationException("nobody leaves");
  }

  @Override
  public UnderwayState state() {
    return state;
  }
}
