package dev.portage.promotion;

import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.lane.TurnRequest;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * One promotion. It ends with its view when released; else it fails with type {@code Rejected} or
 * {@code Failed} and the view as detail, or is cancelled. The messages {@code approve}, {@code
 * reject} and {@code resume} are taken as Updates and, by the same names, as signals. No validator
 * refuses them, since none could read who may decide: the handler takes each, and the receipt says
 * what came of it.
 */
@WorkflowInterface
public interface PromotionWorkflow {

  /** Task queue of workflows, and of the activities that belong to no workspace. */
  String TASK_QUEUE = "portage";

  /**
   * Task queue of those who wait for a turn. They wait for hours, and each takes a slot; on a queue
   * with others they could take them all, also from who is to give a turn back.
   */
  String TURN_QUEUE = "portage-turns";

  /** Failure type of a promotion that a gate or a person rejected. */
  String REJECTED = "Rejected";

  /** Failure type of a promotion that failed. */
  String FAILED = "Failed";

  /** Memo: how a promotion ended that was cancelled in Temporal, in one line. */
  String SAYS = "portageSays";

  /**
   * Memo: what was unfinished when the promotion ended, in one line, for those who list many; none
   * where nothing was.
   */
  String UNFINISHED = "portageUnfinished";

  /** Memo: SHA-256 of the file that a promotion was started with. */
  String FILE_HASH = "portageFileHash";

  /** Memo: when a promotion was started, where its workflow went on in another run. */
  String STARTED = "portageStarted";

  /** Task queue of a workspace's activities. */
  static String queueOf(String workspace) {
    return TASK_QUEUE + "/" + workspace;
  }

  /**
   * Carries the model along its path.
   *
   * @param carried what an earlier run of the workflow hands on, null in the first
   */
  @WorkflowMethod
  PromotionView promote(PromotionStart start, @Nullable Carried carried);

  /** All there is to say, at any time. */
  @QueryMethod
  PromotionView status();

  /** The asking for a turn that this promotion waits for or holds; null without one. */
  @QueryMethod
  @Nullable TurnRequest turnWanted();

  /** A person's yes to the open request. */
  @UpdateMethod
  Receipt approve(DecisionMessage message);

  /** A person's no to the open request. */
  @UpdateMethod
  Receipt reject(DecisionMessage message);

  /** The order to go on after a step failed. */
  @UpdateMethod
  Receipt resume(DecisionMessage message);
}
