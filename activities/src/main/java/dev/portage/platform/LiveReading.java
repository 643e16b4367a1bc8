package dev.portage.platform;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.job.SettingChange;
import dev.portage.live.LiveQuery;
import dev.portage.live.LiveRef;
import dev.portage.live.LiveSeen;
import dev.portage.live.LiveState;
import dev.portage.live.LiveThings;
import dev.portage.live.Look;
import dev.portage.registry.Champion;
import dev.portage.registry.RegistryActivities;
import dev.portage.release.Release;
import dev.portage.store.Parallel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Reads live things within one activity, all at the same time. */
final class LiveReading {

  private final LiveThings things;
  private final Map<Class<?>, Object> activities;

  /**
   * Reads by these.
   *
   * @param activities of the workspace, by their interfaces
   */
  LiveReading(LiveThings things, Map<Class<?>, Object> activities) {
    this.things = things;
    this.activities = Map.copyOf(activities);
  }

  /** Begins to read. */
  Reading begin(LiveQuery query, ExecutorService threads) {
    Future<Optional<Champion>> champion =
        threads.submit(
            () -> by(RegistryActivities.class, query.model().workspace()).champion(query.model()));
    List<Future<One>> states = new ArrayList<>();
    for (LiveRef ref : query.things()) {
      states.add(threads.submit(() -> one(ref, new LookHere(ref.workspace(), champion))));
    }
    return new Reading(champion, states);
  }

  /**
   * One thing as it is.
   *
   * @param settings those that would change; null where that was not asked, or can't be read
   */
  private record One(LiveState state, @Nullable List<SettingChange> settings) {}

  private One one(LiveRef ref, Look look) {
    LiveState state = things.observe(ref, look);
    try {
      return new One(state, things.differences(ref, state, look));
    } catch (RuntimeException unshown) {
      // Whatever it is, as a job that somebody else wrote in a way that nobody expected: nothing
      // fails for what is only shown.
      return new One(state, null);
    }
  }

  /** What a release made and a hop doesn't change, as it is now. */
  List<String> leftBehind(Release released, LiveQuery query, Future<Optional<Champion>> champion) {
    return things.leftBehind(released, query, new LookHere(query.model().workspace(), champion));
  }

  private <T> T by(Class<T> type, String workspace) {
    Object found = activities.get(type);
    if (found == null) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              "read what is live",
              "workspace " + workspace,
              "its kind has no " + type.getSimpleName(),
              "Correct its kind in the platform file."));
    }
    return type.cast(found);
  }

  /** A look that calls the activities themselves. */
  private final class LookHere implements Look {
    private final String workspace;
    private final Future<Optional<Champion>> champion;

    private LookHere(String workspace, Future<Optional<Champion>> champion) {
      this.workspace = workspace;
      this.champion = champion;
    }

    @Override
    public <T> T by(Class<T> type, String what) {
      return LiveReading.this.by(type, workspace);
    }

    @Override
    public Optional<Champion> champion() {
      return Parallel.awaited(champion);
    }
  }

  /** A reading under way. */
  static final class Reading {
    private final Future<Optional<Champion>> champion;
    private final List<Future<One>> states;

    private Reading(Future<Optional<Champion>> champion, List<Future<One>> states) {
      this.champion = champion;
      this.states = states;
    }

    /** The champion, as soon as it is found. */
    Future<Optional<Champion>> champion() {
      return champion;
    }

    /**
     * What was found, as soon as it is.
     *
     * @param released what was asked besides; null for nothing
     */
    LiveSeen seen(@Nullable Boolean released) {
      List<LiveState> found = new ArrayList<>();
      List<SettingChange> settings = null;
      for (Future<One> state : states) {
        One one = Parallel.awaited(state);
        found.add(one.state());
        List<SettingChange> more = one.settings();
        if (more != null) {
          settings = settings == null ? new ArrayList<>() : settings;
          settings.addAll(more);
        }
      }
      return new LiveSeen(found, Parallel.awaited(champion).orElse(null), released, settings);
    }
  }
}
