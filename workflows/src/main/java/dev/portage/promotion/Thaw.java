package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.candidate.Candidate;
import dev.portage.clearance.Clearance;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.freeze.Freeze;
import dev.portage.freeze.Held;
import dev.portage.freeze.HeldActivities;
import dev.portage.freeze.HeldOrder;
import dev.portage.history.HistoryActivities;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.live.FrozenMeanwhile;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Holds a promotion up before it requests the turn, while its target is frozen and nobody has
 * broken the glass. It holds nothing meanwhile. It is told when freezes are ended by command; what
 * changes in the platform file it finds out by itself.
 */
final class Thaw {

  /** Freezes of the platform file may end early, and any may be lost or be extended. */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
  private static final Duration TO_ANNOUNCE = Duration.ofMinutes(1);

  private final Journey journey;
  private final Station target;
  private final Candidate candidate;
  private final Clearing clearing;

  Thaw(Journey journey, Station target, Candidate candidate) {
    this.journey = journey;
    this.target = target;
    this.candidate = candidate;
    this.clearing = new Clearing(journey);
  }

  /**
   * Waits until nothing is frozen, or the glass is broken.
   *
   * @throws PromotionEnd when the candidate is refused meanwhile
   */
  void await() {
    Duration pause = FIRST_PAUSE;
    boolean told = false;
    Instant announced = Instant.MIN;
    while (true) {
      int calls = journey.thawCalls().count();
      Clearance clearance = clearing.require(target, candidate);
      List<Freeze> holding = holding(clearance);
      if (holding.isEmpty()) {
        journey.breakGlass().holdsNoMore();
        return;
      }
      Freeze freeze = holding.getFirst();
      journey.breakGlass().holds(target.workspace(), inForce(clearance), policy());
      journey.progress().frozen(freeze);
      if (!told) {
        told = true;
        journey.noticeSender().frozen(target.workspace() + "/" + freeze.id());
      }
      if (!announced.equals(freeze.until())) {
        announce(freeze);
        // Whoever was told meanwhile is no longer on the list.
        announced = journey.thawCalls().count() == calls ? freeze.until() : Instant.MIN;
        // It may have been ended just before.
        continue;
      }
      Duration left = Duration.between(PromotionProgress.now(), freeze.until());
      journey
          .nextRun()
          .await(
              left.compareTo(pause) < 0 ? left : pause,
              freeze.isOfModel()
                  ? "wait until someone ends the hold on " + journey.start().model()
                  : "wait for the end of the freeze of " + target.workspace(),
              () ->
                  journey.breakGlass().brokenFor(freeze).isPresent()
                      || journey.thawCalls().count() != calls);
      if (journey.thawCalls().count() != calls) {
        // Whoever was told is no longer on the list, and what is left may be shown late.
        announced = Instant.MIN;
        pause = FIRST_PAUSE;
      } else {
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
      }
    }
  }

  /** To be told when it is ended early. Without that it is found out later. */
  private void announce(Freeze freeze) {
    try {
      Stubs.here(HeldActivities.class, TO_ANNOUNCE, "be told when " + target.workspace() + " thaws")
          .hold(new HeldOrder(target.workspace(), new Held(journey.id(), freeze.until())));
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
    }
  }

  /** Under the turn: whether the target is frozen by now, so that the turn goes back. */
  boolean isFrozen(Clearance clearance) {
    return !holding(clearance).isEmpty();
  }

  /** The same in the middle of a change that takes long, with the candidate's quarantine. */
  void require(String step, int attempt) {
    List<Freeze> holding = holding(clearing.require(target, candidate));
    if (!holding.isEmpty()) {
      Freeze freeze = holding.getFirst();
      throw new FrozenMeanwhile(
          step,
          attempt,
          Problem.of(
              FailureKind.USER,
              "step " + step,
              "workspace " + target.workspace(),
              freeze.text(),
              freeze.remedy()));
    }
  }

  /** The freezes that hold it up; a passage through one is recorded before it is used. */
  private List<Freeze> holding(Clearance clearance) {
    List<Freeze> holding = new ArrayList<>();
    List<Freeze> passed = new ArrayList<>();
    for (Freeze freeze : inForce(clearance)) {
      (journey.breakGlass().brokenFor(freeze).isPresent() ? passed : holding).add(freeze);
    }
    if (holding.isEmpty()) {
      passed.forEach(freeze ->
          journey.breakGlass().brokenFor(freeze).ifPresent(order -> record(freeze, order)));
    }
    return holding;
  }

  private static List<Freeze> inForce(Clearance clearance) {
    return clearance.freezesAt(PromotionProgress.now());
  }

  private void record(Freeze freeze, GlassState broken) {
    String id =
        HistoryEvent.idOf(HistoryKind.BREAK_GLASS, target.workspace(), journey.id())
            + "/"
            + freeze.id();
    String key = StepNames.hop(target, "glass " + freeze.id());
    if (journey.journal().has(key)) {
      return;
    }
    Instant now = PromotionProgress.now();
    Stubs.quick(
            HistoryActivities.class,
            Queues.of(target.workspace()),
            journey.settings().retryTimeout(),
            "record that the freeze is broken")
        .appendEvent(
            HistoryEvent.of(
                    id,
                    HistoryKind.BREAK_GLASS,
                    target.workspace(),
                    target.model(),
                    now,
                    broken.by())
                .name(journey.start().model())
                .reason(
                    broken.reason()
                        + " (confirmed by "
                        + broken.confirmedBy()
                        + "; "
                        + freeze.text()
                        + ")")
                .workflow(journey.id())
                .build());
    journey.journal().put(key, true);
    journey
        .progress()
        .notice(
            "goes through the freeze of "
                + target.workspace()
                + ": ordered by "
                + broken.by()
                + ", confirmed by "
                + broken.confirmedBy());
  }

  private ApprovalPolicy policy() {
    return Objects.requireNonNull(
        journey.settings().approvals().get(target.workspace()), "every target has a policy");
  }
}
