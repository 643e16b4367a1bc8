package dev.portage.platform;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.job.JobActivities;
import dev.portage.live.LiveQuery;
import dev.portage.live.LiveThings;
import dev.portage.preflight.Ahead;
import dev.portage.preflight.Finding;
import dev.portage.preflight.LiveNow;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import dev.portage.serving.EndpointActivities;
import dev.portage.store.Parallel;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrackingActivities;
import dev.portage.tracking.TrainedRun;
import dev.portage.trigger.TriggerActivities;
import dev.portage.trigger.Triggers;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Reads what is live in a workspace, all things at the same time. */
public final class LiveInspection {

  /**
   * How long is waited for what starts by itself, and for what is only shown: of thousands of jobs
   * a page takes up to a second, and the whole inspection has 30 s.
   */
  private static final Duration TRIGGERS = Duration.ofSeconds(15);

  private final TrackingActivities tracking;
  private final RegistryActivities registry;
  private final ReleaseActivities releases;
  private final TriggerActivities triggers;
  private final LiveReading reading;
  private final Duration triggersWithin;

  /**
   * Looks by these.
   *
   * @param jobs null where the workspace runs none
   * @param endpoints null where the workspace serves nothing
   */
  public LiveInspection(
      TrackingActivities tracking,
      RegistryActivities registry,
      ReleaseActivities releases,
      @Nullable JobActivities jobs,
      @Nullable EndpointActivities endpoints,
      TriggerActivities triggers) {
    this(tracking, registry, releases, jobs, endpoints, triggers, TRIGGERS);
  }

  LiveInspection(
      TrackingActivities tracking,
      RegistryActivities registry,
      ReleaseActivities releases,
      @Nullable JobActivities jobs,
      @Nullable EndpointActivities endpoints,
      TriggerActivities triggers,
      Duration triggersWithin) {
    this.triggers = triggers;
    this.triggersWithin = triggersWithin;
    this.tracking = tracking;
    this.registry = registry;
    this.releases = releases;
    Map<Class<?>, Object> activities = new HashMap<>();
    activities.put(RegistryActivities.class, registry);
    activities.put(ReleaseActivities.class, releases);
    if (jobs != null) {
      activities.put(JobActivities.class, jobs);
    }
    if (endpoints != null) {
      activities.put(EndpointActivities.class, endpoints);
    }
    this.reading = new LiveReading(LiveThings.known(), activities);
  }

  /** The result: what is live, or the failed finding instead. */
  record Seen(@Nullable LiveNow live, @Nullable Finding failed) {}

  /**
   * Begins to look.
   *
   * @param threads run the queries
   */
  Looking begin(Ahead ahead, ExecutorService threads) {
    LiveQuery query = ahead.live();
    LiveReading.Reading read = query == null ? null : reading.begin(query, threads);
    return new Looking(
        threads.submit(() -> making(ahead)),
        read,
        threads.submit(() -> query == null || read == null ? List.of() : leftBehind(query, read)),
        threads.submit(() -> released(ahead.released())),
        threads.submit(() -> Optional.ofNullable(ahead.triggers()).map(triggers::findTriggers)),
        System.nanoTime(),
        triggersWithin);
  }

  /** Begins to read what is live. */
  LiveReading.Reading begin(LiveQuery query, ExecutorService threads) {
    return reading.begin(query, threads);
  }

  /**
   * What the champion's release made and a hop doesn't change, a sentence each. It is only shown:
   * what can't be read is left out.
   */
  List<String> leftBehind(LiveQuery query, LiveReading.Reading read) {
    if (query.model().withVersions() == null) {
      return List.of();
    }
    try {
      return Parallel.awaited(read.champion())
          .flatMap(champion -> record(champion.version()))
          .map(released -> reading.leftBehind(released, query, read.champion()))
          .orElse(List.of());
    } catch (RuntimeException unread) {
      // Whatever it is, as a record of another hand.
      return List.of();
    }
  }

  /** Who made what was trained elsewhere; fails where it is not there. */
  private Optional<TrainedRun> making(Ahead ahead) {
    RunSearch run = ahead.run();
    if (run != null) {
      return Optional.of(tracking.findRun(run));
    }
    VersionQuery version = ahead.version();
    if (version == null) {
      return Optional.empty();
    }
    registry.version(version);
    return Optional.of(registry.runOf(version));
  }

  /** A version's own tags say it, or the record with the model: either may be missing. */
  private Optional<Boolean> released(@Nullable PromotionQuery query) {
    return query == null
        ? Optional.empty()
        : Optional.of(
            registry.versionsOf(query).stream()
                .anyMatch(version ->
                    Tags.recordRelease(version.tags())
                        || record(version)
                            .filter(release -> isOf(release, version, query.promotion()))
                            .isPresent()));
  }

  /** Whether a promotion released its version before. Fails if that can't be determined. */
  boolean isReleased(VersionQuery query, String promotion) {
    ModelVersion version = registry.version(query);
    String run = version.runId();
    return Tags.recordRelease(version.tags())
        || (run != null
            && releases
                .recorded(new RecordQuery(version.workspace(), run))
                .filter(release -> isOf(release, version, promotion))
                .isPresent());
  }

  private static boolean isOf(Release release, ModelVersion version, String promotion) {
    return release.isOf(promotion, version.workspace(), version.version());
  }

  /**
   * Makes sure that there is one version of an order. To be called where activities run.
   *
   * @return the duplicates that were removed, each in words for people
   */
  List<String> settle(VersionOrder order) {
    return registry.settleVersion(order).removed();
  }

  /** What a version's run records of its release; a run that was deleted records nothing. */
  private Optional<Release> record(ModelVersion version) {
    String run = version.runId();
    if (run == null) {
      return Optional.empty();
    }
    try {
      return releases.recorded(new RecordQuery(version.workspace(), run));
    } catch (ApplicationFailure failure) {
      if (FailureKind.ofType(failure.getType()) == FailureKind.PLATFORM) {
        throw failure;
      }
      return Optional.empty();
    }
  }

  /** A look under way. */
  record Looking(
      Future<Optional<TrainedRun>> making,
      LiveReading.@Nullable Reading live,
      Future<List<String>> left,
      Future<Optional<Boolean>> released,
      Future<Optional<Triggers>> triggers,
      long begun,
      Duration triggersWithin) {

    /**
     * What was found, as soon as it is.
     *
     * @throws ApplicationFailure the platform's, when there was no answer
     */
    Seen seen() {
      try {
        return new Seen(
            new LiveNow(
                Parallel.awaited(making).map(TrainedRun::making).orElse(null),
                live == null ? null : live.seen(null).leaving(inTime(left).orElse(List.of())),
                Parallel.awaited(released).orElse(null),
                Parallel.awaited(making)
                    .map(run -> run.metrics().keySet().stream().sorted().toList())
                    .orElse(null),
                triggersInTime()),
            null);
      } catch (ApplicationFailure failure) {
        if (FailureKind.ofType(failure.getType()) == FailureKind.PLATFORM) {
          throw failure;
        }
        Problem problem = failure.getDetails().get(Problem.class);
        return new Seen(
            null,
            Finding.failed(problem.where(), problem.tried(), problem.cameBack(), problem.remedy()));
      }
    }

    private <T> Optional<T> inTime(Future<T> what) {
      return Parallel.awaited(what, triggersWithin.minusNanos(System.nanoTime() - begun));
    }

    /** They are read again, and waited for longer, before anything changes. */
    private @Nullable Triggers triggersInTime() {
      Optional<Optional<Triggers>> found = inTime(triggers);
      return found.isPresent()
          ? found.get().orElse(null)
          : new Triggers(
              List.of(),
              "the workspace did not list all of it within "
                  + triggersWithin.toSeconds()
                  + " s; the promotion looks again");
    }
  }
}
