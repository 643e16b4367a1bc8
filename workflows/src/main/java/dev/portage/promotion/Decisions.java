package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Decision.Channel;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.People;
import dev.portage.approval.PeopleActivities;
import dev.portage.approval.PeopleQuery;
import dev.portage.approval.Receipt;
import dev.portage.approval.Request;
import dev.portage.failure.Failures;
import dev.portage.identity.PersonName;
import dev.portage.text.Bounded;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decisions on their way to the desk. Who may decide is read from the platform file when a decision
 * is applied, so each waits for that, and they are applied one after the other in order of arrival;
 * in a storm of messages, those that matter don't wait behind it. Decisions that arrive in the
 * meantime share one read.
 */
final class Decisions {

  /** Decisions that one reading serves; a reading is a payload, and has to stay small. */
  private static final int AT_ONCE = 500;

  /** Messages that did not count, beyond which it is a storm. */
  private static final int STORM = 200;

  /** What people wrote in those that are handed on, in characters; Temporal takes 2 MiB in all. */
  private static final int MOST_TEXT = 200_000;

  private static final int MOST_CARRIED = 1_000;

  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);
  private static final Duration LONGEST_WAIT = Duration.ofHours(24);

  private final ApprovalDesk desk;
  private final PromotionProgress progress;
  private final Deque<SentDecision> waiting = new ArrayDeque<>();
  private boolean settling;
  private boolean paused;
  private boolean over;
  private int count;

  /**
   * @param carriedOver what an earlier run of the workflow hands on, null in the first
   */
  Decisions(ApprovalDesk desk, PromotionProgress progress, @Nullable CarriedOver carriedOver) {
    this.desk = desk;
    this.progress = progress;
    if (carriedOver != null) {
      count = carriedOver.messages();
      carriedOver.sent().forEach(sent -> waiting.add(new SentDecision(sent)));
    }
  }

  /** How many came so far. */
  int count() {
    return count;
  }

  /** Those that are not applied yet, in the order in which they came. */
  List<CarriedOver.Sent> sent() {
    return waiting.stream().map(SentDecision::sent).toList();
  }

  /**
   * Another run of the workflow is about to take over: nobody is kept waiting for an answer, and
   * nothing more is read than that needs.
   */
  void pause() {
    paused = true;
    goOnSettling();
  }

  /** Whether nothing is under way and what waits can be carried. */
  boolean isPaused() {
    return paused && !settling && mayRest();
  }

  /** Applies what waits. */
  void goOn() {
    paused = false;
    goOnSettling();
  }

  private void goOnSettling() {
    if (!settling && !waiting.isEmpty() && !mayRest()) {
      Workflow.newDetachedCancellationScope(() -> Async.procedure(this::settle)).run();
    }
  }

  private boolean mayRest() {
    return paused && canBeCarried() && waiting.stream().noneMatch(SentDecision::holdsSomebodyUp);
  }

  private boolean canBeCarried() {
    return waiting.size() <= MOST_CARRIED
        && waiting.stream().mapToInt(SentDecision::length).sum() <= MOST_TEXT;
  }

  /**
   * Takes a decision that came as a signal: nobody waits for its answer, so none is waited for. A
   * thread for each of thousands could not be replayed within a workflow task's time.
   */
  void note(Verdict verdict, DecisionMessage sent) {
    begin(verdict, sent, false);
  }

  /** Takes a decision that came as an Update, and answers when it is applied or refused. */
  Receipt take(Verdict verdict, @Nullable DecisionMessage sent) {
    SentDecision mine = begin(verdict, sent, true);
    Workflow.newDetachedCancellationScope(() -> Workflow.await(() -> mine.answer() != null)).run();
    return Objects.requireNonNull(mine.answer(), "awaited");
  }

  private SentDecision begin(Verdict verdict, @Nullable DecisionMessage sent, boolean asked) {
    // Temporal hands over null where an Update came without a payload.
    DecisionMessage message =
        sent == null ? new DecisionMessage(null, null, null, null, null) : sent;
    count++;
    String given = message.id();
    String id = given == null || given.isBlank() ? "message-" + count : given;
    Optional<SentDecision> twin = twin(verdict, message, id);
    SentDecision mine = twin.isPresent() ? twin.get() : arrived(verdict, message, id, asked);
    if (asked) {
      mine.awaited();
    }
    if (!mine.isSettled() && !settling) {
      // A cancel of the promotion must not leave a sender without an answer.
      Workflow.newDetachedCancellationScope(this::settle).run();
    }
    return mine;
  }

  /** Whether decisions have come that are not applied yet. */
  boolean isBusy() {
    return !waiting.isEmpty();
  }

  /** The promotion is over: nobody waits for the platform file any more. */
  void end() {
    over = true;
  }

  /** The same id may come by Update and by signal, while neither is answered. */
  private Optional<SentDecision> twin(Verdict verdict, DecisionMessage message, String id) {
    return waiting.stream()
        .filter(other -> other.id().equals(id) && other.verdict() == verdict)
        .filter(other ->
            PersonName.same(other.message().by(), message.by())
                && Objects.equals(other.message().request(), message.request()))
        .findFirst();
  }

  /** What needs nobody's name to be answered does not wait behind what does. */
  private SentDecision arrived(Verdict verdict, DecisionMessage message, String id, boolean asked) {
    SentDecision mine =
        waiting(verdict, message, id, desk.isExpired(), asked ? Channel.UPDATE : Channel.SIGNAL);
    if (needsPeople(mine)) {
      waiting.add(mine);
    } else {
      mine.settled(settled(mine, new Reading(People.NOBODY, null)));
      progress.publish();
    }
    return mine;
  }

  /** What is kept of it while it waits: a comment may have as many bytes as a message. */
  private static SentDecision waiting(
      Verdict verdict, DecisionMessage message, String id, boolean late, Channel channel) {
    return new SentDecision(
        new CarriedOver.Sent(
            verdict,
            message.bounded(),
            id,
            PromotionProgress.now(),
            late,
            message.saysTooMuch(),
            channel));
  }

  private void settle() {
    settling = true;
    try {
      while (!waiting.isEmpty() && !mayRest()) {
        List<SentDecision> batch = gather();
        Reading reading = read(batch);
        if (reading == null) {
          continue;
        }
        for (SentDecision each : batch) {
          each.settled(settled(each, reading));
          waiting.remove(each);
        }
        progress.publish();
      }
    } finally {
      settling = false;
    }
  }

  /** Those that the next reading serves. */
  private List<SentDecision> gather() {
    if (desk.refusedInAll() < STORM) {
      return first();
    }
    return Stream.concat(
            waiting.stream().limit(AT_ONCE),
            waiting.stream().skip(AT_ONCE).filter(SentDecision::holdsSomebodyUp))
        .toList();
  }

  private List<SentDecision> first() {
    return waiting.stream().limit(AT_ONCE).toList();
  }

  private Receipt settled(SentDecision each, Reading reading) {
    Optional<Receipt> before = desk.receipt(each.id());
    if (before.isPresent()) {
      return desk.isOtherThan(each.id(), each.verdict(), each.message())
          .map(why -> desk.refuse(each.verdict(), each.message(), each.id(), why, each.came()))
          .orElse(before.get());
    }
    Optional<String> refusal =
        refusalAtOnce(each)
            .or(() ->
                each.verdict() == Verdict.RESUME
                    ? Optional.empty()
                    : Optional.ofNullable(reading.unread()));
    return refusal.isPresent()
        ? desk.refuse(each.verdict(), each.message(), each.id(), refusal.get(), each.came())
        : desk.take(
            each.verdict(),
            each.message(),
            reading.people(),
            each.came(),
            each.id(),
            each.cut(),
            each.channel());
  }

  /**
   * What was read of people.
   *
   * @param unread why nothing could be read, null when it could or need not be
   */
  private record Reading(People people, @Nullable String unread) {}

  /**
   * Reads who is who. While that fails it retries for a day, and says so.
   *
   * @return null when it is left to another run of the workflow
   */
  private @Nullable Reading read(List<SentDecision> batch) {
    Duration pause = FIRST_PAUSE;
    Instant end = PromotionProgress.now().plus(LONGEST_WAIT);
    try {
      while (batch.stream().anyMatch(this::needsPeople)) {
        try {
          return new Reading(people().people(query(batch)), null);
        } catch (TemporalFailure failure) {
          String why =
              "can't read the platform file, which says who may decide: " + Failures.line(failure);
          if (PromotionProgress.now().isAfter(end)) {
            return new Reading(People.NOBODY, why + "; gave up after 24 hours, so send it again");
          }
          holdUp(batch, why);
        }
        Workflow.await(pause, () -> over || paused || batch.stream().noneMatch(this::needsPeople));
        if (paused) {
          batch.forEach(each -> each.answeredMeanwhile(kept(each)));
          return null;
        }
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
      }
      return new Reading(People.NOBODY, over ? "the promotion has ended" : null);
    } finally {
      desk.holdUp(null);
    }
  }

  private PeopleActivities people() {
    return Stubs.here(
        PeopleActivities.class,
        TIMEOUT,
        "read who may decide about " + desk.openRequest().map(Request::name).orElse(""));
  }

  private Receipt kept(SentDecision each) {
    return new Receipt(
        each.id(),
        "accepted but not applied yet: "
            + desk.heldUp().orElse("can't read the platform file, which says who may decide"),
        null);
  }

  private void holdUp(List<SentDecision> batch, String why) {
    List<String> who =
        batch.stream()
            .filter(this::needsPeople)
            .map(each -> String.valueOf(each.message().by()))
            .distinct()
            .toList();
    desk.holdUp(
        "what "
            + Bounded.listed(who, ", ", 3)
            + (who.size() == 1 ? " says is" : " say is")
            + " stored and waiting: "
            + why);
    progress.publish();
  }

  /** Whether a decision depends on who sends it. */
  private boolean needsPeople(SentDecision each) {
    return !over
        && each.verdict() != Verdict.RESUME
        && !each.isSettled()
        && desk.receipt(each.id()).isEmpty()
        && refusalAtOnce(each).isEmpty();
  }

  private Optional<String> refusalAtOnce(SentDecision each) {
    return desk.refusalAtOnce(each.verdict(), each.message())
        .or(() -> each.late() ? Optional.of("the request has expired") : Optional.empty());
  }

  private PeopleQuery query(List<SentDecision> batch) {
    Set<String> names = new LinkedHashSet<>();
    batch.stream()
        .filter(this::needsPeople)
        .forEach(each -> names.addAll(desk.namesFor(each.message())));
    return new PeopleQuery(
        List.copyOf(names), desk.openRequest().map(Request::allGroups).orElse(List.of()));
  }
}
