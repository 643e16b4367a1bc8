package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.approval.Decision;
import dev.portage.candidate.Candidate;
import dev.portage.job.JobActivities;
import dev.portage.job.JobChange;
import dev.portage.job.JobUndo;
import dev.portage.job.UndoResult;
import dev.portage.lane.TurnRequest;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marked;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionLabels;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import dev.portage.release.ReleaseOrder;
import dev.portage.settings.Station;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of a hop that changes what is live, under the turn: batch, champion, release. */
final class GoLive {

  private final Journey journey;
  private final Candidate candidate;
  private final Station target;
  private final Approval approval;
  private final Hop.Arrived arrived;
  private @Nullable TurnRequest turn;
  private @Nullable JobChange jobChange;
  private boolean moved;

  GoLive(
      Journey journey,
      Candidate candidate,
      Station target,
      Approval approval,
      Hop.Arrived arrived) {
    this.journey = journey;
    this.candidate = candidate;
    this.target = target;
    this.approval = approval;
    this.arrived = arrived;
  }

  /**
   * Until the candidate is champion. What fails or is cancelled before that is put back, and the
   * turn given back, before anybody is asked to resume.
   */
  void run() {
    while (true) {
      try {
        if (underTurn()) {
          return;
        }
      } catch (StepFailure failure) {
        journey.steps().awaitResume(failure);
        continue;
      }
      approval.evaluate();
      approval.approve();
    }
  }

  /** Whether it went live; if not, what was decided does not stand any more. */
  private boolean underTurn() {
    try {
      boolean stands = takeTurn();
      if (stands) {
        batch();
        pastNoReturn();
      }
      giveTurnBack();
      return stands;
    } catch (StepFailure | PromotionEnd | TemporalFailure failure) {
      putBack();
      giveTurnBack();
      throw failure;
    }
  }

  /** Waits for the turn, then reads again what was decided on. Whether it still stands. */
  private boolean takeTurn() {
    return journey
        .steps()
        .once(
            StepNames.hop(target, "turn"),
            target.workspace(),
            attempt -> {
              turn = journey.turns().take(journey, target.workspace(), target.model());
              boolean stands = approval.stillStands();
              return Made.of(
                  stands,
                  "the turn of "
                      + target.model()
                      + " in "
                      + target.workspace()
                      + (stands ? "" : ", given back: what was decided does not stand any more"));
            });
  }

  private void giveTurnBack() {
    TurnRequest held = turn;
    if (held != null) {
      turn = null;
      journey.turns().giveBack(held);
    }
  }

  private void batch() {
    BatchScoring scoring = new BatchScoring(journey, target, arrived);
    if (!scoring.isWanted()) {
      journey.progress().skipped(StepNames.hop(target, "batch"), "no batch in the file");
      return;
    }
    scoring.run(change -> jobChange = change);
  }

  /**
   * From here on a cancel is no longer heard: the champion moves, and what belongs to it follows.
   * Where more workspaces are to come, it is heard before the next one's first step.
   */
  private void pastNoReturn() {
    CancellationScope.throwCanceled();
    Workflow.newDetachedCancellationScope(
            () -> {
              champion();
              moved = true;
              if (target.equals(journey.settings().path().getLast())) {
                journey.cancel().tooLate();
              }
              journey
                  .steps()
                  .resumable(
                      StepNames.hop(target, "release"), target.workspace(), attempt -> release());
            })
        .run();
  }

  private void champion() {
    journey
        .steps()
        .once(
            StepNames.hop(target, StepNames.CHAMPION),
            target.workspace(),
            attempt -> {
              settle();
              Marked marked =
                  Stubs.untilDone(
                          RegistryActivities.class,
                          queue(),
                          target.marking().live() + " becomes version " + version())
                      .mark(
                          new MarkOrder(
                              target.workspace(),
                              target.model(),
                              version(),
                              target.marking(),
                              target.marking().live(),
                              journey.turns().inHand()));
              return new Made<>(
                  marked,
                  marked.mark()
                      + " "
                      + (approval.championVersion() == null
                          ? "nothing"
                          : approval.championVersion())
                      + " → "
                      + version(),
                  arrived.version().page());
            });
  }

  /**
   * A second version of the same key may exist for seconds; none is left when the turn is given
   * back.
   */
  private void settle() {
    Stubs.quick(
            RegistryActivities.class,
            queue(),
            journey.settings().patience(),
            "make sure that there is one version")
        .settleVersion(arrived.order());
  }

  private Made<Release> release() {
    List<Decision> decisions =
        journey.desk().decisions().stream()
            .filter(decision -> decision.verdict() == Decision.Verdict.APPROVE)
            .filter(decision -> decision.request().startsWith(target.workspace() + "-"))
            .toList();
    Release release =
        new Release(
            journey.id(),
            target.workspace(),
            target.model(),
            version(),
            approval.championVersion(),
            candidate.manifest().digest(),
            candidate.commit(),
            jobChange == null ? null : jobChange.now().jobId(),
            decisions,
            PromotionProgress.now());
    Map<String, String> labels = new HashMap<>();
    labels.put(Tags.RELEASE, "live");
    if (!decisions.isEmpty()) {
      labels.put(
          Tags.APPROVED_BY, String.join(", ", decisions.stream().map(Decision::by).toList()));
    }
    Stubs.untilDone(RegistryActivities.class, queue(), "label version " + version())
        .labelVersion(new VersionLabels(target.workspace(), target.model(), version(), labels));
    String uri =
        Stubs.untilDone(ReleaseActivities.class, queue(), "record the release")
            .record(new ReleaseOrder(release, arrived.model().runId()));
    journey.progress().release(release);
    journey.progress().leaves(target.workspace(), null);
    journey.progress().leaves(StepNames.hop(target, "batch"), null);
    return Made.of(release, "recorded at " + uri);
  }

  /**
   * Puts the job back to what it was, unless the champion has moved: after that nothing is undone.
   * What somebody else changed meanwhile is left for a person.
   */
  private void putBack() {
    JobChange change = jobChange;
    if (moved || change == null || change.effect() == JobChange.Effect.UNCHANGED) {
      return;
    }
    jobChange = null;
    Workflow.newDetachedCancellationScope(
            () -> {
              try {
                UndoResult undone =
                    Stubs.quick(
                            JobActivities.class,
                            queue(),
                            journey.settings().patience(),
                            "put job " + change.now().jobId() + " back")
                        .undoJob(new JobUndo(target.workspace(), change));
                journey.progress().notice(undone.text());
              } catch (TemporalFailure failure) {
                journey
                    .progress()
                    .notice(
                        "job "
                            + change.now().jobId()
                            + " in "
                            + target.workspace()
                            + " could not be put back; a person has to look: "
                            + Journey.told(failure, target.workspace()));
              }
            })
        .run();
  }

  private String version() {
    return arrived.version().version();
  }

  private String queue() {
    return PromotionWorkflow.queueOf(target.workspace());
  }
}
