package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.live.LiveActivities;
import dev.portage.live.LiveChange;
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
   * What is live right before the last change of the hop: things that it has changed are found by
   * what it made of them, since a list may not show them yet.
   */
  LiveSeen again(List<LiveChange> made) {
    return quick("the champion of " + target.model() + ", and is all as this promotion left it?")
        .look(new LiveQuery(refs().stream().map(ref -> found(ref, made)).toList(), champion()));
  }

  private static LiveRef found(LiveRef ref, List<LiveChange> made) {
    return made.stream()
        .filter(change -> change.thing().equals(ref.thing()))
        .findFirst()
        .map(change -> ref.by(change.now().values()))
        .orElse(ref);
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
