package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.live.Applied;
import dev.portage.live.ChangeNotKnown;
import dev.portage.live.LiveChange;
import dev.portage.live.LiveHop;
import dev.portage.live.LiveSeen;
import dev.portage.live.LiveState;
import dev.portage.live.LiveThing;
import dev.portage.registry.RegistryActivities;
import dev.portage.release.FollowUp;
import dev.portage.release.LiveVersion;
import dev.portage.release.WentLive;
import dev.portage.step.Made;
import dev.portage.temporal.Queues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The live things that a hop changes, a step each, and what became of them. */
final class LiveChanges {

  private final Journey journey;
  private final LiveHop hop;
  private final Hop.Arrived arrived;
  private final Evaluation evaluation;
  private final List<LiveThing> things;
  private final Map<String, LiveChange> made = new LinkedHashMap<>();
  private final Map<String, Instant> ended = new LinkedHashMap<>();

  /** Whether it is known if the last thing changed. If not, nothing may be put back under it. */
  private boolean known = true;

  private boolean settled;

  LiveChanges(Journey journey, LiveHop hop, Hop.Arrived arrived, Evaluation evaluation) {
    this.journey = journey;
    this.hop = hop;
    this.arrived = arrived;
    this.evaluation = evaluation;
    this.things = journey.things().of(hop.settings(), hop.target());
    String notKnown = StepNames.hop(hop.target(), "not known whether live");
    journey.journal().find(notKnown, Boolean.class).ifPresent(any -> known = false);
    journey.journal().keep(notKnown, () -> known ? null : true);
  }

  /** Those that the hop changes, in order. */
  List<LiveThing> things() {
    return things;
  }

  /** Those before the point of no return. */
  List<LiveThing> beforeTheLast() {
    return things.subList(0, things.size() - 1);
  }

  /** The one whose change is the point of no return. */
  LiveThing last() {
    return things.getLast();
  }

  /** Names of their steps, in order. */
  List<String> steps() {
    return things.stream().map(hop::step).toList();
  }

  /** What became of those that changed, in order. */
  List<LiveChange> made() {
    return List.copyOf(made.values());
  }

  /**
   * When readers saw the new version in each place, in that order; null where not all of it is
   * known, as of what was found as the hop makes it.
   */
  @Nullable List<WentLive> order() {
    return ended.size() < things.size()
        ? null
        : things.stream()
            .map(thing ->
                new WentLive(thing.name(), Objects.requireNonNull(ended.get(thing.name()))))
            .toList();
  }

  /** What follows from them once all are live: retried, and never undone. */
  List<FollowUp> followUps(LiveVersion live) {
    return things.stream()
        .filter(thing -> made.containsKey(thing.name()))
        .flatMap(thing ->
            thing.followUps(hop, live, Objects.requireNonNull(made.get(thing.name()))).stream())
        .toList();
  }

  /**
   * Whether it is known where the last thing is. If not, nothing may be restored: it could be
   * restored under the new one.
   */
  boolean isKnown() {
    return known;
  }

  /** All was read, so that what was unknown is known now. */
  void isSeen() {
    known = true;
  }

  /** The promotion ends, and nobody could look: no ending says that it is not live. */
  void staysUnknown() {
    String where = " in " + hop.workspace();
    journey
        .progress()
        .notKnown(
            "whether "
                + hop.marking().live()
                + " of "
                + hop.model()
                + where
                + " is version "
                + hop.version()
                + " is unknown");
    journey
        .progress()
        .outcome()
        .leaves(
            hop.workspace(),
            "version " + hop.version() + " of " + hop.model() + where + ", which may be live");
  }

  /**
   * Reads what is live, as the first thing under a turn. Duplicates of the version are removed at
   * the same time, unless a longer step follows in which another may appear.
   */
  LiveSeen lookUnderTurn() {
    settled = things.size() == 1;
    LiveSeen seen = evaluation.live().underTurn(arrived, settled);
    seen.settled().forEach(hop::notice);
    return seen;
  }

  /** Whether all are as the hop makes them. */
  boolean areApplied(LiveSeen seen) {
    return things.stream().allMatch(thing -> isApplied(thing, seen));
  }

  /** Whether the last one is as the hop makes it. */
  boolean isLastApplied(LiveSeen seen) {
    return isApplied(last(), seen);
  }

  private boolean isApplied(LiveThing thing, LiveSeen seen) {
    return thing.isApplied(hop, seen.of(thing.name()));
  }

  /**
   * What somebody else made of those before the last since the hop changed them, a line each; empty
   * where all are as it left them. What comes before the last one may take hours.
   *
   * @param seen read after their changes
   */
  List<String> changedByOthers(LiveSeen seen) {
    List<String> lines = new ArrayList<>();
    for (LiveThing thing : beforeTheLast()) {
      LiveChange change = made.get(thing.name());
      String since = change == null ? null : thing.changedSince(change, seen.of(thing.name()));
      if (since != null) {
        lines.add(since);
      }
    }
    return List.copyOf(lines);
  }

  /** What was made of them is gone, or is nobody's: their next run is another attempt. */
  void repeat() {
    beforeTheLast().forEach(thing -> journey.steps().repeat(hop.step(thing)));
  }

  /** Lists steps of things that the hop doesn't change. */
  void skipOthers() {
    journey.things().all().stream()
        .filter(thing -> !things.contains(thing) && thing.isListedWithout())
        .forEach(thing -> journey.progress().steps().skipped(hop.step(thing), thing.whyNot()));
  }

  /**
   * Changes one, as its step.
   *
   * @param changed hears of the change as soon as it is known
   */
  void apply(LiveThing thing, Consumer<LiveChange> changed) {
    try {
      made.put(
          thing.name(),
          journey
              .steps()
              .once(
                  hop.step(thing),
                  hop.workspace(),
                  attempt -> {
                    if (thing.equals(last()) && !settled) {
                      settle();
                    }
                    Applied applied =
                        thing.apply(
                            hop, attempt, evaluation.shown().seen().of(thing.name()), changed);
                    return new Made<>(applied.change(), applied.text(), applied.page());
                  }));
      ended.put(thing.name(), PromotionProgress.now());
    } catch (ChangeNotKnown unknown) {
      known = false;
      throw unknown;
    }
  }

  /**
   * A second version of the same key may exist for seconds; none is left when the turn is given
   * back.
   */
  private void settle() {
    Stubs.quick(
            RegistryActivities.class,
            Queues.of(hop.workspace()),
            hop.retryTimeout(),
            "make sure there is only one version")
        .settleVersion(arrived.order())
        .removed()
        .forEach(hop::notice);
  }

  /**
   * They were found as the hop makes them, changed by an attempt whose answer was never heard.
   *
   * @param noted changes that were heard of, perhaps by an earlier run of the workflow: only they
   *     know what was found, and what was paused meanwhile
   */
  void found(LiveSeen seen, List<LiveChange> noted) {
    known = true;
    ended.clear();
    noted.forEach(change -> made.putIfAbsent(change.thing(), change));
    LiveSeen approved = evaluation.shown().seen();
    for (LiveThing thing : things) {
      LiveState before = approved.of(thing.name());
      made.putIfAbsent(
          thing.name(),
          new LiveChange(
              thing.equals(last()) && thing.isApplied(hop, before)
                  ? LiveState.none(thing.name(), "nothing")
                  : before,
              seen.of(thing.name())));
    }
    String step = hop.step(last());
    journey.progress().steps().begin(step, 1);
    journey
        .progress()
        .steps()
        .done(
            step, last().name() + " is " + seen.of(last().name()).text() + " already", hop.page());
  }
}
