package dev.portage.lane;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * The mutex of a registered model in a workspace, id {@code lane/<workspace>/<name>}. It gives the
 * turn to one promotion at a time, notices holders that were terminated, and ends when nobody wants
 * it.
 */
@WorkflowInterface
public interface LaneWorkflow {

  /** Runs until nobody has or wants the turn. */
  @WorkflowMethod
  void run(LaneState state);

  /** Asks for the turn; asking twice is asking once. */
  @SignalMethod
  void request(TurnRequest request);

  /** Gives the turn back, or stops asking for it. */
  @SignalMethod
  void giveBack(TurnRequest request);

  /** Who has it and who waits. */
  @QueryMethod
  LaneState state();
}
