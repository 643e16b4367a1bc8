package dev.portage.promotion;

import dev.portage.approval.DecisionMessage;
import dev.portage.approval.MessageFault;
import dev.portage.approval.Receipt;
import dev.portage.serving.SoakDesk;
import dev.portage.serving.SoakOrder;
import dev.portage.text.Bounded;
import io.temporal.workflow.Workflow;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Orders of people while traffic is moved: messages {@code proceed} and {@code abort}, as Update or
 * signal.
 */
final class SoakOrders {

  /** Name of the message that ends a soak early. */
  static final String PROCEED = "proceed";

  /** Name of the message that sends all traffic back. */
  static final String ABORT = "abort";

  private final SoakDesk desk;
  private final PromotionProgress progress;
  private final Map<String, Receipt> answered = new HashMap<>();

  SoakOrders(SoakDesk desk, PromotionProgress progress) {
    this.desk = desk;
    this.progress = progress;
  }

  /** Takes a message, by Update or by signal. */
  Receipt take(SoakOrder.What what, @Nullable DecisionMessage message) {
    String id =
        message == null || MessageFault.isBlank(message.id())
            ? Workflow.randomUUID().toString()
            : Objects.requireNonNull(message.id());
    // An id is of one order: an abort is none that was answered because a proceed has its id.
    String order = what + " " + id;
    Receipt before = answered.get(order);
    if (before != null) {
      return before;
    }
    Receipt receipt = answer(what, id, message);
    if (receipt.refused() == null) {
      answered.put(order, receipt);
      progress.notice(receipt.text());
    }
    progress.publish();
    return receipt;
  }

  private Receipt answer(SoakOrder.What what, String id, @Nullable DecisionMessage message) {
    if (message == null || MessageFault.isBlank(message.by())) {
      return new Receipt(id, "", "it does not say by whom");
    }
    String by = Bounded.line(Objects.requireNonNull(message.by()), Bounded.NAME);
    String comment = message.comment();
    String step = desk.step();
    String refused =
        desk.take(
            new SoakOrder(what, by, comment == null ? null : Bounded.line(comment, Bounded.LINE)));
    if (refused != null) {
      return new Receipt(id, "", refused);
    }
    return new Receipt(
        id,
        switch (what) {
              case PROCEED ->
                  by
                      + " lets "
                      + step
                      + " go on: the next share of the traffic follows without another look";
              case ABORT -> by + " aborts " + step + ": all traffic goes back";
            }
            + (comment == null || comment.isBlank()
                ? ""
                : ": " + Bounded.line(comment, Bounded.LINE)),
        null);
  }
}
