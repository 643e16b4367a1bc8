package dev.portage.step;

import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.People;
import dev.portage.approval.RawMessage;
import dev.portage.approval.Receipt;
import dev.portage.lane.Preempt;
import dev.portage.lane.Turns;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.EncodedValues;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.DynamicSignalHandler;
import io.temporal.workflow.DynamicUpdateHandler;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Messages to a {@link Course}: the order to resume, by Update or signal, and a lane's word that
 * someone preempts. Every other one, and one that can't be read or comes when nothing has stopped,
 * is listed as refused.
 */
public final class CourseMessages implements DynamicSignalHandler {

  private static final String RESUME = "resume";
  private static final String UNREADABLE =
      "it can't be read; it must look like {\"by\":\"you@example.com\"}";
  private static final String UNKNOWN = "unknown message; use resume";

  private final ApprovalDesk desk;
  private final Turns turns;
  private final StepWatcher watcher;
  private int count;

  CourseMessages(ApprovalDesk desk, Turns turns, StepWatcher watcher, int count) {
    this.desk = desk;
    this.turns = turns;
    this.watcher = watcher;
    this.count = count;
  }

  void listen() {
    Workflow.registerListener(this);
    Workflow.registerListener((DynamicUpdateHandler) this::refuseUnknown);
  }

  /** How many orders came so far. */
  int count() {
    return count;
  }

  @Override
  public void handle(String name, EncodedValues arguments) {
    try {
      switch (name) {
        case RESUME -> take(RawMessage.read(arguments, DecisionMessage.class));
        case Preempt.SIGNAL -> {
          if (!turns.preempt(RawMessage.read(arguments, Preempt.class))) {
            refuse(name, arguments, "it does not hold that turn");
          }
        }
        default -> refuse(name, arguments, UNKNOWN);
      }
    } catch (DataConverterException unreadable) {
      refuse(name, arguments, UNREADABLE);
    }
  }

  /**
   * Takes an order to resume that came as an Update.
   *
   * @param sent null where it came without a payload
   * @throws ApplicationFailure that says why it is refused, to a sender that reads no receipt
   */
  public Receipt resume(@Nullable RawValue sent) {
    EncodedValues arguments = RawMessage.of(sent);
    DecisionMessage message;
    try {
      message = RawMessage.read(arguments, DecisionMessage.class);
    } catch (DataConverterException unreadable) {
      refuse(RESUME, arguments, UNREADABLE);
      throw RawMessage.refusal(UNREADABLE);
    }
    Receipt receipt = take(message);
    String refused = receipt.refused();
    if (refused != null && !Boolean.TRUE.equals(message.readsReceipt())) {
      // A sender that does not read the receipt would take a refusal for a yes.
      throw RawMessage.refusal(refused);
    }
    return receipt;
  }

  private Receipt take(DecisionMessage message) {
    count++;
    String given = message.id();
    String id = given == null || given.isBlank() ? "message-" + count : given;
    watcher.changed();
    Optional<Receipt> before = desk.receipt(id);
    Optional<String> refusal =
        before.isPresent()
            ? desk.isOtherThan(id, Verdict.RESUME, message)
            : desk.refusalAtOnce(Verdict.RESUME, message);
    if (refusal.isPresent()) {
      return desk.refuse(Verdict.RESUME, message, id, refusal.get(), now());
    }
    return desk.take(
        Verdict.RESUME, message.bounded(), People.NOBODY, now(), id, message.saysTooMuch());
  }

  private Object refuseUnknown(String name, EncodedValues arguments) {
    refuse(name, arguments, UNKNOWN);
    throw RawMessage.refusal(UNKNOWN);
  }

  private void refuse(String name, EncodedValues arguments, String reason) {
    desk.refuse(name + " " + RawMessage.shown(arguments), reason, now());
    watcher.changed();
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
