package dev.portage.promotion;

import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.failure.Failures;
import dev.portage.lane.TurnGrant;
import dev.portage.notice.NoticeReport;
import io.temporal.api.common.v1.Payloads;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.EncodedValues;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.DynamicSignalHandler;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Messages to a promotion. They arrive raw, since a typed handler silently drops a signal that it
 * can't decode, and rejects such an Update with a parser's message: here, every message either
 * counts or is listed as refused.
 */
final class Messages implements DynamicSignalHandler {

  private static final String UNREADABLE =
      "it can't be read; it must look like {\"request\":\"prod-1\",\"by\":\"you@example.com\"}";

  private static final String UNKNOWN = "unknown message; use approve, reject or resume";

  /** Bytes of a payload that is decoded only to show it. */
  private static final int SHOWN = 16 * 1024;

  private final ApprovalDesk desk;
  private final PromotionProgress progress;
  private final Turns turns;
  private final Decisions decisions;
  private final Telling telling;

  Messages(
      ApprovalDesk desk,
      PromotionProgress progress,
      Turns turns,
      Decisions decisions,
      Telling telling) {
    this.desk = desk;
    this.progress = progress;
    this.turns = turns;
    this.decisions = decisions;
    this.telling = telling;
  }

  @Override
  public void handle(String name, EncodedValues arguments) {
    try {
      switch (name) {
        case TurnGrant.SIGNAL -> {
          if (!turns.grant(read(arguments, TurnGrant.class).turn())) {
            refuse(name, arguments, "turns are read from the lane, not taken from messages");
          }
        }
        case NoticeReport.SIGNAL -> {
          if (!telling.report(read(arguments, NoticeReport.class))) {
            refuse(name, arguments, "this promotion sent no such notice");
          }
        }
        case "approve", "reject", "resume" ->
            decisions.note(
                Verdict.valueOf(name.toUpperCase(Locale.ROOT)),
                read(arguments, DecisionMessage.class));
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
    EncodedValues arguments =
        new EncodedValues(
            Optional.ofNullable(sent)
                .map(raw -> Payloads.newBuilder().addPayloads(raw.getPayload()).build()),
            dev.portage.temporal.Payloads.dataConverter());
    @Nullable DecisionMessage message;
    try {
      message = sent == null ? null : arguments.get(0, DecisionMessage.class);
    } catch (DataConverterException unreadable) {
      refuse(verdict.name().toLowerCase(Locale.ROOT), arguments, UNREADABLE);
      throw refusal(UNREADABLE);
    }
    Receipt receipt = decisions.take(verdict, message);
    String refused = receipt.refused();
    if (refused != null && (message == null || !Boolean.TRUE.equals(message.readsReceipt()))) {
      // A sender that does not read the receipt would take a refusal for a yes.
      throw refusal(refused);
    }
    return receipt;
  }

  /** Refuses any other Update. */
  Object refuseUnknown(String name, EncodedValues arguments) {
    refuse(name, arguments, UNKNOWN);
    throw refusal(UNKNOWN);
  }

  private static ApplicationFailure refusal(String why) {
    return Failures.withoutStack(ApplicationFailure.newNonRetryableFailure(why, "Refused"));
  }

  /** Reads the payload; none at all is as unreadable as a wrong one. */
  private static <T> T read(EncodedValues arguments, Class<T> type) {
    @Nullable T message = arguments.getSize() == 0 ? null : arguments.get(0, type);
    if (message == null) {
      throw new DataConverterException("no payload");
    }
    return message;
  }

  private void refuse(String name, EncodedValues arguments, String reason) {
    desk.refuse(name + " " + raw(arguments), reason, PromotionProgress.now());
    progress.publish();
  }

  /** What is shown of it. A large payload is described by its size alone, and not decoded. */
  private static String raw(EncodedValues arguments) {
    int bytes = arguments.toPayloads().map(all -> all.getSerializedSize()).orElse(0);
    if (bytes > SHOWN) {
      return "with a payload of " + bytes + " bytes";
    }
    try {
      return arguments.getSize() == 0
          ? "without a payload"
          : String.valueOf(arguments.get(0, Object.class));
    } catch (DataConverterException unreadable) {
      return "with a payload that is not JSON";
    }
  }
}
