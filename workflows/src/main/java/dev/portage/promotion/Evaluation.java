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
import dev.portage.live.LiveSeen;
import dev.portage.plan.Plan;
import dev.portage.plan.Planner;
import dev.portage.registry.Champion;
import dev.portage.scoring.Rehearsal;
import dev.portage.settings.Station;
import dev.portage.step.Attempt;
import dev.portage.step.Made;
import dev.portage.tracking.TrainedRun;
import dev.portage.trigger.Triggers;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Step {@code evaluate} of a hop: what is live, what will change, and the gates' results. */
final class Evaluation {

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
      LiveSeen seen,
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
                  new Clearing(journey).require(target, candidate);
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

  /**
   * Whether the decisions stand against the current champion; everything else is as the hop left
   * it.
   *
   * @param now the champion alone
   * @param triggers what starts elsewhere by now
   */
  boolean standsAgainstTheChampion(LiveSeen now, Triggers triggers) {
    return stillStands(shown().seen().with(now), triggers);
  }

  /** Like {@link #stillStands(LiveSeen, Triggers)}, with what starts elsewhere read for it. */
  boolean stillStands(LiveSeen now) {
    return stillStands(now, triggersAgain(StepNames.hop(target, "turn")));
  }

  /**
   * What starts elsewhere by now.
   *
   * @param step the step that looks
   * @throws dev.portage.step.StepFailure if the champion's move would start something that nobody
   *     has allowed
   */
  Triggers triggersAgain(String step) {
    return new TriggerLook(journey, target).requireAgain(step, shown().triggers());
  }

  /**
   * Under the turn: compares every 'now' of the plan with what is live. Decisions stand if the
   * approvers saw this very champion, or if all that changed is a matter for the gates and the
   * gates against the new champion pass; if they are inconclusive, a person decides again.
   *
   * @return whether the decisions stand
   */
  private boolean stillStands(LiveSeen now, Triggers triggers) {
    Shown decided = shown();
    Plan plan = plan(now, triggers);
    if (plan.equals(decided.plan())) {
      return true;
    }
    if (!journey.things().onlyForTheGates(live.hop(), decided.seen(), now)) {
      journey
          .progress()
          .notice("what is live in " + target.workspace() + " changed since the approval");
      return false;
    }
    List<String> added = decided.triggers().besides(triggers, target.model());
    if (!added.isEmpty()) {
      journey
          .progress()
          .notice(
              "more starts by itself in "
                  + target.workspace()
                  + " than at the approval: "
                  + String.join("; ", added));
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
              // Nothing of that is looked for under the turn.
              now.leaving(decided.seen().leftBehind()),
              plan.showing(decided.plan().jobSettings()),
              again,
              decided.comparison(),
              triggers);
      journey.journal().put(StepNames.hop(target, "evaluate"), shown);
    }
    return stands;
  }

  private Shown look(Attempt attempt) {
    TestableLook.run(journey, candidate);
    LiveSeen seen = live.toShow();
    seen.leftBehind().forEach(journey.progress()::notice);
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
    Plan plan = plan(seen, triggers);
    Comparison comparison = comparing.compare(seen.champion(), attempt);
    return new Shown(
        seen, plan.showing(seen.settings()), ask(seen, plan, comparison), comparison, triggers);
  }

  private Plan plan(LiveSeen seen, Triggers triggers) {
    Champion champion = seen.champion();
    Plan plan =
        Planner.plan(
                target,
                journey.things().plan(live.hop(), seen),
                champion == null ? null : champion.versions(),
                candidate.manifest())
            .starting(triggers.actions(target));
    Station last = journey.settings().path().getLast();
    return target.equals(last) ? plan.starting(Registration.startedAtTheEnd(journey)) : plan;
  }

  private Evidence ask(LiveSeen now, Plan plan, @Nullable Comparison comparison) {
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
      Problem problem =
          Approval.problem(
              target,
              "the gates",
              String.join("; ", failed),
              "this one again: " + Repeat.of(journey.start()));
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
