package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.lane.Grant;
import dev.portage.lane.TurnActivities;
import dev.portage.lane.TurnRequest;
import dev.portage.step.NextRun;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import org.jspecify.annotations.Nullable;

/** The promotion's side of a lane: requests the turn, waits for it, gives it back. */
final class Turns {

  private @Nullable TurnRequest wanted;
  private @Nullable Grant inHand;
  private boolean goesOn;
  private int asked;

  /**
   * @param carriedOver what an earlier run of the workflow hands on, null in the first
   */
  Turns(@Nullable CarriedOver carriedOver) {
    if (carriedOver != null) {
      wanted = carriedOver.turn();
      goesOn = wanted != null;
      asked = carriedOver.turns();
    }
  }

  /** How often a turn was requested. */
  int asked() {
    return asked;
  }

  /** The turn in hand, for orders that change what is live; null without one. */
  @Nullable Grant inHand() {
    return inHand;
  }

  /** The asking that waits or is granted, until the turn is given back; null without one. */
  @Nullable TurnRequest wanted() {
    return wanted;
  }

  /**
   * Waits until we hold the turn. Nobody else changes what is live there until it is given back.
   */
  TurnRequest take(Journey journey, String workspace, String model) {
    // No look is taken at the lane: its own page says who holds the turn.
    journey
        .progress()
        .running(
            "waiting for the turn of "
                + model
                + " in "
                + workspace
                + "; lane/"
                + workspace
                + "/"
                + model
                + " shows who holds it");
    TurnRequest before = wanted;
    if (goesOn && before != null) {
      // It already has its place in the queue, under the run that requested it.
      goesOn = false;
      return readOrGiveBack(journey, before);
    }
    asked++;
    String turn = workspace + "-" + asked;
    TurnRequest request =
        new TurnRequest(workspace, model, journey.id(), turn, Workflow.getInfo().getRunId());
    wanted = request;
    return readOrGiveBack(journey, request);
  }

  private TurnRequest readOrGiveBack(Journey journey, TurnRequest request) {
    try {
      return read(journey.nextRun(), request);
    } catch (TemporalFailure failure) {
      giveBack(request);
      throw failure;
    }
  }

  /**
   * The granted request. In a reset run it may be the previous run's, and stays that one's: its
   * number shows whether it still counts.
   */
  private TurnRequest read(NextRun nextRun, TurnRequest request) {
    TurnActivities turns =
        Stubs.waiting(
            TurnActivities.class, Queues.TURNS, "wait for the turn in " + request.workspace());
    Grant grant = nextRun.meanwhile(() -> turns.awaitGrant(request));
    inHand = grant;
    wanted = grant.request();
    return grant.request();
  }

  /** Gives the turn back, whatever has happened. */
  void giveBack(TurnRequest request) {
    inHand = null;
    wanted = null;
    Workflow.newDetachedCancellationScope(() -> returning(request).giveBack(request)).run();
  }

  /**
   * Gives the turn back while the next steps run.
   *
   * @return done when it is given back
   */
  Promise<Void> givingBack(TurnRequest request) {
    inHand = null;
    wanted = null;
    CompletablePromise<Void> given = Workflow.newPromise();
    Workflow.newDetachedCancellationScope(
            () -> given.completeFrom(Async.procedure(returning(request)::giveBack, request)))
        .run();
    return given;
  }

  private static TurnActivities returning(TurnRequest request) {
    return Stubs.here(
        TurnActivities.class, null, "give the turn in " + request.workspace() + " back");
  }
}
