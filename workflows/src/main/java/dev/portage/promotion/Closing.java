package dev.portage.promotion;

import dev.portage.candidate.Arrival;
import dev.portage.candidate.Candidate;
import dev.portage.registry.MarkOrder;
import dev.portage.release.FollowUp;
import dev.portage.release.LiveVersion;
import dev.portage.settings.Station;
import java.util.List;

/**
 * Step {@code close}: marks the candidate as live in the origin's registry. It retries, never
 * undoes, and never moves the mark back over a newer release's.
 */
final class Closing {

  private Closing() {}

  /**
   * Closes a promotion.
   *
   * @param last what the last workspace holds
   */
  static void run(Journey journey, Candidate candidate, Arrival last) {
    Station target = journey.settings().path().getLast();
    MarkOrder order = mark(journey, candidate);
    if (journey.journal().has(StepNames.CLOSE)) {
      return;
    }
    LiveVersion live =
        new LiveVersion(target.workspace(), target.model(), target.marking(), last.version());
    journey
        .followUps()
        .carryOut(
            StepNames.CLOSE,
            List.of(FollowUp.of(StepNames.CLOSE, live, order)),
            journey.settings().retryTimeout());
    journey.journal().put(StepNames.CLOSE, true);
  }

  /** What marks the origin, once the last workspace holds that. */
  static FollowUp order(Journey journey, Candidate candidate, LiveVersion live) {
    return FollowUp.of(StepNames.CLOSE, live, mark(journey, candidate));
  }

  private static MarkOrder mark(Journey journey, Candidate candidate) {
    Station origin = journey.settings().first();
    return new MarkOrder(
        origin.workspace(),
        origin.model(),
        candidate.originVersion(),
        origin.marking(),
        origin.marking().live());
  }
}
