package dev.portage.promotion;

import dev.portage.candidate.Candidate;
import dev.portage.failure.Failures;
import dev.portage.job.JobChange;
import dev.portage.lane.TurnRequest;
import dev.portage.plan.Planner;
import dev.portage.release.Release;
import dev.portage.settings.Station;
import dev.portage.step.Made;
import dev.portage.step.StepFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of a hop that changes what is live, under the turn: batch, champion. It never waits for
 * a person while it holds the turn: whatever fails, it gives the turn back first.
 */
final class GoLive {

  private final Journey journey;
  private final Station target;
  private final Approval approval;
  private final Evaluation evaluation;
  private final Hop.Arrived arrived;
  private final JobRestore job;
  private final ChampionMove champion;
  private final Releasing releasing;
  private final Publication publication;
  private @Nullable TurnRequest turn;
  private @Nullable Release release;
  private @Nullable Promise<Void> givenBack;
  private boolean moved;
  private boolean settled;

  /** The result of a turn. */
  private enum Turn {
    /** The decision stands: the hop continues. */
    STANDS,
    /** The decision no longer stands. */
    DECIDE_AGAIN,
    /** The candidate is champion. */
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
    this.approval = approval;
    this.evaluation = approval.evaluation();
    this.arrived = arrived;
    this.job = new JobRestore(journey, target, evaluation.live());
    this.champion = new ChampionMove(journey, target, evaluation, arrived);
    this.releasing = new Releasing(journey, candidate, target, arrived);
    this.publication = new Publication(journey, target);
    String changed = StepNames.hop(target, "changed job");
    journey.journal().find(changed, JobChange.class).ifPresent(job::changed);
    journey.journal().keep(changed, job::change);
    String notKnown = StepNames.hop(target, "champion not known");
    journey.journal().find(notKnown, Boolean.class).ifPresent(any -> champion.isNotKnown());
    journey.journal().keep(notKnown, () -> champion.isKnown() ? null : true);
  }

  /**
   * Until the candidate is champion. If something fails or is cancelled before that, it is undone
   * and the turn given back before anyone is asked to resume.
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
        publication.dropAndRepeat(batchStep());
        approval.reopen();
      }
    }
    if (release != null && !publication.isPublished()) {
      publication.later(releasing.live());
    }
    if (release != null) {
      releasing.followUp(release, publication.left());
    }
    // Nobody waits for that any more: a warehouse may be away for long.
    publication.drop();
    if (givenBack != null) {
      givenBack.get();
    }
    journey.journal().put(live, true);
  }

  /** Those that hold the turn. */
  private List<String> steps() {
    return List.of(
        StepNames.hop(target, "turn"),
        StepNames.hop(target, "batch"),
        StepNames.hop(target, StepNames.CHAMPION));
  }

  private Turn underTurn() {
    Turn came;
    try {
      came = takeTurn();
      if (came == Turn.STANDS) {
        batch();
        came = moveChampion();
      }
      if (came == Turn.LIVE) {
        publish();
      }
    } catch (StepFailure failure) {
      restore();
      giveTurnBack();
      if (failure.endedForGood() && failure.step().equals(batchStep())) {
        dropUnlessLive();
      }
      throw failure;
    } catch (PromotionEnd | TemporalFailure failure) {
      restore();
      giveTurnBack();
      dropUnlessLive();
      throw failure;
    }
    if (release != null) {
      beginToGiveTurnBack();
    } else {
      giveTurnBack();
    }
    return came;
  }

  /** Waits for the turn, then reads again what was decided on. Returns whether it still stands. */
  private Turn takeTurn() {
    return journey
        .steps()
        .once(
            StepNames.hop(target, "turn"),
            target.workspace(),
            attempt -> {
              if (scoring().publishes()) {
                new LaterTables(journey).requirePublisher(target);
              }
              turn = journey.turns().take(journey, target.workspace(), target.model());
              Turn came = lookBack();
              return Made.of(
                  came,
                  "the turn of " + target.model() + " in " + target.workspace() + describe(came));
            });
  }

  private static String describe(Turn came) {
    return switch (came) {
      case STANDS -> "";
      case DECIDE_AGAIN -> ", given back: earlier decisions no longer stand";
      case LIVE -> ", given back: the champion had already moved";
      case LIVE_BEFORE -> ", given back: this promotion was already released here";
    };
  }

  /**
   * What this promotion has done here before: in a run of the workflow that someone has reset, or
   * under a turn that ended with the outcome unknown.
   */
  private Turn lookBack() {
    TurnCheck.Seen seen = new TurnCheck(journey, target, evaluation.live(), arrived).look();
    settled = seen.settled();
    if (seen.released()) {
      journey
          .progress()
          .notice(
              "this promotion was released in "
                  + target.workspace()
                  + " before, as version "
                  + version()
                  + " of "
                  + target.model()
                  + ", so nothing changes there; to repeat it: portage start FILE --again --reason TEXT");
      journey.progress().liveBefore(version(), target.workspace());
      return Turn.LIVE_BEFORE;
    }
    Planner.Now now = seen.now();
    if (isLive(now)) {
      isLive(champion.found());
      return Turn.LIVE;
    }
    champion.isSeen();
    if (job.isPending()) {
      job.restore();
      now = evaluation.live().now();
    }
    return stands(evaluation.stillStands(now));
  }

  private static Turn stands(boolean stands) {
    return stands ? Turn.STANDS : Turn.DECIDE_AGAIN;
  }

  private boolean isLive(Planner.Now now) {
    return version().equals(now.championVersion())
        && (!scoring().makesTheJob()
            || (now.job() != null && version().equals(now.job().modelVersion())));
  }

  private void beginToGiveTurnBack() {
    TurnRequest held = turn;
    if (held != null) {
      turn = null;
      givenBack = journey.turns().givingBack(held);
    }
  }

  private void giveTurnBack() {
    TurnRequest held = turn;
    if (held != null) {
      turn = null;
      journey.turns().giveBack(held);
    }
  }

  private void batch() {
    if (!scoring().isWanted()) {
      journey.progress().steps().skipped(StepNames.hop(target, "batch"), "no batch in the file");
      return;
    }
    scoring().run(evaluation.job(), job::changed, publication);
  }

  /**
   * The point of no return. From here on a cancel no longer takes effect: the champion moves, and
   * its follow-ups are done. If more workspaces follow, a cancel takes effect before the next one's
   * first step.
   */
  private Turn moveChampion() {
    CancellationScope.throwCanceled();
    // A batch may take an hour, and someone may move a champion by hand.
    if (scoring().isWanted() && !standsAgainstTheChampion()) {
      job.restore();
      return Turn.DECIDE_AGAIN;
    }
    CancellationScope.throwCanceled();
    Workflow.newDetachedCancellationScope(() -> isLive(champion.run(settled))).run();
    return Turn.LIVE;
  }

  private boolean standsAgainstTheChampion() {
    try {
      return evaluation.standsAgainstTheChampion();
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      throw new StepFailure(
          StepNames.hop(target, StepNames.CHAMPION),
          Failures.problemOf(failure, "read the champion", "workspace " + target.workspace()),
          false);
    }
  }

  private void isLive(ChampionMove.Moved move) {
    moved = true;
    release = releasing.isLive(move.replaced(), job.change());
    if (target.equals(journey.settings().path().getLast())) {
      journey.cancel().tooLate();
    }
  }

  /** In the same workflow task as the champion's move: from here on a cancel has no effect. */
  private void publish() {
    Workflow.newDetachedCancellationScope(() -> publication.publish(releasing.live())).run();
  }

  /** Puts the job back, unless the champion has moved: after that nothing is undone. */
  private void restore() {
    if (moved) {
      return;
    }
    if (champion.isKnown()) {
      job.restore();
    } else {
      job.leaveInPlace("the champion may depend on it");
    }
  }

  /**
   * Waits for the order to resume. If the promotion ends instead while it is unknown whether the
   * champion has moved, it reads once more: no ending contradicts what is live.
   */
  private Turn stopped(StepFailure failure) {
    try {
      journey.steps().awaitResume(failure);
      return Turn.STANDS;
    } catch (PromotionEnd | TemporalFailure end) {
      if (!champion.isKnown()) {
        Workflow.newDetachedCancellationScope(this::lookAtTheEnd).run();
      }
      if (moved) {
        return Turn.LIVE;
      }
      dropUnlessLive();
      throw end;
    }
  }

  private void lookAtTheEnd() {
    Optional<Boolean> ours = champion.recheck();
    if (ours.isEmpty()) {
      journey
          .progress()
          .notKnown(
              "whether "
                  + target.marking().live()
                  + " of "
                  + target.model()
                  + " in "
                  + target.workspace()
                  + " is version "
                  + version()
                  + " is unknown");
      journey
          .progress()
          .outcome()
          .leaves(
              target.workspace(),
              "version "
                  + version()
                  + " of "
                  + target.model()
                  + " in "
                  + target.workspace()
                  + ", which may be live");
    } else if (ours.get()) {
      isLive(champion.found());
    } else {
      job.leaveInPlace("the promotion holds no turn any more, and the champion had not moved");
    }
  }

  /**
   * Drops what was scored if no resume continues with it; only once the turn is given back, because
   * readers never saw the table and others wait. If it is unknown whether the champion moved, it
   * may still have to be published.
   */
  private void dropUnlessLive() {
    if (!moved && champion.isKnown()) {
      publication.drop();
    }
  }

  private String batchStep() {
    return StepNames.hop(target, "batch");
  }

  private BatchScoring scoring() {
    return new BatchScoring(journey, target, arrived);
  }

  private String version() {
    return arrived.version().version();
  }
}
