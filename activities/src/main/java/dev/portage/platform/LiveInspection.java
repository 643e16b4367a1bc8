package dev.portage.platform;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.job.JobActivities;
import dev.portage.job.JobOrder;
import dev.portage.job.JobQuery;
import dev.portage.job.JobState;
import dev.portage.job.SettingChange;
import dev.portage.preflight.Ahead;
import dev.portage.preflight.Finding;
import dev.portage.preflight.LiveNow;
import dev.portage.registry.Champion;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import dev.portage.store.Parallel;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrackingActivities;
import dev.portage.tracking.TrainedRun;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Reads what is live in a workspace, all things at the same time. */
public final class LiveInspection {

  private final TrackingActivities tracking;
  private final RegistryActivities registry;
  private final ReleaseActivities releases;
  private final @Nullable JobActivities jobs;

  /**
   * Looks by these.
   *
   * @param jobs null where the workspace runs none
   */
  public LiveInspection(
      TrackingActivities tracking,
      RegistryActivities registry,
      ReleaseActivities releases,
      @Nullable JobActivities jobs) {
    this.tracking = tracking;
    this.registry = registry;
    this.releases = releases;
    this.jobs = jobs;
  }

  /** The result: what is live, or the failed finding instead. */
  record Seen(@Nullable LiveNow live, @Nullable Finding failed) {}

  /**
   * Begins to look.
   *
   * @param threads run the queries
   */
  Looking begin(Ahead ahead, ExecutorService threads) {
    return new Looking(
        threads.submit(() -> making(ahead)),
        threads.submit(() -> champion(ahead.champion())),
        threads.submit(() -> job(ahead.job(), ahead.champion())),
        threads.submit(() -> released(ahead.released())),
        threads.submit(() -> jobSettings(ahead.planned())));
  }

  /** Only shown: where they can't be read, whatever is in the way is found by the other looks. */
  private Optional<List<SettingChange>> jobSettings(@Nullable JobOrder planned) {
    JobActivities asked = jobs;
    if (planned == null || asked == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(asked.previewJob(planned).changes());
    } catch (RuntimeException unshown) {
      // Whatever it is, as a job that somebody else wrote in a way that nobody expected: the
      // preflight doesn't fail for what is only shown.
      return Optional.empty();
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

  Optional<Champion> champion(@Nullable ModelQuery query) {
    return query == null ? Optional.empty() : registry.champion(query);
  }

  /**
   * The scoring job.
   *
   * @param model model whose champion's release may have recorded it
   */
  JobSeen job(@Nullable JobQuery query, @Nullable ModelQuery model) {
    JobActivities asked = jobs;
    if (query == null || asked == null) {
      return JobSeen.NONE;
    }
    Optional<JobState> listed = asked.findJob(query);
    return listed.isPresent() || query.asksForTheirs()
        ? new JobSeen(listed.orElse(null), null)
        : champion(model)
            .flatMap(champion -> record(champion.version()))
            .map(Release::jobId)
            .map(id -> recordedJob(asked, query, id))
            .orElse(JobSeen.NONE);
  }

  /** A list may be stale: the job that the champion's release recorded is read by its id. */
  private static JobSeen recordedJob(JobActivities asked, JobQuery query, long id) {
    try {
      return new JobSeen(asked.findJob(query.recordedAs(id)).orElse(null), null);
    } catch (ApplicationFailure failure) {
      if (FailureKind.ofType(failure.getType()) == FailureKind.PLATFORM) {
        throw failure;
      }
      return new JobSeen(null, id);
    }
  }

  /**
   * The job, if it exists.
   *
   * @param unseen id of one that was deleted or is hidden
   */
  record JobSeen(@Nullable JobState job, @Nullable Long unseen) {
    static final JobSeen NONE = new JobSeen(null, null);
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

  /** Makes sure that there is one version of an order. To be called where activities run. */
  void settle(VersionOrder order) {
    registry.settleVersion(order);
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
      Future<Optional<Champion>> champion,
      Future<JobSeen> job,
      Future<Optional<Boolean>> released,
      Future<Optional<List<SettingChange>>> jobSettings) {

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
                Parallel.awaited(champion).orElse(null),
                Parallel.awaited(job).job(),
                Parallel.awaited(released).orElse(null),
                Parallel.awaited(job).unseen(),
                Parallel.awaited(jobSettings).orElse(null),
                Parallel.awaited(making)
                    .map(run -> run.metrics().keySet().stream().sorted().toList())
                    .orElse(null)),
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
  }
}
