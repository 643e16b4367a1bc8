package dev.portage.promotion;

import dev.portage.lane.TurnRequest;
import dev.portage.settings.Station;
import io.temporal.workflow.Promise;
import org.jspecify.annotations.Nullable;

/** The turn that a hop holds while it changes what is live. */
final class HeldTurn {

  private final Journey journey;
  private final Station target;
  private @Nullable TurnRequest turn;
  private @Nullable Promise<Void> givenBack;

  HeldTurn(Journey journey, Station target) {
    this.journey = journey;
    this.target = target;
  }

  /** Waits for it. */
  void take() {
    // No look is taken at the lane: its own page says who holds the turn.
    journey
        .progress()
        .running(
            "waiting for the turn of "
                + target.model()
                + " in "
                + target.workspace()
                + "; lane/"
                + target.workspace()
                + "/"
                + target.model()
                + " shows who holds it");
    turn = journey.turns().take(target.workspace(), target.model(), journey.nextRun()::meanwhile);
  }

  /** Whether it is held. */
  boolean isHeld() {
    return turn != null;
  }

  /** Gives it back, if it is held. */
  void giveBack() {
    TurnRequest held = turn;
    if (held != null) {
      turn = null;
      journey.turns().giveBack(held);
      journey.superseding().takeEffect();
    }
  }

  /** The same, while what follows begins. */
  void beginToGiveBack() {
    TurnRequest held = turn;
    if (held != null) {
      turn = null;
      givenBack = journey.turns().givingBack(held);
      journey.superseding().takeEffect();
    }
  }

  /** Waits until it is given back, where that has begun. */
  void awaitGivenBack() {
    Promise<Void> giving = givenBack;
    if (giving != null) {
      giving.get();
    }
  }
}
