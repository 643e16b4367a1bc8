package dev.portage.lane;

import io.temporal.workflow.HandlerUnfinishedPolicy;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.Optional;

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

  /**
   * Asks for the turn and answers when it is granted; empty when the request was given back first.
   * Temporal limits how many Updates may wait at once, and a lane that continues as new answers
   * none of them, so a caller without an answer looks at the {@link #state}.
   */
  @UpdateMethod(unfinishedPolicy = HandlerUnfinishedPolicy.ABANDON)
  Optional<Grant> grant(TurnRequest request);

  /** Gives the turn back, or stops asking for it. */
  @SignalMethod
  void giveBack(TurnRequest request);

  /** Who has it and who waits. */
  @QueryMethod
  LaneState state();
}
