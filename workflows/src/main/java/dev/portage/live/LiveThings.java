package dev.portage.live;

import dev.portage.job.SettingChange;
import dev.portage.plan.Action;
import dev.portage.release.Release;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The live things of a workspace, in the order in which a hop changes them. The last one's change
 * is the point of no return: before it everything is undone if something fails, in reverse.
 */
public final class LiveThings {

  private static final LiveThings ALL =
      new LiveThings(List.of(new ServingThing(), new ScoringJobThing(), new ChampionThing()));

  private final List<LiveThing> things;

  /** A list of its own, as tests have; {@link #known} is everybody else's. */
  public LiveThings(List<LiveThing> things) {
    this.things = List.copyOf(things);
  }

  /** All of them. */
  public static LiveThings known() {
    return ALL;
  }

  /** Each of them, in order. */
  public List<LiveThing> all() {
    return things;
  }

  /** The one by a name. */
  public LiveThing named(String name) {
    return things.stream()
        .filter(thing -> thing.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no live thing is named " + name + " here"));
  }

  /** Those that a hop changes, in order. */
  public List<LiveThing> of(Settings settings, Station target) {
    return things.stream().filter(thing -> thing.find(settings, target).isPresent()).toList();
  }

  /**
   * How those that a hop changes are found.
   *
   * @param planned whether to ask for the settings that would change, too
   */
  public List<LiveRef> refs(PlannedHop hop, boolean planned) {
    List<LiveRef> refs = new ArrayList<>();
    for (LiveThing thing : things) {
      Station target = hop.target();
      thing
          .find(hop.settings(), target)
          .map(values ->
              new LiveRef(
                  thing.name(),
                  target.workspace(),
                  target.model(),
                  target.marking(),
                  hop.promotion(),
                  values,
                  planned ? thing.planned(hop) : null))
          .ifPresent(refs::add);
    }
    return List.copyOf(refs);
  }

  /** What becomes of those that a hop changes, in order. */
  public List<Action> plan(PlannedHop hop, LiveSeen seen) {
    List<LiveThing> changed = of(hop.settings(), hop.target());
    List<Action> actions = new ArrayList<>();
    changed.forEach(thing -> actions.add(thing.plan(hop, seen.of(thing.name()))));
    changed.forEach(thing -> actions.addAll(thing.planFollowing(hop)));
    return List.copyOf(actions);
  }

  /**
   * Whether all that changed since the approval is a matter for the gates.
   *
   * @param approved what those who decided saw
   * @param now what is live
   */
  public boolean onlyForTheGates(PlannedHop hop, LiveSeen approved, LiveSeen now) {
    return of(hop.settings(), hop.target()).stream()
        .allMatch(thing -> {
          LiveState before = approved.of(thing.name());
          LiveState after = now.of(thing.name());
          return thing.plan(hop, before).equals(thing.plan(hop, after))
              || thing.isForTheGates(before, after, now.championVersion());
        });
  }

  /**
   * What the live release made and a hop doesn't change, as it is now, a sentence each.
   *
   * @param released that release
   * @param query how the hop finds what it changes
   * @throws io.temporal.failure.TemporalFailure if it can't be read
   */
  public List<String> leftBehind(Release released, LiveQuery query, Look look) {
    List<String> left = new ArrayList<>();
    for (LiveThing thing : things) {
      Map<String, String> changed =
          query.things().stream()
              .filter(ref -> ref.thing().equals(thing.name()))
              .map(LiveRef::values)
              .findFirst()
              .orElse(null);
      released.states().stream()
          .filter(state -> state.thing().equals(thing.name()))
          .filter(state -> thing.leftBehind(state, changed) != null)
          .map(state ->
              thing.observe(
                  new LiveRef(
                      thing.name(),
                      query.model().workspace(),
                      query.model().model(),
                      query.model().marking(),
                      null,
                      state.values(),
                      null),
                  look))
          .flatMap(now -> Stream.ofNullable(thing.leftBehind(now, changed)))
          .forEach(left::add);
    }
    return List.copyOf(left);
  }

  /** Reads one, whether in workflow code or within an activity. */
  public LiveState observe(LiveRef ref, Look look) {
    return named(ref.thing()).observe(ref, look);
  }

  /**
   * The settings that change where it becomes what was planned; null where that was not asked.
   *
   * @param now as it is
   */
  public @Nullable List<SettingChange> differences(LiveRef ref, LiveState now, Look look) {
    return ref.planned() == null ? null : named(ref.thing()).differences(ref, now, look);
  }

  /**
   * Reads one without a promotion, in workflow code.
   *
   * @param values how it is found, such as those of a recorded state
   */
  public static LiveState observe(
      LiveContext context, LiveThing thing, Map<String, String> values) {
    return thing.observe(ref(context, thing, values), new WorkflowLook(context));
  }

  /** How one is found. */
  public static LiveRef ref(LiveContext context, LiveThing thing, Map<String, String> values) {
    return new LiveRef(
        thing.name(),
        context.workspace(),
        context.model(),
        context.marking(),
        context.holder(),
        values,
        null);
  }
}
