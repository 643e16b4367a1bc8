package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.candidate.Candidate;
import dev.portage.failure.Problem;
import dev.portage.gate.Comparison;
import dev.portage.gate.EvaluationActivities;
import dev.portage.gate.EvaluationOrder;
import dev.portage.gate.Evidence;
import dev.portage.gate.GateInput;
import dev.portage.gate.GateOutcome;
import dev.portage.gate.GateResult;
import dev.portage.job.JobActivities;
import dev.portage.job.JobOrder;
import dev.portage.job.JobState;
import dev.portage.job.SettingChange;
import dev.portage.job.Source;
import dev.portage.plan.Plan;
import dev.portage.plan.Planner;
import dev.portage.scoring.Rehearsal;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Station;
import dev.portage.step.Attempt;
import dev.portage.step.Made;
import dev.portage.temporal.Queues;
import dev.portage.tracking.TrainedRun;
import dev.portage.trigger.Triggers;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.CancellationScope;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Step {@code evaluate} of a hop: what is live, what will change, and the gates' results. */
final class Evaluation {

  /** For what is only shown. */
  private static final Duration SETTINGS = Duration.ofSeconds(30);

  private final Journey journey;
  private final Candidate candidate;
  private final TrainedRun trained;
  private final @Nullable Rehearsal rehearsal;
  private final Station target;
  private final LiveReader live;
  private final Comparing comparing;
  private @Nullable Shown shown;

  /**
   * The subject of a decision: what is live, what will change, what the gates say.
   *
   * @param comparison both measured on the same data, null where each was measured by its training
   * @param triggers what starts elsewhere
   */
  record Shown(
      Planner.Now now,
      Plan plan,
      Evidence evidence,
      @Nullable Comparison comparison,
      Triggers triggers) {}

  Evaluation(
      Journey journey,
      Candidate candidate,
      TrainedRun trained,
      @Nullable Rehearsal rehearsal,
      Station target) {
    this.journey = journey;
    this.candidate = candidate;
    this.trained = trained;
    this.rehearsal = rehearsal;
    this.target = target;
    this.live = new LiveReader(journey, target);
    this.comparing = new Comparing(journey, candidate, target);
  }

  /** Reads what is live in the target. */
  LiveReader live() {
    return live;
  }

  /** What people are shown, and decide on. */
  Shown shown() {
    return Objects.requireNonNull(shown, "evaluate comes first");
  }

  /** Evaluates the gates. A failed gate rejects the promotion. */
  void run() {
    shown =
        journey
            .steps()
            .resumable(
                StepNames.hop(target, "evaluate"),
                Shown.class,
                target.workspace(),
                attempt -> {
                  Shown found = look(attempt);
                  return Made.of(found, describe(found.evidence()));
                });
    refuseFailedGates(shown.evidence());
  }

  /** The same again, with what is live now. */
  void repeat() {
    journey.journal().forget(StepNames.hop(target, "evaluate"));
    run();
  }

  /** Like {@link #stillStands(Planner.Now)}, with what is now read for it. */
  boolean stillStands() {
    return stillStands(live.now());
  }

  /** Like {@link #stillStands(Planner.Now, Triggers)}, with what starts elsewhere read for it. */
  boolean stillStands(Planner.Now now) {
    return stillStands(
        now,
        new TriggerLook(journey, target)
            .requireAgain(StepNames.hop(target, "turn"), shown().triggers()));
  }

  /**
   * Whether the decisions stand against the current champion; everything else was checked before.
   */
  boolean standsAgainstTheChampion() {
    Shown decided = shown();
    return stillStands(
        new Planner.Now(live.champion().orElse(null), decided.now().job(), decided.now().unseen()),
        decided.triggers());
  }

  /**
   * Under the turn: compares every 'now' of the plan with what is live. Decisions stand if the
   * approvers saw this very champion, or if only the champion has moved and the gates against the
   * new one pass; if they are inconclusive, a person decides again.
   *
   * @return whether the decisions stand
   */
  private boolean stillStands(Planner.Now now, Triggers triggers) {
    Shown decided = shown();
    Plan plan = plan(now.asKnownTo(decided.now()), triggers);
    if (plan.equals(decided.plan())) {
      return true;
    }
    if (!Planner.sameButChampion(
        plan(now.asKnownTo(decided.now()).withoutTheChampionsJob(decided.now()), triggers),
        decided.plan())) {
      journey
          .progress()
          .notice("what is live in " + target.workspace() + " changed since the approval");
      return false;
    }
    // Nothing is measured while others wait: what was measured against another version is no
    // answer.
    Evidence again = ask(now, plan, decided.comparison());
    GateOutcome outcome = again.outcome();
    boolean stands = outcome == GateOutcome.PASS;
    journey
        .progress()
        .notice(
            "the champion of "
                + target.workspace()
                + " is now "
                + (now.championVersion() == null ? "none" : "version " + now.championVersion())
                + "; the gates against it: "
                + outcome
                + (stands
                    ? ", so the decisions stand"
                    : outcome == GateOutcome.FAIL
                        ? ", so earlier decisions no longer stand"
                        : ", so a new request opens"));
    if (stands) {
      shown =
          new Shown(
              now,
              plan.showing(decided.plan().jobSettings()),
              again,
              decided.comparison(),
              triggers);
      journey.journal().put(StepNames.hop(target, "evaluate"), shown);
    }
    return stands;
  }

  /** Version that was champion when last read, null for none. */
  @Nullable String championVersion() {
    return shown == null ? null : shown.now().championVersion();
  }

  /** The scoring job when last read, null for none. */
  @Nullable JobState job() {
    return shown == null ? null : shown.now().job();
  }

  private Shown look(Attempt attempt) {
    Planner.Now now = live.nowToShow();
    Triggers triggers = new TriggerLook(journey, target).require(StepNames.hop(target, "evaluate"));
    if (triggers.notSeen() != null) {
      journey
          .progress()
          .notice(
              "what else starts when "
                  + target.model()
                  + " changes in "
                  + target.workspace()
                  + " is known in part: "
                  + triggers.notSeen());
    }
    Plan plan = plan(now, triggers);
    List<SettingChange> settings = jobSettings(now);
    Comparison comparison = comparing.compare(now.champion(), attempt);
    return new Shown(now, plan.showing(settings), ask(now, plan, comparison), comparison, triggers);
  }

  /**
   * The scoring job's changed settings, only for display: one attempt, and the promotion continues
   * without them. Null if there are none to show.
   */
  private @Nullable List<SettingChange> jobSettings(Planner.Now now) {
    BatchSettings batch = journey.settings().batchAt(target);
    Source source = journey.start().source();
    if (batch == null || batch.isTheirJob() || source == null) {
      return null;
    }
    JobOrder planned =
        JobOrder.planned(
                target.workspace(),
                batch,
                journey.settings().model(),
                target.model(),
                source,
                Planner.NEW_VERSION,
                journey.id())
            .seenAs(now.job());
    try {
      return Stubs.single(
              JobActivities.class,
              Queues.of(target.workspace()),
              SETTINGS,
              "what changes in the settings of job " + batch.job())
          .previewJob(planned)
          .changes();
    } catch (ActivityFailure failure) {
      CancellationScope.throwCanceled();
      // An older worker can't tell, and the steps that need an unavailable workspace retry on their
      // own.
      return null;
    }
  }

  private Plan plan(Planner.Now now, Triggers triggers) {
    return Planner.plan(
            journey.settings(), target, now, journey.start().source(), candidate.manifest())
        .starting(triggers.actions(target.workspace(), target.model()));
  }

  private Evidence ask(Planner.Now now, Plan plan, @Nullable Comparison comparison) {
    return Stubs.here(
            EvaluationActivities.class,
            journey.settings().retryTimeout(),
            "evaluate the gates for " + target.workspace())
        .evaluate(
            new EvaluationOrder(
                GateInput.of(target.workspace())
                    .metrics(trained.metrics())
                    .commit(candidate.commit())
                    .thresholds(journey.settings().thresholds())
                    .champion(now.champion())
                    .ancestry(journey.start().ancestry(), journey.start().allowOlder())
                    .comparison(comparison)
                    .rehearsal(rehearsal)
                    .build(),
                candidate.manifest().digest(),
                plan));
  }

  private void refuseFailedGates(Evidence evidence) {
    List<String> failed =
        evidence.results().stream()
            .filter(result -> result.outcome() == GateOutcome.FAIL)
            .map(Evaluation::describe)
            .toList();
    if (!failed.isEmpty()) {
      Problem problem = Approval.problem(target, "the gates", String.join("; ", failed));
      journey.progress().steps().failed(StepNames.hop(target, "evaluate"), problem);
      journey.progress().rejectedOn(evidence);
      throw new PromotionEnd(PromotionState.REJECTED, problem);
    }
  }

  private static String describe(Evidence evidence) {
    return evidence.outcome()
        + ": "
        + String.join("; ", evidence.results().stream().map(Evaluation::describe).toList());
  }

  private static String describe(GateResult result) {
    return result.gate() + " " + result.measured() + ", required: " + result.required();
  }
}
