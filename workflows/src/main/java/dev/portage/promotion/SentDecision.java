package dev.portage.promotion;

import dev.portage.approval.Decision.Channel;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A decision from its arrival until it is applied or refused. */
final class SentDecision {

  private final CarriedOver.Sent sent;

  /** Whether someone waits for the answer. */
  private boolean isAwaited;

  /** The result, null before that is known. */
  private @Nullable Receipt receipt;

  /** The interim answer, null if there is none. */
  private @Nullable Receipt meanwhile;

  SentDecision(CarriedOver.Sent sent) {
    this.sent = sent;
  }

  /** As another run of the workflow is handed it. */
  CarriedOver.Sent sent() {
    return sent;
  }

  Verdict verdict() {
    return sent.verdict();
  }

  DecisionMessage message() {
    return sent.message();
  }

  String id() {
    return sent.id();
  }

  Instant came() {
    return sent.came();
  }

  /** Whether the time for it was up when it came. */
  boolean late() {
    return sent.late();
  }

  /** Whether its comment was longer. */
  boolean cut() {
    return sent.cut();
  }

  /** Over which way it came, null when unknown. */
  @Nullable Channel channel() {
    return sent.channel();
  }

  /** Characters of what was written in it. */
  int length() {
    DecisionMessage message = sent.message();
    return length(message.request())
        + length(message.by())
        + length(message.comment())
        + length(message.id())
        + length(message.proof());
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /** Records that someone waits for the answer. */
  void awaited() {
    isAwaited = true;
  }

  /** Records the result. */
  void settled(Receipt what) {
    receipt = what;
  }

  /** Notes what is answered before it is settled. */
  void answeredMeanwhile(Receipt what) {
    meanwhile = what;
  }

  boolean isSettled() {
    return receipt != null;
  }

  /** The answer, null as long as there is none. */
  @Nullable Receipt answer() {
    return receipt == null ? meanwhile : receipt;
  }

  /** Whether someone waits and has no answer. */
  boolean holdsSomebodyUp() {
    return isAwaited && answer() == null;
  }
}
