package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.plan.LiveActivities;
import dev.portage.plan.LiveQuery;
import dev.portage.plan.LiveSeen;
import dev.portage.plan.Planner;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionQuery;
import dev.portage.release.RecordQuery;
import dev.portage.settings.Station;
import dev.portage.temporal.Changes;
import dev.portage.temporal.Queues;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import org.jspecify.annotations.Nullable;

/**
 * The first check under a turn: what is live, and whether this promotion was already live here. The
 * queries run in parallel, since all other promotions wait for the turn.
 */
final class TurnCheck {

  private final Journey journey;
  private final Station target;
  private final LiveReader live;
  private final Hop.Arrived arrived;
  private final ChampionMove champion;

  TurnCheck(
      Journey journey,
      Station target,
      LiveReader live,
      Hop.Arrived arrived,
      ChampionMove champion) {
    this.journey = journey;
    this.target = target;
    this.live = live;
    this.arrived = arrived;
    this.champion = champion;
  }

  /**
   * What was seen.
   *
   * @param now what is live; null if it was not read, since it was released before
   * @param released whether this promotion was released here before
   * @param settled whether duplicates of our version were removed
   */
  record Seen(Planner.@Nullable Now now, boolean released, boolean settled) {}

  Seen look() {
    if (Changes.made(Changes.LOOKS_IN_ONE_ACTIVITY, target)) {
      return lookInOneActivity();
    }
    if (Changes.made(Changes.LOOKS_FOR_ALL_AT_THE_TURN, target)) {
      return lookForAll();
    }
    if (Changes.made(Changes.LOOKS_TOGETHER, target)) {
      Promise<Planner.Now> looking = Async.function(() -> live.now());
      Promise<Boolean> before = Async.function(this::wasReleased);
      Promise.allOf(looking, before).get();
      return new Seen(looking.get(), before.get(), false);
    }
    return new Seen(null, wasReleased(), false);
  }

  private Seen lookInOneActivity() {
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

  private Seen lookForAll() {
    boolean settles = settles();
    Promise<Planner.Now> looking = Async.function(() -> live.now());
    Promise<Boolean> before = Async.function(this::wasReleasedByTagOrRecord);
    Promise<Void> settling =
        settles ? Async.procedure(champion::settle) : Workflow.newPromise((Void) null);
    Promise.allOf(looking, before, settling).get();
    return new Seen(looking.get(), before.get(), settles);
  }

  /** The version's own tags say it, or its record, whatever is champion since. */
  private boolean wasReleased() {
    return ReleasedBefore.isRecorded(
        ours(), journey.id(), journey.settings().retryTimeout(), target.workspace());
  }

  /** The same, both in parallel if the version's run is known. */
  private boolean wasReleasedByTagOrRecord() {
    String run = arrived.version().runId();
    if (run == null) {
      return wasReleased();
    }
    Promise<Boolean> recorded =
        Async.function(() ->
            ReleasedBefore.isRecorded(
                new RecordQuery(target.workspace(), run),
                journey.id(),
                arrived.version().version(),
                journey.settings().retryTimeout()));
    Promise<ModelVersion> ours = Async.function(this::ours);
    Promise.allOf(recorded, ours).get();
    return Tags.recordRelease(ours.get().tags()) || recorded.get();
  }

  private ModelVersion ours() {
    String version = arrived.version().version();
    return Stubs.quick(
            RegistryActivities.class,
            Queues.of(target.workspace()),
            journey.settings().retryTimeout(),
            "was version " + version + " released here before?")
        .version(new VersionQuery(target.workspace(), target.model(), version));
  }
}
