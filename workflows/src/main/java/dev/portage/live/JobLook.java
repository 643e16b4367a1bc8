package dev.portage.live;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.job.JobActivities;
import dev.portage.job.JobQuery;
import dev.portage.job.JobState;
import dev.portage.registry.Champion;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import io.temporal.failure.TemporalFailure;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a scoring job: by its name, and if the list of jobs doesn't show it, by the id that records
 * have. A stale list would otherwise ask people about a new job, and again when the real one
 * appears.
 */
record JobLook(LiveRef ref, Look look) {

  /** The job as it is. */
  LiveState state() {
    String name = String.valueOf(ref.value(Jobs.NAME));
    String model = String.valueOf(ref.value(Jobs.MODEL));
    JobActivities jobs = look.by(JobActivities.class, "the job " + name);
    if (Jobs.isTheirs(ref.values())) {
      return jobs.findJob(JobQuery.ofTheirs(ref.workspace(), name, model))
          .map(job -> Jobs.seen(ref, job))
          .orElse(Jobs.none(ref, null));
    }
    JobQuery query =
        new JobQuery(ref.workspace(), name, model, ref.holder())
            .toScoreWith(ref.value(Jobs.REGISTERED));
    Optional<JobState> listed = jobs.findJob(query);
    if (listed.isPresent()) {
      return Jobs.seen(ref, listed.get());
    }
    Long id = recorded();
    return id == null ? Jobs.none(ref, null) : byId(jobs, query, id);
  }

  /** The id that records have; null for none. */
  private @Nullable Long recorded() {
    String known = ref.value(Jobs.ID);
    if (known != null) {
      return Long.valueOf(known);
    }
    Champion champion = look.champion().orElse(null);
    String run = champion == null ? null : champion.version().runId();
    if (run == null) {
      return null;
    }
    try {
      return look.by(ReleaseActivities.class, "the previous release's job")
          .recorded(new RecordQuery(ref.workspace(), run))
          .map(JobLook::jobOf)
          .orElse(null);
    } catch (TemporalFailure unreadable) {
      rethrowUnlessRefused(unreadable);
      // A deleted run has no record, and the list of jobs has said that there is no job.
      return null;
    }
  }

  private static @Nullable Long jobOf(Release release) {
    return Objects.requireNonNullElse(release.live(), List.<LiveState>of()).stream()
        .filter(state -> state.thing().equals(ScoringJobThing.NAME))
        .flatMap(state -> Stream.ofNullable(Jobs.job(state)))
        .map(JobState::jobId)
        .findFirst()
        .orElse(release.jobId());
  }

  private LiveState byId(JobActivities jobs, JobQuery query, long id) {
    try {
      return jobs.findJob(query.recordedAs(id))
          .map(job -> Jobs.seen(ref, job))
          .orElse(Jobs.none(ref, null));
    } catch (TemporalFailure failure) {
      rethrowUnlessRefused(failure);
      return Jobs.none(ref, id);
    }
  }

  private void rethrowUnlessRefused(TemporalFailure failure) {
    FailureKind kind = Failures.problemOf(failure, "read the job", ref.workspace()).kind();
    if (kind != FailureKind.USER) {
      throw failure;
    }
  }
}
