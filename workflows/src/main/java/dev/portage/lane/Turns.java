package dev.portage.lane;

import dev.portage.activity.Stubs;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import org.jspecify.annotations.Nullable;

/**
 * A workflow's side of a lane: requests the turn, waits for it, gives it back. Of a promotion, a
 * rollback or an adoption, whose {@link TurnHolder#turnWanted} answers {@link #wanted}.
 */
public final class Turns {

  private @Nullable TurnRequest wanted;
  private @Nullable Grant inHand;
  private @Nullable Preempt preempted;
  private @Nullable CancellationScope change;
  private boolean goesOn;
  private int asked;

  /** How a workflow waits for an activity that only waits itself. */
  public interface Waiting {
    /** The activity's answer; the workflow may continue in another run meanwhile. */
    <T> T meanwhile(Functions.Func<T> activity);
  }

  /**
   * The turns of one workflow.
   *
   * @param carriedOver the request that an earlier run of the workflow left waiting, null for none
   * @param asked how often earlier runs requested a turn
   */
  public Turns(@Nullable TurnRequest carriedOver, int asked) {
    this.wanted = carriedOver;
    this.goesOn = carriedOver != null;
    this.asked = asked;
  }

  /** How often a turn was requested. */
  public int asked() {
    return asked;
  }

  /** The turn in hand, for orders that change what is live; null without one. */
  public @Nullable Grant inHand() {
    return inHand;
  }

  /** The request that waits or is granted, until the turn is given back; null without one. */
  public @Nullable TurnRequest wanted() {
    return wanted;
  }

  /**
   * Waits until we hold the turn. Nobody else changes what is live there until it is given back. If
   * it fails or is cancelled, the request is withdrawn first.
   *
   * @param workspace where something live will change
   * @param model full name of the registered model there
   * @return the granted request; in a workflow that was reset it may be the previous run's, and
   *     stays that one's: its number shows whether it still counts
   */
  public TurnRequest take(String workspace, String model, Waiting waiting) {
    TurnRequest before = wanted;
    if (goesOn && before != null) {
      // It already has its place in the queue, under the run that requested it.
      goesOn = false;
      return readOrGiveBack(waiting, before);
    }
    asked++;
    TurnRequest request =
        new TurnRequest(
            workspace,
            model,
            Workflow.getInfo().getWorkflowId(),
            workspace + "-" + asked,
            Workflow.getInfo().getRunId());
    wanted = request;
    return readOrGiveBack(waiting, request);
  }

  private TurnRequest readOrGiveBack(Waiting waiting, TurnRequest request) {
    try {
      TurnActivities turns =
          Stubs.waiting(
              TurnActivities.class, Queues.TURNS, "wait for the turn in " + request.workspace());
      Grant grant = waiting.meanwhile(() -> turns.awaitGrant(request));
      inHand = grant;
      wanted = grant.request();
      return grant.request();
    } catch (TemporalFailure failure) {
      giveBack(request);
      throw failure;
    }
  }

  /**
   * Runs what the turn is for in a scope of its own, which a preempting rollback cancels: then it
   * fails as after a cancel, and {@link #preemptedBy} says why. What must not be interrupted, and
   * what puts back, runs detached as ever.
   */
  public void change(Runnable work) {
    CancellationScope scope = Workflow.newCancellationScope(work);
    change = scope;
    try {
      if (preempted != null) {
        scope.cancel("preempted by " + preempted.by());
      }
      scope.run();
    } finally {
      change = null;
    }
  }

  /**
   * Takes a lane's message.
   *
   * @return false where it is not about the turn in hand: then it changes nothing
   */
  public boolean preempt(Preempt message) {
    if (!message.held().equals(wanted)) {
      return false;
    }
    if (preempted == null) {
      preempted = message;
      if (change != null) {
        change.cancel("preempted by " + message.by());
      }
    }
    return true;
  }

  /** The rollback that preempts the turn in hand; null without one. */
  public @Nullable String preemptedBy() {
    return preempted == null ? null : preempted.by();
  }

  /** Gives the turn back, whatever has happened. */
  public void giveBack(TurnRequest request) {
    forget();
    Workflow.newDetachedCancellationScope(() -> returning(request).giveBack(request)).run();
  }

  /**
   * Gives the turn back while the next steps run.
   *
   * @return done when it is given back
   */
  public Promise<Void> givingBack(TurnRequest request) {
    forget();
    CompletablePromise<Void> given = Workflow.newPromise();
    Workflow.newDetachedCancellationScope(
            () -> given.completeFrom(Async.procedure(returning(request)::giveBack, request)))
        .run();
    return given;
  }

  private void forget() {
    inHand = null;
    wanted = null;
    preempted = null;
  }

  private static TurnActivities returning(TurnRequest request) {
    return Stubs.here(
        TurnActivities.class, null, "give the turn in " + request.workspace() + " back");
  }
}
