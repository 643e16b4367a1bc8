package dev.portage.promotion;

import dev.portage.candidate.Candidate;
import dev.portage.duplicates.Deduplication;
import dev.portage.live.DecideAgain;
import dev.portage.live.FrozenMeanwhile;
import dev.portage.live.LiveHop;
import dev.portage.live.MayGoOn;
import dev.portage.live.ScoringRun;
import dev.portage.release.Release;
import dev.portage.serving.SoakDesk;
import dev.portage.settings.Station;
import dev.portage.step.EarlyEnd;
import dev.portage.step.Made;
import dev.portage.step.StepFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a hop that changes what is live, in as many turns as it takes. It never waits for a
 * person while it holds the turn: whatever fails, it undoes what was changed and gives the turn
 * back first. What happens with the turn in hand is a {@link Switchover}.
 */
final class GoLive {

  private final Journey journey;
  private final Station target;
  private final Thaw thaw;
  private final Approval approval;
  private final LiveHop hop;
  private final LiveChanges changes;
  private final Undoing undoing;
  private final Publication publication;
  private final BatchScoring scoring;
  private final HeldTurn turn;
  private final Switchover switchover;
  private final WatchStarting watchStarting;

  GoLive(
      Journey journey,
      Candidate candidate,
      Station target,
      Approval approval,
      Hop.Arrived arrived) {
    this.journey = journey;
    this.target = target;
    this.thaw = new Thaw(journey, target, candidate);
    this.approval = approval;
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
    this.switchover =
        new Switchover(
            journey, candidate, target, arrived, approval.evaluation(), thaw, publication, hop);
    this.changes = switchover.changes();
    this.undoing = switchover.undoing();
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
    TurnOutcome came =
        journey.steps().stoppedBefore(steps()).map(this::stopped).orElse(TurnOutcome.STANDS);
    while (came != TurnOutcome.LIVE && came != TurnOutcome.LIVE_BEFORE) {
      try {
        came = underTurn();
      } catch (StepFailure failure) {
        came = stopped(failure);
      }
      if (came == TurnOutcome.DECIDE_AGAIN) {
        publication.dropAndRepeat(scoring.step());
        approval.reopen();
      } else if (came == TurnOutcome.PREEMPTED || came == TurnOutcome.FROZEN) {
        publication.dropAndRepeat(scoring.step());
      }
    }
    Release release = switchover.release();
    if (release != null) {
      switchover.followUp(release);
      watchStarting.run(release, !approval.evaluation().shown().seen().leftBehind().isEmpty());
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

  private TurnOutcome underTurn() {
    undoing.begin();
    TurnOutcome came;
    try {
      came = takeTurn();
      if (came == TurnOutcome.STANDS) {
        came = changeUntilPreempted();
      }
      if (came == TurnOutcome.LIVE) {
        switchover.publish();
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
      if (rollback != null && !switchover.isLive()) {
        return preempted(rollback);
      }
      if (!switchover.isLive() && changes.isKnown()) {
        undoing.awaitPerson(turn, turnStep());
      }
      dropUnlessLive();
      throw failure;
    }
    if (switchover.release() != null) {
      turn.beginToGiveBack();
    } else {
      turn.giveBack();
    }
    return came;
  }

  /** What the turn is for; a preempting rollback ends it as a cancel does. */
  private TurnOutcome changeUntilPreempted() {
    List<TurnOutcome> came = new ArrayList<>(1);
    journey.turns().change(() -> came.add(switchover.change()));
    return came.getFirst();
  }

  /** The rollback that ended the change, if it was that and no cancel of the promotion. */
  private @Nullable String preemptedBy() {
    return CancellationScope.current().isCancelRequested() ? null : journey.turns().preemptedBy();
  }

  /**
   * Comes again behind the rollback. If something could not be put back, a person is awaited first.
   */
  private TurnOutcome preempted(String rollback) {
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
    return TurnOutcome.PREEMPTED;
  }

  /** People are asked again. If something could not be put back, one is awaited first. */
  private TurnOutcome decideAgain(DecideAgain question) {
    if (!undoing.unsettled().isEmpty()) {
      throw undoing.and(question);
    }
    hop.notice(question.problem().line());
    journey.steps().repeat(question.step(), question.attempt());
    return TurnOutcome.DECIDE_AGAIN;
  }

  /**
   * Comes again after the freeze. If something could not be put back, a person is awaited first.
   */
  private TurnOutcome frozen(FrozenMeanwhile frozen) {
    if (!undoing.unsettled().isEmpty()) {
      throw undoing.and(frozen);
    }
    switchover.noticeFrozen();
    journey.steps().repeat(frozen.step(), frozen.attempt());
    return TurnOutcome.FROZEN;
  }

  /** Waits for the turn, then reads again what was decided on. Returns whether it still stands. */
  private TurnOutcome takeTurn() {
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
              TurnOutcome came = switchover.lookBack(turnStep());
              return Made.of(
                  came,
                  "the turn of " + target.model() + " in " + target.workspace() + describe(came));
            });
  }

  private static String describe(TurnOutcome came) {
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
   * Undoes what was changed. Without the turn, as where it was refused, what is left from an
   * earlier one stays for the next.
   */
  private void undo() {
    if (turn.isHeld()) {
      switchover.undo();
    }
  }

  /**
   * Waits for the order to resume. If the promotion ends instead while it is unknown whether it is
   * live, it reads once more: no ending contradicts what is live.
   */
  private TurnOutcome stopped(StepFailure failure) {
    try {
      journey.steps().awaitResume(failure);
      return TurnOutcome.STANDS;
    } catch (EarlyEnd | TemporalFailure end) {
      if (!changes.isKnown()) {
        Workflow.newDetachedCancellationScope(switchover::lookAtTheEnd).run();
      } else if (undoing.isPending()) {
        undoing.leaveInPlace("the promotion ended before it was tried again");
        undoing.leavesIt();
      }
      if (switchover.isLive()) {
        return TurnOutcome.LIVE;
      }
      dropUnlessLive();
      throw end;
    }
  }

  /**
   * Drops what was scored if no resume continues with it; only once the turn is given back, because
   * readers never saw the table and others wait. If it is unknown whether the champion moved, it
   * may still have to be published.
   */
  private void dropUnlessLive() {
    if (!switchover.isLive() && changes.isKnown()) {
      publication.drop();
    }
  }

  private String turnStep() {
    return StepNames.hop(target, "turn");
  }
}
