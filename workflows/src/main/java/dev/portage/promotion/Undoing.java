package dev.portage.promotion;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.live.Compensation;
import dev.portage.live.Compensation.Unsettled;
import dev.portage.live.LiveChange;
import dev.portage.live.LiveHop;
import dev.portage.step.EarlyEnd;
import dev.portage.step.StepFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;

/**
 * Undoes what a hop has changed, under its turn. What can't be undone, and something else that was
 * found, is a person's: its exact state and the command that puts it back are in the problem that
 * the promotion stops with.
 */
final class Undoing {

  private final Journey journey;
  private final LiveHop hop;
  private final LiveReader live;
  private final Compensation compensation;
  private List<Unsettled> unsettled = List.of();

  Undoing(Journey journey, LiveHop hop, LiveReader live) {
    this.journey = journey;
    this.hop = hop;
    this.live = live;
    String kept = StepNames.hop(hop.target(), "changed");
    this.compensation =
        new Compensation(
            journey.things(), journey.journal().find(kept, Compensation.State.class).orElse(null));
    journey.journal().keep(kept, compensation::state);
  }

  /** Notes a change. */
  void changed(LiveChange change) {
    compensation.changed(change);
  }

  /** Whether there is something to undo. */
  boolean isPending() {
    return compensation.isPending();
  }

  /** The changes that are not undone, also those of an earlier run of the workflow. */
  List<LiveChange> changes() {
    return compensation.changes();
  }

  /** What was changed is wanted: it is not undone any more. */
  void forget() {
    compensation.forget();
  }

  /** A turn begins: what a person was told before no longer counts. */
  void begin() {
    unsettled = List.of();
  }

  /** What a person has to see to since the turn began; empty if all is as before. */
  List<Unsettled> unsettled() {
    return unsettled;
  }

  /** Undoes it, once a turn, and reports what is live then; also after a cancel. */
  void undo() {
    if (compensation.isPending() && unsettled.isEmpty()) {
      Workflow.newDetachedCancellationScope(
              () -> {
                unsettled = compensation.undo(hop, hop::notice);
                reportLive();
              })
          .run();
    }
  }

  /** Nothing may be undone: a person has to look. */
  void leaveInPlace(String why) {
    unsettled = compensation.leftInPlace(hop, why);
    unsettled.forEach(one -> hop.notice(one.text()));
  }

  /** The failure of a step, with what a person has to see to besides. */
  StepFailure and(StepFailure failure) {
    if (unsettled.isEmpty()) {
      return failure;
    }
    Problem problem = failure.problem();
    for (Unsettled one : unsettled) {
      problem = problem.and(one.text());
    }
    return new StepFailure(failure.step(), problem, failure.endedForGood());
  }

  /**
   * The failure where nothing else is wrong.
   *
   * @param step to be resumed
   */
  StepFailure failure(String step) {
    List<String> texts = new ArrayList<>();
    unsettled.forEach(one -> texts.add(one.why()));
    Problem problem =
        Problem.of(
            FailureKind.USER,
            "put back what this promotion changed",
            "workspace " + hop.workspace(),
            String.join("; ", texts),
            "Put it back by hand, or leave it as it is; then: portage resume " + hop.holder());
    for (Unsettled one : unsettled) {
      problem = problem.and("By hand: " + one.command());
    }
    return new StepFailure(step, problem, false);
  }

  /**
   * The promotion ends, and something that it changed is not put back: a person is awaited first,
   * without the turn, whether it was cancelled or not. After the order to resume it is tried under
   * another turn.
   *
   * @param turn which is not held
   * @param step to be resumed
   */
  void awaitPerson(HeldTurn turn, String step) {
    if (unsettled.isEmpty()) {
      // From an earlier turn, and this one was not granted.
      unsettled = compensation.leftInPlace(hop, "the promotion holds no turn");
    }
    Workflow.newDetachedCancellationScope(
            () -> {
              while (!unsettled.isEmpty() && isResumed(step)) {
                tryAgain(turn);
              }
            })
        .run();
  }

  private boolean isResumed(String step) {
    try {
      journey.steps().awaitResume(failure(step));
      return true;
    } catch (EarlyEnd late) {
      leavesIt();
      return false;
    }
  }

  private void tryAgain(HeldTurn turn) {
    try {
      turn.take();
    } catch (TemporalFailure refused) {
      hop.notice("the turn was not granted, so nothing was put back: " + Failures.line(refused));
      return;
    }
    begin();
    undo();
    turn.giveBack();
  }

  /** The promotion ends without it: what stays is listed. */
  void leavesIt() {
    unsettled.forEach(one ->
        journey
            .progress()
            .outcome()
            .leaves(StepNames.hop(hop.target(), one.thing()) + " not put back", one.text()));
  }

  private void reportLive() {
    try {
      hop.notice("live in " + hop.workspace() + " now: " + live.withoutWaiting().text());
    } catch (TemporalFailure failure) {
      hop.notice(
          "what is live in "
              + hop.workspace()
              + " now could not be read: "
              + Failures.line(failure));
    }
  }
}
