package dev.portage.step;

import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.People;
import dev.portage.approval.RawMessage;
import dev.portage.approval.Receipt;
import dev.portage.failure.Failures;
import dev.portage.lane.Preempt;
import dev.portage.lane.Turns;
import dev.portage.notice.NoticeReport;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.EncodedValues;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.DynamicSignalHandler;
import io.temporal.workflow.DynamicUpdateHandler;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Messages to a {@link Course}: the order to resume, approvals and rejections where it asks for
 * them, by Update or signal; a lane's word that someone preempts, and what became of notices. Every
 * other one, and one that can't be read or comes when nobody asked for it, is listed as refused.
 */
public final class CourseMessages implements DynamicSignalHandler {

  private static final String UNREADABLE =
      "it can't be read; it must look like {\"by\":\"you@example.com\"}";
  private static final String UNKNOWN = "unknown message; use resume";
  private static final String UNKNOWN_TO_ASKERS = "unknown message; use approve, reject or resume";

  private final ApprovalDesk desk;
  private final Turns turns;
  private final StepWatcher watcher;
  private @Nullable Function<List<String>, People> people;
  private Predicate<NoticeReport> notices = report -> false;
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

  /**
   * Takes approvals and rejections, too.
   *
   * @param who reads who is who, by names as they were given; it may wait
   */
  public void asks(Function<List<String>, People> who) {
    people = who;
  }

  /**
   * Takes the word of the workflows that deliver its notices.
   *
   * @param report takes one; whether it is about a notice of this workflow
   */
  public void tells(Predicate<NoticeReport> report) {
    notices = report;
  }

  /** How many orders came so far. */
  int count() {
    return count;
  }

  @Override
  public void handle(String name, EncodedValues arguments) {
    try {
      switch (name) {
        case "approve", "reject", "resume" ->
            take(verdict(name), RawMessage.read(arguments, DecisionMessage.class));
        case NoticeReport.SIGNAL -> {
          if (!notices.test(RawMessage.read(arguments, NoticeReport.class))) {
            refuse(name, arguments, "it sent no such notice");
          }
        }
        case Preempt.SIGNAL -> {
          if (!turns.preempt(RawMessage.read(arguments, Preempt.class))) {
            refuse(name, arguments, "it does not hold that turn");
          }
        }
        default -> refuse(name, arguments, unknown());
      }
    } catch (DataConverterException unreadable) {
      refuse(name, arguments, UNREADABLE);
    }
  }

  private static Verdict verdict(String name) {
    return Verdict.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private String unknown() {
    return people == null ? UNKNOWN : UNKNOWN_TO_ASKERS;
  }

  /**
   * Takes an order to resume that came as an Update.
   *
   * @param sent null where it came without a payload
   * @throws ApplicationFailure that says why it is refused, to a sender that reads no receipt
   */
  public Receipt resume(@Nullable RawValue sent) {
    return receive(Verdict.RESUME, sent);
  }

  /**
   * Takes a decision or an order that came as an Update.
   *
   * @param sent null where it came without a payload
   * @throws ApplicationFailure that says why it is refused, to a sender that reads no receipt
   */
  public Receipt receive(Verdict verdict, @Nullable RawValue sent) {
    EncodedValues arguments = RawMessage.of(sent);
    DecisionMessage message;
    try {
      message = RawMessage.read(arguments, DecisionMessage.class);
    } catch (DataConverterException unreadable) {
      refuse(verdict.name().toLowerCase(Locale.ROOT), arguments, UNREADABLE);
      throw RawMessage.refusal(UNREADABLE);
    }
    Receipt receipt = take(verdict, message);
    String refused = receipt.refused();
    if (refused != null && !Boolean.TRUE.equals(message.readsReceipt())) {
      // A sender that does not read the receipt would take a refusal for a yes.
      throw RawMessage.refusal(refused);
    }
    return receipt;
  }

  private Receipt take(Verdict verdict, DecisionMessage message) {
    count++;
    Instant came = now();
    String given = message.id();
    String id = given == null || given.isBlank() ? "message-" + count : given;
    watcher.changed();
    Function<List<String>, People> who = people;
    if (verdict != Verdict.RESUME && who == null) {
      return desk.refuse(verdict, message, id, unknown(), came);
    }
    Optional<String> refusal =
        desk.receipt(id).isPresent()
            ? desk.isOtherThan(id, verdict, message)
            : desk.refusalAtOnce(verdict, message);
    if (refusal.isPresent()) {
      return desk.refuse(verdict, message, id, refusal.get(), came);
    }
    People known;
    try {
      known =
          verdict == Verdict.RESUME || who == null || desk.receipt(id).isPresent()
              ? People.NOBODY
              : who.apply(desk.namesFor(message));
    } catch (TemporalFailure failure) {
      String why = "who may decide can't be read: " + Failures.line(failure);
      return desk.refuse(verdict, message, id, why, came);
    }
    Receipt receipt = desk.take(verdict, message.bounded(), known, came, id, message.saysTooMuch());
    watcher.changed();
    return receipt;
  }

  private Object refuseUnknown(String name, EncodedValues arguments) {
    refuse(name, arguments, unknown());
    throw RawMessage.refusal(unknown());
  }

  private void refuse(String name, EncodedValues arguments, String reason) {
    desk.refuse(name + " " + RawMessage.shown(arguments), reason, now());
    watcher.changed();
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
