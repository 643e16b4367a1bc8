package dev.portage.promotion;

import dev.portage.approval.Receipt;
import dev.portage.lane.TurnHolder;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * One promotion. It completes with its view when released; otherwise it fails with type {@code
 * Rejected} or {@code Failed} and the view as detail, or is cancelled. It accepts the messages
 * {@code approve}, {@code reject}, {@code resume}, {@code break-glass}, {@code proceed} and {@code
 * abort} as Updates and, under the same names, as signals. No validator refuses them, since none
 * could read who may decide: the handler takes each, and the receipt says what became of it.
 */
@WorkflowInterface
public interface PromotionWorkflow extends TurnHolder {

  /** Failure type of a promotion that a gate or a person rejected. */
  String REJECTED = "Rejected";

  /** Failure type of a promotion whose place a newer one took. */
  String SUPERSEDED = "Superseded";

  /** Failure type of a promotion that failed. */
  String FAILED = "Failed";

  /**
   * Carries the model along its path.
   *
   * @param carriedOver what an earlier run of the workflow hands on, null in the first
   */
  @WorkflowMethod
  PromotionView promote(PromotionStart start, @Nullable CarriedOver carriedOver);

  /** All there is to say, at any time. */
  @QueryMethod
  PromotionView status();

  /** A person's yes to the open request. */
  @UpdateMethod
  Receipt approve(@Nullable RawValue message);

  /** A person's no to the open request. */
  @UpdateMethod
  Receipt reject(@Nullable RawValue message);

  /** The order to continue after a step failed. */
  @UpdateMethod
  Receipt resume(@Nullable RawValue message);

  /** The order to end a soak early: the next share of the traffic follows without another look. */
  @UpdateMethod
  Receipt proceed(@Nullable RawValue message);

  /** The order to send all traffic back to the champion. */
  @UpdateMethod
  Receipt abort(@Nullable RawValue message);

  /** The order to go through a freeze; the next one, of a second person, confirms it. */
  @UpdateMethod(name = "break-glass")
  Receipt breakGlass(@Nullable RawValue message);
}
