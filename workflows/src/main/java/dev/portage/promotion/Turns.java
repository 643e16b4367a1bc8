package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.lane.Grant;
import dev.portage.lane.TurnActivities;
import dev.portage.lane.TurnRequest;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The promotion's side of a lane: asks for the turn, waits for it, gives it back. */
final class Turns {

  private static final Duration ASK_AGAIN = Duration.ofMinutes(10);

  private final Set<String> granted = new HashSet<>();
  private @Nullable Grant inHand;
  private int asked;

  /**
   * The turn in hand, for orders that change what is live; null without one, and where it was
   * granted before turns had numbers.
   */
  @Nullable Grant inHand() {
    return inHand;
  }

  /** Notes a grant that a lane sent. */
  void grant(String turn) {
    granted.add(turn);
  }

  /**
   * Waits until the turn is ours. Nobody else changes what is live there until it is given back.
   */
  TurnRequest take(Journey journey, String workspace, String model) {
    asked++;
    TurnRequest request = new TurnRequest(workspace, model, journey.id(), workspace + "-" + asked);
    try {
      do {
        // Asked again from time to time: a lane that somebody terminated has forgotten us.
        stub("ask for the turn in " + workspace).request(request);
      } while (!StepRunner.awaitWithTimer(
          ASK_AGAIN, "for the turn in " + workspace, () -> granted.contains(request.turn())));
      return request;
    } catch (TemporalFailure cancelled) {
      giveBack(request);
      throw cancelled;
    }
  }

  /** Gives the turn back, whatever happened meanwhile. */
  void giveBack(TurnRequest request) {
    inHand = null;
    Workflow.newDetachedCancellationScope(
            () -> stub("give the turn in " + request.workspace() + " back").giveBack(request))
        .run();
  }

  private static TurnActivities stub(String summary) {
    return Stubs.untilDone(TurnActivities.class, PromotionWorkflow.TASK_QUEUE, summary);
  }
}
