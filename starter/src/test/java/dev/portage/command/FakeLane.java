package dev.portage.command;

import dev.portage.lane.Grant;
import dev.portage.lane.LaneState;
import dev.portage.lane.LaneWorkflow;
import dev.portage.lane.TurnRequest;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A lane that never changes. */
public class FakeLane implements LaneWorkflow {

  private final LaneState state;

  @WorkflowInit
  public FakeLane(@Nullable LaneState state) {
    this.state = Objects.requireNonNullElse(state, LaneState.free());
  }

  @Override
  public void run(@Nullable LaneState same) {
    Workflow.await(() -> false);
  }

  @Override
  public void request(@Nullable TurnRequest request) {
    throw new UnsupportedOperationException("nobody asks");
  }

  @Override
  public Optional<Grant> grant(@Nullable TurnRequest request) {
    throw new UnsupportedOperationException("nobody asks");
  }

  @Override
  public void giveBack(@Nullable TurnRequest request) {
    throw new UnsupportedOperationException("nobody asks");
  }

  @Override
  public LaneState state() {
    return state;
  }
}
