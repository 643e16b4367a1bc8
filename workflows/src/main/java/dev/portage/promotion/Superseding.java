package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.candidate.Candidate;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.lane.Turns;
import dev.portage.settings.Concurrency;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import dev.portage.text.Bounded;
import dev.portage.underway.Admitted;
import dev.portage.underway.Contender;
import dev.portage.underway.EnterOrder;
import dev.portage.underway.LeaveOrder;
import dev.portage.underway.Left;
import dev.portage.underway.Superseded;
import dev.portage.underway.UnderwayActivities;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A promotion among others of its model: it announces itself, and ends if a newer one takes its
 * place, as after a cancel; not while it holds a turn.
 */
final class Superseding {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration UNDER_TURN = Duration.ofSeconds(20);

  private final PromotionStart start;
  private final PromotionProgress progress;
  private final Turns turns;
  private final Instant since;
  private @Nullable Superseded message;
  private @Nullable CancellationScope way;
  private @Nullable Station last;
  private @Nullable CancelOrder cancel;
  private boolean takesEffect;
  private boolean meetsUnknown;

  /** Whether it was let in when it started: it is not refused once it has paid for anything. */
  private boolean wentOn;

  /**
   * @param carriedOver what an earlier run of the workflow hands on, null in the first
   */
  Superseding(
      PromotionStart start,
      PromotionProgress progress,
      Turns turns,
      @Nullable CarriedOver carriedOver) {
    this.start = start;
    this.progress = progress;
    this.turns = turns;
    this.since = progress.started();
    this.message = carriedOver == null ? null : carriedOver.superseded();
    // No run of the workflow ends between that step and the announcement.
    this.wentOn =
        carriedOver != null && carriedOver.steps().results().containsKey(StepNames.PREPARE);
  }

  /** The message that has not taken effect yet; null for none. */
  @Nullable Superseded message() {
    return message;
  }

  /** Carries the model along, until it is there or a newer one takes its place. */
  void run(CancelOrder order, Runnable carry) {
    CancellationScope scope = Workflow.newCancellationScope(carry);
    cancel = order;
    way = scope;
    takeEffect();
    scope.run();
  }

  /** A newer promotion takes the place of this one. */
  void supersede(Superseded by) {
    if (message != null || isTooLate()) {
      return;
    }
    message = by;
    if (turns.inHand() != null) {
      progress.notice(
          "superseded by "
              + shown(by)
              + ", once this promotion gives its turn back without going live");
    }
    takeEffect();
  }

  /** Ends the promotion if it is to be and holds no turn; after each turn. */
  void takeEffect() {
    Superseded by = message;
    if (by == null || way == null || takesEffect || turns.inHand() != null || isTooLate()) {
      return;
    }
    takesEffect = true;
    progress.cancelling("superseded by " + shown(by) + "; stopping what runs and undoing changes");
    way.cancel("superseded by " + by.by());
  }

  private boolean isTooLate() {
    return cancel != null && cancel.isTooLate();
  }

  /** Whether it ended the promotion. */
  boolean tookEffect() {
    return takesEffect;
  }

  /** The end that it brought. */
  PromotionEnd end() {
    progress.outcome().left().values().forEach(what -> progress.notice("Left in place: " + what));
    Superseded by = Objects.requireNonNull(message, "it took effect");
    return end(
        "superseded by " + shown(by) + "; " + progress.outcome().stillLive(), unlessWanted());
  }

  /**
   * Announces the promotion, before anything is paid for. Where what knows the others can't be
   * reached, the promotion goes on, and says so.
   *
   * @throws PromotionEnd when it may not go on
   */
  void enter(Settings settings) {
    enter(settings, "start", start.commit(), start.version(), PATIENCE);
    wentOn = true;
  }

  /**
   * Comes again once its candidate is known, where that says more: it was trained elsewhere, or
   * others can't be told older or newer by their commits.
   *
   * @throws PromotionEnd when it may not go on
   */
  void enter(Settings settings, Candidate candidate) {
    boolean says =
        start.commit() == null
            ? candidate.commit() != null || start.version() == null
            : meetsUnknown;
    if (says) {
      enter(settings, "registered", candidate.commit(), candidate.originVersion(), PATIENCE);
    }
  }

  /**
   * Under a turn before which another champion came: a newer candidate may have gone live.
   *
   * @throws PromotionEnd when one has
   */
  void requireNewest(Settings settings, Candidate candidate) {
    enter(
        settings,
        "turn " + turns.asked(),
        candidate.commit(),
        candidate.originVersion(),
        UNDER_TURN);
  }

  private void enter(
      Settings settings,
      String occasion,
      @Nullable String commit,
      @Nullable String version,
      Duration patience) {
    Station target = settings.path().getLast();
    last = target;
    if (isTooLate()) {
      // An earlier run of the workflow announced it, and no newer one takes its place any more.
      return;
    }
    Concurrency policy = Objects.requireNonNullElse(settings.concurrency(), Concurrency.SUPERSEDE);
    Contender contender =
        new Contender(
                start.workflowId(),
                commit,
                start.ancestors(),
                settings.first().workspace() + "/" + settings.first().model(),
                version != null && version.matches("[0-9]{1,18}") ? Long.valueOf(version) : null,
                start.allowOlder(),
                policy,
                since)
            .goneOn(wentOn);
    Admitted admitted;
    try {
      admitted =
          Stubs.quick(
                  UnderwayActivities.class,
                  Queues.PORTAGE,
                  patience,
                  "announce it to the other promotions of " + target.model())
              .enter(new EnterOrder(target.workspace(), target.model(), contender, occasion));
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      progress.notice(
          "other promotions of " + target.model() + " don't know of it: " + Failures.line(failure));
      return;
    }
    switch (admitted.outcome()) {
      case GOES_ON -> {
        meetsUnknown = !admitted.unknown().isEmpty();
        admitted
            .unknown()
            .forEach(other ->
                progress.notice(
                    "whether "
                        + other
                        + " is older or newer is unknown, so both go on in the order of their turns"));
      }
      case SUPERSEDED ->
          throw end("superseded by " + admitted.by() + ": " + admitted.why(), unlessWanted());
      case REFUSED ->
          throw new PromotionEnd(
              PromotionState.REJECTED,
              problem(
                  admitted.by() + " is under way (concurrency: refuse): " + admitted.why(),
                  "When that one has ended: " + Repeat.of(start)));
    }
  }

  /**
   * Says that the candidate is live, before the turn is given back: whoever has it next learns of
   * it then. Nobody waits for that long.
   */
  void isLive() {
    leave(true, UNDER_TURN);
  }

  /** Signs the promotion off, however it ended. */
  void leave(boolean released) {
    leave(released, PATIENCE);
  }

  private void leave(boolean released, Duration patience) {
    Station target = last;
    if (target == null) {
      return;
    }
    try {
      Workflow.newDetachedCancellationScope(() ->
              Stubs.here(UnderwayActivities.class, patience, "sign the promotion off")
                  .leave(
                      new LeaveOrder(
                          target.workspace(),
                          target.model(),
                          new Left(start.workflowId(), released))))
          .run();
      last = null;
    } catch (TemporalFailure failure) {
      // Who knows the others looks itself whether this one still runs.
    }
  }

  private String unlessWanted() {
    return "Nothing to do, unless this candidate is wanted after all: "
        + Repeat.olderAllowed(start);
  }

  private PromotionEnd end(String cameBack, String remedy) {
    return new PromotionEnd(PromotionState.SUPERSEDED, problem(cameBack, remedy));
  }

  private Problem problem(String cameBack, String remedy) {
    Station target = last;
    return Problem.of(
        FailureKind.USER,
        "make this candidate live",
        target == null ? "the last workspace of its path" : "workspace " + target.workspace(),
        Bounded.line(cameBack, Bounded.ANSWER),
        remedy);
  }

  private static String shown(Superseded by) {
    return Bounded.line(by.by(), Bounded.NAME) + ", since " + Bounded.line(by.why(), Bounded.LINE);
  }
}
