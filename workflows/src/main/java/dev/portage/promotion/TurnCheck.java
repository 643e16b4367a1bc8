package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.plan.LiveActivities;
import dev.portage.plan.LiveQuery;
import dev.portage.plan.LiveSeen;
import dev.portage.plan.Planner;
import dev.portage.registry.VersionQuery;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;

/**
 * The first check under a turn: what is live, and whether this promotion was already live here. The
 * queries run in parallel, since all other promotions wait for the turn.
 */
final class TurnCheck {

  private final Journey journey;
  private final Station target;
  private final LiveReader live;
  private final Hop.Arrived arrived;

  TurnCheck(Journey journey, Station target, LiveReader live, Hop.Arrived arrived) {
    this.journey = journey;
    this.target = target;
    this.live = live;
    this.arrived = arrived;
  }

  /**
   * What was seen.
   *
   * @param now what is live
   * @param released whether this promotion was released here before
   * @param settled whether duplicates of our version were removed
   */
  record Seen(Planner.Now now, boolean released, boolean settled) {}

  Seen look() {
    boolean settles = settles();
    String version = arrived.version().version();
    LiveSeen seen =
        Stubs.quick(
                LiveActivities.class,
                Queues.of(target.workspace()),
                journey.settings().retryTimeout(),
                "what is live, and was version " + version + " released here before?")
            .lookUnderTurn(
                new LiveQuery(
                    live.championQuery(),
                    live.jobQuery(),
                    new VersionQuery(target.workspace(), target.model(), version),
                    journey.id(),
                    settles ? arrived.order() : null));
    return new Seen(seen.now(), seen.released(), settles);
  }

  /**
   * A batch may take an hour, in which a duplicate may appear: there duplicates are removed after
   * it.
   */
  private boolean settles() {
    return journey.settings().batch() == null;
  }
}
