package dev.portage.underway;

import io.temporal.workflow.HandlerUnfinishedPolicy;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * Knows the promotions of a registered model that are under way, id {@code
 * underway/<workspace>/<model>} by the last workspace of their path. It decides which of them goes
 * on, and ends when none is left. Should it be lost, nobody is superseded who came before; whoever
 * comes later is compared again with whoever comes after that.
 */
@WorkflowInterface
public interface UnderwayWorkflow {

  /** Its workflow id. */
  static String idOf(String workspace, String model) {
    return "underway/" + workspace + "/" + model;
  }

  /**
   * Runs while promotions are under way.
   *
   * @param state how an earlier run left it; null for nobody
   */
  @WorkflowMethod
  void run(@Nullable UnderwayState state);

  /**
   * A promotion comes, or comes again with more known of its candidate. Ends the older ones if its
   * policy says so.
   */
  @UpdateMethod(unfinishedPolicy = HandlerUnfinishedPolicy.ABANDON)
  Admitted enter(@Nullable Contender contender);

  /** A promotion has ended. */
  @SignalMethod
  void leave(@Nullable Left left);

  /** Who is under way. */
  @QueryMethod
  UnderwayState state();
}
