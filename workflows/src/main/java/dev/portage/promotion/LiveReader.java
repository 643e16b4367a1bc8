package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.live.LiveActivities;
import dev.portage.live.LiveQuery;
import dev.portage.live.LiveRef;
import dev.portage.live.LiveSeen;
import dev.portage.live.PlannedHop;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.VersionQuery;
import dev.portage.serving.Testable;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import java.util.List;

/** Reads what is live in the target of a hop, as far as the hop changes it. */
final class LiveReader {

  private final Journey journey;
  private final Station target;

  LiveReader(Journey journey, Station target) {
    this.journey = journey;
    this.target = target;
  }

  /** The hop that it is read for. */
  PlannedHop hop() {
    return new PlannedHop(
        journey.settings(),
        target,
        journey.start().source(),
        journey.id(),
        journey.journal().find(TestableLook.KEY, Testable.class).orElse(null));
  }

  /** What is live, for people, who also see which versions exist and which settings change. */
  LiveSeen toShow() {
    return quick("what is live in " + target.workspace())
        .look(new LiveQuery(journey.things().refs(hop(), true), champion().andVersions()));
  }

  /** What is live. */
  LiveSeen now() {
    return quick("what is live in " + target.workspace()).look(new LiveQuery(refs(), champion()));
  }

  /**
   * What the last change of the hop will change, and the champion that gates compare with; besides,
   * what the hop has changed and somebody may have changed since.
   */
  LiveSeen last() {
    List<LiveRef> all = refs();
    LiveRef last = all.getLast();
    List<LiveRef> read =
        all.stream()
            .filter(ref -> ref.equals(last) || journey.things().named(ref.thing()).isReadAgain())
            .toList();
    return quick("the champion of " + target.model()).look(new LiveQuery(read, champion()));
  }

  /** What is live, while others may be held up: it waits for no worker. */
  LiveSeen withoutWaiting() {
    return Stubs.afterwards(
            LiveActivities.class,
            Queues.of(target.workspace()),
            journey.settings().retryTimeout(),
            "what is live in " + target.workspace())
        .look(new LiveQuery(refs(), champion()));
  }

  /**
   * The first look under a turn: what is live, and whether this promotion was already live here.
   *
   * @param settles whether duplicates of the version are removed in the same activity
   */
  LiveSeen underTurn(Hop.Arrived arrived, boolean settles) {
    String version = arrived.version().version();
    return quick("what is live, and was version " + version + " released here before?")
        .look(
            new LiveQuery(
                refs(),
                champion(),
                new VersionQuery(target.workspace(), target.model(), version),
                journey.id(),
                settles ? arrived.order() : null));
  }

  private List<LiveRef> refs() {
    return journey.things().refs(hop(), false);
  }

  /** With the metrics that gates use. */
  private ModelQuery champion() {
    return new ModelQuery(
        target.workspace(), target.model(), target.marking(), journey.gatedMetrics(), null);
  }

  private LiveActivities quick(String summary) {
    return Stubs.quick(
        LiveActivities.class,
        Queues.of(target.workspace()),
        journey.settings().retryTimeout(),
        summary);
  }
}
