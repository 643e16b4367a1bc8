package dev.portage.promotion;

import dev.portage.candidate.Candidate;
import dev.portage.clearance.Clearance;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.live.LiveHop;
import dev.portage.live.LiveSeen;
import dev.portage.release.FollowUp;
import dev.portage.release.Release;
import dev.portage.settings.Station;
import dev.portage.step.StepFailure;
import dev.portage.trigger.Triggers;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The change of what is live, with the turn in hand: each live thing in order, the last one being
 * the point of no return. It knows what was changed, and whether the candidate is live.
 */
final class Switchover {

  private final Journey journey;
  private final Station target;
  private final Candidate candidate;
  private final Clearing clearing;
  private final Thaw thaw;
  private final Evaluation evaluation;
  private final LiveHop hop;
  private final LiveChanges changes;
  private final Undoing undoing;
  private final Releasing releasing;
  private final Publication publication;
  private @Nullable Release release;
  private boolean moved;

  Switchover(
      Journey journey,
      Candidate candidate,
      Station target,
      Hop.Arrived arrived,
      Evaluation evaluation,
      Thaw thaw,
      Publication publication,
      LiveHop hop) {
    this.journey = journey;
    this.candidate = candidate;
    this.target = target;
    this.evaluation = evaluation;
    this.thaw = thaw;
    this.publication = publication;
    this.hop = hop;
    this.clearing = new Clearing(journey);
    this.changes = new LiveChanges(journey, hop, arrived, evaluation);
    this.undoing = new Undoing(journey, hop, evaluation.live());
    this.releasing = new Releasing(journey, candidate, target, arrived);
  }

  /** What it changes. */
  LiveChanges changes() {
    return changes;
  }

  /** How that is put back. */
  Undoing undoing() {
    return undoing;
  }

  /** Whether the candidate is live: after that nothing is undone. */
  boolean isLive() {
    return moved;
  }

  /** The record of what is live by it; null before. */
  @Nullable Release release() {
    return release;
  }

  /** What is left to do once the candidate is live. */
  void followUp(Release live) {
    if (!publication.isPublished()) {
      publication.later(releasing.live());
    }
    List<FollowUp> left = new ArrayList<>(publication.left());
    left.addAll(changes.followUps(releasing.live()));
    releasing.followUp(live, left);
  }

  /**
   * What this promotion has done here before: in a run of the workflow that someone has reset, or
   * under a turn that ended with the outcome unknown or with something not put back. While that is
   * read, it is looked up whether the candidate may go live now.
   *
   * @param step that takes the turn
   * @return whether the decision still stands
   */
  TurnOutcome lookBack(String step) {
    Promise<Clearance> clearance = Async.function(() -> clearing.require(target, candidate));
    TurnOutcome came = before(step);
    return came == TurnOutcome.STANDS && thaw.isFrozen(clearance.get()) ? TurnOutcome.FROZEN : came;
  }

  private TurnOutcome before(String step) {
    LiveSeen seen = changes.lookUnderTurn();
    if (Boolean.TRUE.equals(seen.released())) {
      hop.notice(
          "this promotion was released in "
              + target.workspace()
              + " before, as version "
              + hop.version()
              + " of "
              + target.model()
              + ", so nothing changes there; to repeat it: "
              + Repeat.of(journey.start()));
      journey.progress().liveBefore(hop.version(), target.workspace());
      return TurnOutcome.LIVE_BEFORE;
    }
    if (changes.areApplied(seen)) {
      found(seen);
      return TurnOutcome.LIVE;
    }
    changes.isSeen();
    LiveSeen now = seen;
    if (undoing.isPending() && changes.isLastApplied(seen)) {
      // It is live: what belongs to it is made again, and nothing is put back under it.
      undoing.forget();
    } else if (undoing.isPending()) {
      undoing.undo();
      if (!undoing.unsettled().isEmpty()) {
        throw undoing.failure(step);
      }
      now = evaluation.live().now();
    }
    if (!Objects.equals(now.championVersion(), evaluation.shown().seen().championVersion())) {
      journey.superseding().requireNewest(journey.settings(), candidate);
    }
    return evaluation.stillStands(now) ? TurnOutcome.STANDS : TurnOutcome.DECIDE_AGAIN;
  }

  /** Each live thing, in order. Before the last one, decisions have to stand once more. */
  TurnOutcome change() {
    changes.skipOthers();
    changes.beforeTheLast().forEach(thing -> changes.apply(thing, undoing::changed));
    return changeLast();
  }

  /**
   * The point of no return. From here on a cancel no longer takes effect: the champion moves, and
   * its follow-ups are done. If more workspaces follow, a cancel takes effect before the next one's
   * first step.
   */
  private TurnOutcome changeLast() {
    CancellationScope.throwCanceled();
    TurnOutcome came = changes.beforeTheLast().isEmpty() ? TurnOutcome.STANDS : lookAgain();
    if (came != TurnOutcome.STANDS) {
      undoing.undo();
      publication.direct().remove();
      if (!undoing.unsettled().isEmpty()) {
        throw undoing.failure(hop.step(changes.last()));
      }
      return came;
    }
    CancellationScope.throwCanceled();
    Workflow.newDetachedCancellationScope(
            () -> {
              changes.apply(changes.last(), change -> {});
              wentLive();
            })
        .run();
    return TurnOutcome.LIVE;
  }

  /**
   * What came before may take an hour: meanwhile someone may move a champion by hand, edit what
   * this promotion has changed, add what the champion's move would start, freeze the target or put
   * the candidate in quarantine.
   */
  private TurnOutcome lookAgain() {
    String step = hop.step(changes.last());
    try {
      Promise<Clearance> clearance = Async.function(() -> clearing.require(target, candidate));
      Promise<Triggers> triggers = Async.function(() -> evaluation.triggersAgain(step));
      LiveSeen now = evaluation.live().again(changes.made());
      List<String> edited = changes.changedByOthers(now);
      if (!edited.isEmpty()) {
        return edited(edited);
      }
      boolean stands =
          evaluation.standsAgainstTheChampion(now.only(changes.last().name()), triggers.get());
      if (thaw.isFrozen(clearance.get())) {
        noticeFrozen();
        return TurnOutcome.FROZEN;
      }
      return stands ? TurnOutcome.STANDS : TurnOutcome.DECIDE_AGAIN;
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      throw new StepFailure(
          step,
          Failures.problemOf(
              failure,
              "read what is live, what starts elsewhere, freezes and quarantine",
              "workspace " + target.workspace()),
          false);
    }
  }

  /** Says that a freeze began while it changed what is live. */
  void noticeFrozen() {
    hop.notice(
        target.workspace()
            + " was frozen meanwhile: this promotion undoes its changes there, and requests the"
            + " turn again after the freeze");
  }

  /**
   * Somebody changed by hand what this promotion had changed, and the champion doesn't move over
   * that. What is still as this promotion left it is undone; what somebody edited stays, and a
   * person is told how it is and how it was. Then people decide on what is there.
   */
  private TurnOutcome edited(List<String> lines) {
    lines.forEach(hop::notice);
    undoing.undo();
    publication.direct().remove();
    changes.repeat();
    if (undoing.unsettled().isEmpty()) {
      return TurnOutcome.DECIDE_AGAIN;
    }
    throw new StepFailure(
        hop.step(changes.last()),
        Problem.of(
            FailureKind.USER,
            "make version " + hop.version() + " the champion",
            "workspace " + hop.workspace(),
            String.join("; ", lines),
            "The champion has not moved. Look at what was changed: put it back by hand, or leave it"
                + " as it is; then: portage resume "
                + hop.holder()),
        true);
  }

  private void found(LiveSeen seen) {
    changes.found(seen, undoing.changes());
    wentLive();
  }

  private void wentLive() {
    moved = true;
    publication.direct().keep();
    undoing.forget();
    release = releasing.isLive(changes.things(), changes.made(), changes.order());
    if (target.equals(journey.settings().path().getLast())) {
      journey.cancel().tooLate();
    }
  }

  /**
   * What readers see of it, in the same workflow task as the champion's move: from here on a cancel
   * has no effect. Older candidates that wait for the turn are told before they get it.
   */
  void publish() {
    Workflow.newDetachedCancellationScope(() -> publication.publish(releasing.live())).run();
    if (target.equals(journey.settings().path().getLast())) {
      journey.superseding().isLive();
    }
  }

  /** Undoes what was changed, unless it is live: after that nothing is undone. */
  void undo() {
    if (moved) {
      return;
    }
    if (changes.isKnown()) {
      undoing.undo();
      publication.direct().remove();
    } else {
      undoing.leaveInPlace("what is live may depend on it");
    }
  }

  /** Whether it is live after all, as far as one look without waiting can tell. */
  void lookAtTheEnd() {
    LiveSeen seen;
    try {
      seen = evaluation.live().withoutWaiting();
    } catch (TemporalFailure blind) {
      changes.staysUnknown();
      return;
    }
    if (changes.isLastApplied(seen)) {
      found(seen);
      return;
    }
    changes.isSeen();
    if (undoing.isPending()) {
      undoing.leaveInPlace("the promotion holds no turn any more, and the champion had not moved");
      undoing.leavesIt();
    }
  }
}
