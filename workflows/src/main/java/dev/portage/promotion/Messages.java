package dev.portage.promotion;

import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.DecisionMessage;
import dev.portage.lane.TurnGrant;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.EncodedValues;
import io.temporal.workflow.DynamicSignalHandler;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a promotion. Signals come raw, since a typed handler silently drops what it cannot
 * decode: whatever comes either counts or is listed as refused.
 */
final class Messages implements DynamicSignalHandler {

  /** Bytes of a payload that is looked into only to show it. */
  private static final int SHOWN = 16 * 1024;

  private final ApprovalDesk desk;
  private final PromotionProgress progress;
  private final Turns turns;
  private final Decisions decisions;

  Messages(ApprovalDesk desk, PromotionProgress progress, Turns turns, Decisions decisions) {
    this.desk = desk;
    this.progress = progress;
    this.turns = turns;
    this.decisions = decisions;
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
        case "approve", "reject", "resume" ->
            decisions.note(
                Verdict.valueOf(name.toUpperCase(Locale.ROOT)),
                read(arguments, DecisionMessage.class));
        default -> refuse(name, arguments, "unknown message; use approve, reject or resume");
      }
    } catch (DataConverterException unreadable) {
      refuse(
          name,
          arguments,
          "it can't be read; it must look like {\"request\":\"prod-1\",\"by\":\"you@example.com\"}");
    }
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
    progress.tellSoon();
  }

  /** What is shown of it. A large payload is told by its size alone, and not unpacked. */
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
