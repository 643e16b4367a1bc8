package dev.portage.lane;

import io.temporal.workflow.HandlerUnfinishedPolicy;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mutex of a registered model in a workspace, id {@code lane/<workspace>/<name>}. It grants the
 * turn to one promotion at a time, notices terminated holders, and ends when nobody needs it.
 */
@WorkflowInterface
public interface LaneWorkflow {

  /**
   * Runs until nobody has or wants the turn.
   *
   * @param state how an earlier run left it; null is free
   */
  @WorkflowMethod
  void run(@Nullable LaneState state);

  /**
   * Requests the turn; requesting it twice is the same as once. A request for another lane, from
   * something that is no promotion, or without content has no effect.
   */
  @SignalMethod
  void request(@Nullable TurnRequest request);

  /**
   * Requests the turn and answers when it is granted; empty if the request was withdrawn first.
   * Temporal limits how many Updates may wait at once, and a lane that continues as new answers
   * none of them, so a caller without an answer reads the {@link #state}. Empty at once for
   * anything that {@link #request} doesn't accept.
   */
  @UpdateMethod(unfinishedPolicy = HandlerUnfinishedPolicy.ABANDON)
  Optional<Grant> grant(@Nullable TurnRequest request);

  /** Gives the turn back, or stops asking for it. Without a request nothing happens. */
  @SignalMethod
  void giveBack(@Nullable TurnRequest request);

  /** Who has it and who waits. */
  @QueryMethod
  LaneState state();
}
