package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.MessageFault;
import dev.portage.approval.PeopleActivities;
import dev.portage.approval.PeopleQuery;
import dev.portage.approval.Receipt;
import dev.portage.failure.Failures;
import dev.portage.freeze.Freeze;
import dev.portage.identity.NameFault;
import dev.portage.identity.PersonName;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.WrittenDuration;
import dev.portage.text.Bounded;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets a promotion through the freezes that hold it up: one person orders it with a reason, and a
 * second one confirms it in time. A freeze that begins later needs another order. Message {@code
 * break-glass}, as Update or signal; the first one orders, the next one confirms.
 */
final class BreakGlass {

  /** Name of the message. */
  static final String MESSAGE = "break-glass";

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final PromotionProgress progress;
  private final Map<String, Receipt> answered = new HashMap<>();
  private @Nullable String frozen;
  private List<String> freezes = List.of();
  private @Nullable ApprovalPolicy policy;
  private @Nullable GlassState state;

  /**
   * @param carriedOver what an earlier run of the workflow hands on, null in the first
   */
  BreakGlass(PromotionProgress progress, @Nullable CarriedOver carriedOver) {
    this.progress = progress;
    this.state = carriedOver == null ? null : carriedOver.breakGlass();
  }

  /** What another run of the workflow has to know; null for nothing. */
  @Nullable GlassState state() {
    return state;
  }

  /** The freezes in force hold the promotion up: from now on an order counts, for all of them. */
  void holds(String workspace, List<Freeze> inForce, ApprovalPolicy policyThere) {
    frozen = workspace;
    freezes = inForce.stream().map(Freeze::id).toList();
    policy = policyThere;
  }

  /** Nothing is frozen any more, or the way is free: an order has no meaning. */
  void holdsNoMore() {
    frozen = null;
  }

  /** The confirmed order for a freeze; empty if there is none. */
  Optional<GlassState> brokenFor(Freeze freeze) {
    return Optional.ofNullable(state)
        .filter(GlassState::isConfirmed)
        .filter(order -> order.covers(freeze.workspace(), List.of(freeze.id())));
  }

  /** Takes a message, by Update or by signal. */
  Receipt take(@Nullable DecisionMessage message) {
    String id =
        message == null || MessageFault.isBlank(message.id())
            ? Workflow.randomUUID().toString()
            : Objects.requireNonNull(message.id());
    Receipt before = answered.get(id);
    if (before != null) {
      return before;
    }
    Receipt receipt = message == null ? refused(id, "it says nothing") : answer(id, message);
    if (receipt.refused() == null) {
      answered.put(id, receipt);
      progress.notice(receipt.text());
    }
    progress.publish();
    return receipt;
  }

  private Receipt answer(String id, DecisionMessage message) {
    Optional<String> fault = fault(message);
    if (fault.isPresent()) {
      return refused(id, fault.get());
    }
    String by = Objects.requireNonNull(message.by());
    String person;
    try {
      person = person(by);
    } catch (TemporalFailure failure) {
      return refused(id, "who that is can't be read: " + Failures.line(failure));
    }
    // It may be over since.
    String workspace = frozen;
    List<String> held = freezes;
    ApprovalPolicy here = policy;
    if (workspace == null || here == null) {
      return refused(id, "no freeze holds this promotion up");
    }
    GlassState order = state;
    if (order == null || !order.covers(workspace, held) || hasLapsed(order)) {
      Duration within = here.breakGlassWithin();
      Instant until = PromotionProgress.now().plus(within);
      state =
          new GlassState(
              workspace,
              held,
              Bounded.line(by, Bounded.PERSON),
              person,
              Bounded.line(String.valueOf(message.comment()), Bounded.LINE),
              until,
              null);
      return new Receipt(
          id,
          "break-glass for "
              + workspace
              + " ordered by "
              + state.by()
              + ": "
              + state.reason()
              + "; a second person has to confirm it within "
              + WrittenDuration.text(within)
              + " by the same command",
          null);
    }
    if (order.isConfirmed()) {
      return refused(id, "it was ordered by " + order.by() + " and confirmed already");
    }
    if (order.person().equals(person)) {
      return refused(id, order.by() + " ordered it, and a second person has to confirm it");
    }
    state = order.confirmed(Bounded.line(by, Bounded.PERSON));
    return new Receipt(
        id,
        "break-glass for "
            + workspace
            + " ordered by "
            + order.by()
            + ", confirmed by "
            + state.confirmedBy()
            + ": "
            + order.reason(),
        null);
  }

  private Optional<String> fault(DecisionMessage message) {
    if (frozen == null) {
      return Optional.of("no freeze holds this promotion up");
    }
    return NameFault.of(message.by())
        .or(() -> MessageFault.oversized(message))
        .or(() ->
            MessageFault.isBlank(message.by())
                ? Optional.of("it doesn't say who sent it: add \"by\"")
                : Optional.empty())
        .or(() ->
            MessageFault.isBlank(message.comment())
                ? Optional.of("it doesn't say why: add \"comment\", or --reason TEXT")
                : Optional.empty());
  }

  private static boolean hasLapsed(GlassState order) {
    return !order.isConfirmed() && !PromotionProgress.now().isBefore(order.until());
  }

  /** One person may go by several names; the platform file says which. */
  private static String person(String by) {
    List<String> names = new ArrayList<>(List.of(by));
    return Stubs.here(PeopleActivities.class, TIMEOUT, "read who orders break-glass")
        .people(new PeopleQuery(names, List.of()))
        .persons()
        .getOrDefault(by, PersonName.compared(by));
  }

  private static Receipt refused(String id, String why) {
    return new Receipt(Bounded.line(id, Bounded.ID), "refused: " + why, why);
  }
}
