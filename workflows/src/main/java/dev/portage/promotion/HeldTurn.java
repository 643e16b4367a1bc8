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
    turn = journey.turns().take(journey, target.workspace(), target.model());
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
    }
  }

  /** The same, while what follows begins. */
  void beginToGiveBack() {
    TurnRequest held = turn;
    if (held != null) {
      turn = null;
      givenBack = journey.turns().givingBack(held);
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
