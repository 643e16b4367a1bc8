package dev.portage.promotion;

import dev.portage.candidate.Candidate;
import dev.portage.clearance.Clearance;
import dev.portage.duplicates.Deduplication;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.live.DecideAgain;
import dev.portage.live.FrozenMeanwhile;
import dev.portage.live.LiveHop;
import dev.portage.live.LiveSeen;
import dev.portage.live.MayGoOn;
import dev.portage.live.ScoringRun;
import dev.portage.release.FollowUp;
import dev.portage.release.Release;
import dev.portage.serving.SoakDesk;
import dev.portage.settings.Station;
import dev.portage.step.EarlyEnd;
import dev.portage.step.Made;
import dev.portage.step.StepFailure;
import dev.portage.trigger.Triggers;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a hop that changes what is live, under the turn: each live thing in order, the last
 * one being the point of no return. It never waits for a person while it holds the turn: whatever
 * fails, it undoes what was changed and gives the turn back first.
 */
final class GoLive {

  private final Journey journey;
  private final Station target;
  private final Candidate candidate;
  private final Clearing clearing;
  private final Thaw thaw;
  private final Approval approval;
  private final Evaluation evaluation;
  private final LiveHop hop;
  private final LiveChanges changes;
  private final Undoing undoing;
  private final Releasing releasing;
  private final Publication publication;
  private final BatchScoring scoring;
  private final HeldTurn turn;
  private final WatchStarting watchStarting;
  private @Nullable Release release;
  private boolean moved;

  /** The result of a turn. */
  private enum Turn {
    /** The decision stands: the hop continues. */
    STANDS,
    /** The decision no longer stands. */
    DECIDE_AGAIN,
    /** A rollback took the turn: what changed is undone, and the turn is requested again. */
    PREEMPTED,
    /** The target was frozen while the turn was waited for or held: what changed is undone. */
    FROZEN,
    /** The candidate is live. */
    LIVE,
    /** It was live once, before someone reset this promotion: nothing is changed. */
    LIVE_BEFORE
  }

  GoLive(
      Journey journey,
      Candidate candidate,
      Station target,
      Approval approval,
      Hop.Arrived arrived) {
    this.journey = journey;
    this.target = target;
    this.candidate = candidate;
    this.clearing = new Clearing(journey);
    this.thaw = new Thaw(journey, target, candidate);
    this.approval = approval;
    this.evaluation = approval.evaluation();
    this.turn = new HeldTurn(journey, target);
    this.publication = new Publication(journey, target);
    this.scoring = new BatchScoring(journey, target, arrived, publication);
    this.hop =
        new LiveTarget(
            journey,
            target,
            arrived,
            Map.of(
                ScoringRun.class,
                scoring,
                SoakDesk.class,
                journey.soak(),
                Deduplication.class,
                journey.deduplication(),
                MayGoOn.class,
                (MayGoOn) thaw::require));
    this.changes = new LiveChanges(journey, hop, arrived, evaluation);
    this.undoing = new Undoing(journey, hop, evaluation.live());
    this.releasing = new Releasing(journey, candidate, target, arrived);
    this.watchStarting = new WatchStarting(journey, target, arrived.model());
  }

  /**
   * Until the candidate is live. If something fails or is cancelled before that, it is undone and
   * the turn given back before anyone is asked to resume.
   */
  void run() {
    String live = StepNames.hop(target, "live");
    if (journey.journal().has(live)) {
      return;
    }
    Turn came = journey.steps().stoppedBefore(steps()).map(this::stopped).orElse(Turn.STANDS);
    while (came != Turn.LIVE && came != Turn.LIVE_BEFORE) {
      try {
        came = underTurn();
      } catch (StepFailure failure) {
        came = stopped(failure);
      }
      if (came == Turn.DECIDE_AGAIN) {
        publication.dropAndRepeat(scoring.step());
        approval.reopen();
      } else if (came == Turn.PREEMPTED || came == Turn.FROZEN) {
        publication.dropAndRepeat(scoring.step());
      }
    }
    if (release != null && !publication.isPublished()) {
      publication.later(releasing.live());
    }
    if (release != null) {
      List<FollowUp> left = new ArrayList<>(publication.left());
      left.addAll(changes.followUps(releasing.live()));
      releasing.followUp(release, left);
      watchStarting.run(release);
    }
    // Nobody waits for that any more: a warehouse may be away for long.
    publication.drop();
    turn.awaitGivenBack();
    journey.journal().put(live, true);
  }

  /** Those that hold the turn. */
  private List<String> steps() {
    return Stream.concat(Stream.of(turnStep()), changes.steps().stream()).toList();
  }

  private Turn underTurn() {
    undoing.begin();
    Turn came;
    try {
      came = takeTurn();
      if (came == Turn.STANDS) {
        came = changeUntilPreempted();
      }
      if (came == Turn.LIVE) {
        publish();
        tellOthers();
      }
    } catch (DecideAgain question) {
      undo();
      turn.giveBack();
      return decideAgain(question);
    } catch (FrozenMeanwhile frozen) {
      undo();
      turn.giveBack();
      return frozen(frozen);
    } catch (StepFailure failure) {
      undo();
      turn.giveBack();
      if (failure.endedForGood() && !failure.step().equals(turnStep())) {
        dropUnlessLive();
      }
      throw undoing.and(failure);
    } catch (EarlyEnd | TemporalFailure failure) {
      String rollback = failure instanceof TemporalFailure ? preemptedBy() : null;
      undo();
      turn.giveBack();
      if (rollback != null && !moved) {
        return preempted(rollback);
      }
      if (!moved && changes.isKnown()) {
        undoing.awaitPerson(turn, turnStep());
      }
      dropUnlessLive();
      throw failure;
    }
    if (release != null) {
      turn.beginToGiveBack();
    } else {
      turn.giveBack();
    }
    return came;
  }

  /** What the turn is for; a preempting rollback ends it as a cancel does. */
  private Turn changeUntilPreempted() {
    List<Turn> came = new ArrayList<>(1);
    journey.turns().change(() -> came.add(change()));
    return came.getFirst();
  }

  /** The rollback that ended the change, if it was that and no cancel of the promotion. */
  private @Nullable String preemptedBy() {
    return CancellationScope.current().isCancelRequested() ? null : journey.turns().preemptedBy();
  }

  /**
   * Comes again behind the rollback. If something could not be put back, a person is awaited first.
   */
  private Turn preempted(String rollback) {
    CancellationScope.throwCanceled();
    hop.notice(
        rollback
            + " took the turn of "
            + target.model()
            + " in "
            + target.workspace()
            + ": this promotion undid its changes there, and requests the turn again");
    journey.noticeSender().preempted(rollback);
    if (!undoing.unsettled().isEmpty()) {
      throw undoing.failure(turnStep());
    }
    return Turn.PREEMPTED;
  }

  /** People are asked again. If something could not be put back, one is awaited first. */
  private Turn decideAgain(DecideAgain question) {
    if (!undoing.unsettled().isEmpty()) {
      throw undoing.and(question);
    }
    hop.notice(question.problem().message());
    journey.steps().repeat(question.step(), question.attempt());
    return Turn.DECIDE_AGAIN;
  }

  /**
   * Comes again after the freeze. If something could not be put back, a person is awaited first.
   */
  private Turn frozen(FrozenMeanwhile frozen) {
    if (!undoing.unsettled().isEmpty()) {
      throw undoing.and(frozen);
    }
    noticeFrozen();
    journey.steps().repeat(frozen.step(), frozen.attempt());
    return Turn.FROZEN;
  }

  private void noticeFrozen() {
    hop.notice(
        target.workspace()
            + " was frozen meanwhile: this promotion undoes its changes there, and requests the"
            + " turn again after the freeze");
  }

  /** Waits for the turn, then reads again what was decided on. Returns whether it still stands. */
  private Turn takeTurn() {
    return journey
        .steps()
        .once(
            turnStep(),
            target.workspace(),
            attempt -> {
              if (scoring.publishes()) {
                new LaterTables(journey).requirePublisher(target);
              }
              thaw.await();
              turn.take();
              Promise<Clearance> clearance =
                  Async.function(() -> clearing.require(target, candidate));
              Turn came = lookBack();
              if (came == Turn.STANDS && thaw.isFrozen(clearance.get())) {
                came = Turn.FROZEN;
              }
              return Made.of(
                  came,
                  "the turn of " + target.model() + " in " + target.workspace() + describe(came));
            });
  }

  private static String describe(Turn came) {
    return switch (came) {
      case STANDS -> "";
      case DECIDE_AGAIN -> ", given back: earlier decisions no longer stand";
      case FROZEN -> ", given back: a freeze began meanwhile";
      case PREEMPTED -> ", given back to a rollback";
      case LIVE -> ", given back: the champion had already moved";
      case LIVE_BEFORE -> ", given back: this promotion was already released here";
    };
  }

  /**
   * What this promotion has done here before: in a run of the workflow that someone has reset, or
   * under a turn that ended with the outcome unknown or with something not put back.
   */
  private Turn lookBack() {
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
      return Turn.LIVE_BEFORE;
    }
    if (changes.areApplied(seen)) {
      found(seen);
      return Turn.LIVE;
    }
    changes.isSeen();
    LiveSeen now = seen;
    if (undoing.isPending() && changes.isLastApplied(seen)) {
      // It is live: what belongs to it is made again, and nothing is put back under it.
      undoing.forget();
    } else if (undoing.isPending()) {
      undoing.undo();
      if (!undoing.unsettled().isEmpty()) {
        throw undoing.failure(turnStep());
      }
      now = evaluation.live().now();
    }
    if (!Objects.equals(now.championVersion(), evaluation.shown().seen().championVersion())) {
      journey.superseding().requireNewest(journey.settings(), candidate);
    }
    return evaluation.stillStands(now) ? Turn.STANDS : Turn.DECIDE_AGAIN;
  }

  /** Each live thing, in order. Before the last one, decisions have to stand once more. */
  private Turn change() {
    changes.skipOthers();
    changes.beforeTheLast().forEach(thing -> changes.apply(thing, undoing::changed));
    return changeLast();
  }

  /**
   * The point of no return. From here on a cancel no longer takes effect: the champion moves, and
   * its follow-ups are done. If more workspaces follow, a cancel takes effect before the next one's
   * first step.
   */
  private Turn changeLast() {
    CancellationScope.throwCanceled();
    Turn came = changes.beforeTheLast().isEmpty() ? Turn.STANDS : lookAgain();
    if (came != Turn.STANDS) {
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
              isLive();
            })
        .run();
    return Turn.LIVE;
  }

  /**
   * What came before may take an hour: meanwhile someone may move a champion by hand, edit what
   * this promotion has changed, add what the champion's move would start, freeze the target or put
   * the candidate in quarantine.
   */
  private Turn lookAgain() {
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
        return Turn.FROZEN;
      }
      return stands ? Turn.STANDS : Turn.DECIDE_AGAIN;
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

  /**
   * Somebody changed by hand what this promotion had changed, and the champion doesn't move over
   * that. What is still as this promotion left it is undone; what somebody edited stays, and a
   * person is told how it is and how it was. Then people decide on what is there.
   */
  private Turn edited(List<String> lines) {
    lines.forEach(hop::notice);
    undoing.undo();
    publication.direct().remove();
    changes.repeat();
    if (undoing.unsettled().isEmpty()) {
      return Turn.DECIDE_AGAIN;
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
    isLive();
  }

  private void isLive() {
    moved = true;
    publication.direct().keep();
    undoing.forget();
    release = releasing.isLive(changes.things(), changes.made(), changes.order());
    if (target.equals(journey.settings().path().getLast())) {
      journey.cancel().tooLate();
    }
  }

  /** Older candidates that wait for the turn must know of it when they get it. */
  private void tellOthers() {
    if (target.equals(journey.settings().path().getLast())) {
      journey.superseding().isLive();
    }
  }

  /** In the same workflow task as the champion's move: from here on a cancel has no effect. */
  private void publish() {
    Workflow.newDetachedCancellationScope(() -> publication.publish(releasing.live())).run();
  }

  /**
   * Undoes what was changed, unless it is live: after that nothing is undone. Without the turn, as
   * where it was refused, what is left from an earlier one stays for the next.
   */
  private void undo() {
    if (moved || !turn.isHeld()) {
      return;
    }
    if (changes.isKnown()) {
      undoing.undo();
      publication.direct().remove();
    } else {
      undoing.leaveInPlace("what is live may depend on it");
    }
  }

  /**
   * Waits for the order to resume. If the promotion ends instead while it is unknown whether it is
   * live, it reads once more: no ending contradicts what is live.
   */
  private Turn stopped(StepFailure failure) {
    try {
      journey.steps().awaitResume(failure);
      return Turn.STANDS;
    } catch (EarlyEnd | TemporalFailure end) {
      if (!changes.isKnown()) {
        Workflow.newDetachedCancellationScope(this::lookAtTheEnd).run();
      } else if (undoing.isPending()) {
        undoing.leaveInPlace("the promotion ended before it was tried again");
        undoing.leavesIt();
      }
      if (moved) {
        return Turn.LIVE;
      }
      dropUnlessLive();
      throw end;
    }
  }

  private void lookAtTheEnd() {
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

  /**
   * Drops what was scored if no resume continues with it; only once the turn is given back, because
   * readers never saw the table and others wait. If it is unknown whether the champion moved, it
   * may still have to be published.
   */
  private void dropUnlessLive() {
    if (!moved && changes.isKnown()) {
      publication.drop();
    }
  }

  private String turnStep() {
    return StepNames.hop(target, "turn");
  }
}
