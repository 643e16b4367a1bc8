package dev.portage.promotion;

import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.RawMessage;
import dev.portage.approval.Receipt;
import dev.portage.freeze.Thawed;
import dev.portage.lane.Preempt;
import dev.portage.lane.Turns;
import dev.portage.notice.NoticeReport;
import dev.portage.serving.SoakOrder;
import dev.portage.underway.Superseded;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.EncodedValues;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.DynamicSignalHandler;
import io.temporal.workflow.Workflow;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Messages to a promotion. They arrive raw, since a typed handler silently drops a signal that it
 * can't decode, and rejects such an Update with a parser's message: here, every message either
 * counts or is listed as refused.
 */
final class Messages implements DynamicSignalHandler {

  private static final String UNREADABLE =
      "it can't be read; it must look like {\"request\":\"prod-1\",\"by\":\"you@example.com\"}";

  private static final String UNKNOWN =
      "unknown message; use approve, reject, resume, break-glass, proceed or abort";

  private final ApprovalDesk desk;
  private final PromotionProgress progress;
  private final Turns turns;
  private final Decisions decisions;
  private final NoticeSender noticeSender;
  private final Superseding superseding;
  private final BreakGlass breakGlass;
  private final ThawCalls thawCalls;
  private final SoakOrders soak;

  /**
   * What takes messages that answer no request.
   *
   * @param breakGlass orders to go through a freeze
   * @param thawCalls news that freezes were ended
   * @param soak orders while traffic is moved
   */
  record Others(BreakGlass breakGlass, ThawCalls thawCalls, SoakOrders soak) {}

  Messages(
      ApprovalDesk desk,
      PromotionProgress progress,
      Turns turns,
      Decisions decisions,
      NoticeSender noticeSender,
      Superseding superseding,
      Others others) {
    this.desk = desk;
    this.progress = progress;
    this.turns = turns;
    this.decisions = decisions;
    this.noticeSender = noticeSender;
    this.superseding = superseding;
    this.breakGlass = others.breakGlass();
    this.thawCalls = others.thawCalls();
    this.soak = others.soak();
  }

  @Override
  public void handle(String name, EncodedValues arguments) {
    try {
      switch (name) {
        case Preempt.SIGNAL -> {
          if (!turns.preempt(RawMessage.read(arguments, Preempt.class))) {
            refuse(name, arguments, "this promotion does not hold that turn");
          }
        }
        case Superseded.SIGNAL ->
            superseding.supersede(RawMessage.read(arguments, Superseded.class));
        case Thawed.SIGNAL -> thawCalls.came();
        case BreakGlass.MESSAGE -> breakGlass(RawMessage.read(arguments, DecisionMessage.class));
        case SoakOrders.PROCEED ->
            soak(name, SoakOrder.What.PROCEED, RawMessage.read(arguments, DecisionMessage.class));
        case SoakOrders.ABORT ->
            soak(name, SoakOrder.What.ABORT, RawMessage.read(arguments, DecisionMessage.class));
        case NoticeReport.SIGNAL -> {
          if (!noticeSender.report(RawMessage.read(arguments, NoticeReport.class))) {
            refuse(name, arguments, "this promotion sent no such notice");
          }
        }
        case "approve", "reject", "resume" ->
            decisions.note(
                Verdict.valueOf(name.toUpperCase(Locale.ROOT)),
                RawMessage.read(arguments, DecisionMessage.class));
        default -> refuse(name, arguments, UNKNOWN);
      }
    } catch (DataConverterException unreadable) {
      refuse(name, arguments, UNREADABLE);
    }
  }

  /**
   * Takes a decision that came as an Update.
   *
   * @param sent null where it came without a payload
   * @throws ApplicationFailure that says why it is refused, to a sender that reads no receipt
   */
  Receipt take(Verdict verdict, @Nullable RawValue sent) {
    EncodedValues arguments = RawMessage.of(sent);
    @Nullable DecisionMessage message;
    try {
      message = sent == null ? null : arguments.get(0, DecisionMessage.class);
    } catch (DataConverterException unreadable) {
      refuse(verdict.name().toLowerCase(Locale.ROOT), arguments, UNREADABLE);
      throw RawMessage.refusal(UNREADABLE);
    }
    Receipt receipt = decisions.take(verdict, message);
    String refused = receipt.refused();
    if (refused != null && (message == null || !Boolean.TRUE.equals(message.readsReceipt()))) {
      // A sender that does not read the receipt would take a refusal for a yes.
      throw RawMessage.refusal(refused);
    }
    return receipt;
  }

  /** An order that came as a signal: nobody reads its receipt, so what doesn't count is listed. */
  private void breakGlass(DecisionMessage message) {
    Workflow.newDetachedCancellationScope(() ->
            Async.procedure(() -> listed(BreakGlass.MESSAGE, breakGlass.take(message), message)))
        .run();
  }

  private void listed(String name, Receipt receipt, DecisionMessage message) {
    if (receipt.refused() != null) {
      desk.refuse(name + " by=" + message.by(), receipt.refused(), PromotionProgress.now());
      progress.publish();
    }
  }

  /**
   * Takes an order to go through a freeze that came as an Update.
   *
   * @param sent null where it came without a payload
   */
  Receipt breakGlass(@Nullable RawValue sent) {
    EncodedValues arguments = RawMessage.of(sent);
    DecisionMessage message;
    try {
      message = RawMessage.read(arguments, DecisionMessage.class);
    } catch (DataConverterException unreadable) {
      refuse(BreakGlass.MESSAGE, arguments, UNREADABLE);
      throw RawMessage.refusal(UNREADABLE);
    }
    Receipt receipt = breakGlass.take(message);
    listed(BreakGlass.MESSAGE, receipt, message);
    String refused = receipt.refused();
    if (refused != null && !Boolean.TRUE.equals(message.readsReceipt())) {
      throw RawMessage.refusal(refused);
    }
    return receipt;
  }

  private void soak(String name, SoakOrder.What what, DecisionMessage message) {
    listed(name, soak.take(what, message), message);
  }

  /**
   * Takes an order about a cutover that came as an Update.
   *
   * @param sent null where it came without a payload
   */
  Receipt soak(SoakOrder.What what, @Nullable RawValue sent) {
    String name = what.name().toLowerCase(Locale.ROOT);
    EncodedValues arguments = RawMessage.of(sent);
    DecisionMessage message;
    try {
      message = RawMessage.read(arguments, DecisionMessage.class);
    } catch (DataConverterException unreadable) {
      refuse(name, arguments, UNREADABLE);
      throw RawMessage.refusal(UNREADABLE);
    }
    Receipt receipt = soak.take(what, message);
    listed(name, receipt, message);
    String refused = receipt.refused();
    if (refused != null && !Boolean.TRUE.equals(message.readsReceipt())) {
      throw RawMessage.refusal(refused);
    }
    return receipt;
  }

  /** Refuses any other Update. */
  Object refuseUnknown(String name, EncodedValues arguments) {
    refuse(name, arguments, UNKNOWN);
    throw RawMessage.refusal(UNKNOWN);
  }

  private void refuse(String name, EncodedValues arguments, String reason) {
    desk.refuse(name + " " + RawMessage.shown(arguments), reason, PromotionProgress.now());
    progress.publish();
  }
}
