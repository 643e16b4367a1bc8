package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.job.JobActivities;
import dev.portage.job.JobQuery;
import dev.portage.job.JobState;
import dev.portage.plan.Planner;
import dev.portage.registry.Champion;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what is live in the target of a hop, as far as the hop changes it. */
final class LiveReader {

  private final Journey journey;
  private final Station target;

  /** Why something is read. */
  private enum Reading {
    /** For people, who also see which versions exist. */
    TO_SHOW,
    TO_COMPARE,
    /** While others may be held up: it waits for no worker. */
    WITHOUT_WAITING
  }

  LiveReader(Journey journey, Station target) {
    this.journey = journey;
    this.target = target;
  }

  /** Who is champion in the target. */
  Optional<Champion> champion() {
    return champion(Reading.TO_COMPARE);
  }

  /** The same while others may be held up: it waits for no worker. */
  Optional<Champion> championWithoutWaiting() {
    return champion(Reading.WITHOUT_WAITING);
  }

  /** What is live in the target, as far as the hop changes it. */
  Planner.Now now() {
    return now(Reading.TO_COMPARE);
  }

  /** The same while others may be held up: it waits for no worker. */
  Planner.Now nowWithoutWaiting() {
    return now(Reading.WITHOUT_WAITING);
  }

  /** The same for people, who also see which versions exist. */
  Planner.Now nowToShow() {
    return now(Reading.TO_SHOW);
  }

  private Optional<Champion> champion(Reading reading) {
    ModelQuery query = championQuery();
    return ask(RegistryActivities.class, "the champion of " + target.model(), reading)
        .champion(reading == Reading.TO_SHOW ? query.andVersions() : query);
  }

  /** Reads the champion, with the metrics that gates use. */
  ModelQuery championQuery() {
    return new ModelQuery(
        target.workspace(), target.model(), target.marking(), journey.gatedMetrics(), null);
  }

  /** Reads the scoring job; null if there is to be none. */
  @Nullable JobQuery jobQuery() {
    BatchSettings batch = journey.settings().batchAt(target);
    if (batch == null) {
      return null;
    }
    return batch.isTheirJob()
        ? JobQuery.ofTheirs(target.workspace(), batch.job(), journey.settings().model())
        : new JobQuery(target.workspace(), batch.job(), journey.settings().model(), journey.id());
  }

  private Planner.Now now(Reading reading) {
    JobQuery job = jobQuery();
    if (job == null) {
      return new Planner.Now(champion(reading).orElse(null), null);
    }
    Planner.Now listed = listed(job, reading);
    Long id =
        listed.job() == null && !job.asksForTheirs()
            ? recordedJob(listed.champion(), reading)
            : null;
    return id == null ? listed : recorded(listed.champion(), job.recordedAs(id), id, reading);
  }

  private Planner.Now listed(JobQuery query, Reading reading) {
    Promise<Optional<Champion>> champion = Async.function(() -> champion(reading));
    Promise<Optional<JobState>> job = Async.function(() -> job(query, reading));
    Promise.allOf(champion, job).get();
    return new Planner.Now(champion.get().orElse(null), job.get().orElse(null));
  }

  private Optional<JobState> job(JobQuery query, Reading reading) {
    return ask(JobActivities.class, "the job " + query.name(), reading).findJob(query);
  }

  /**
   * The job that the champion's release recorded, null for none. If a stale list shows no job,
   * people would be asked about a new one, and again when the real one appears.
   */
  private @Nullable Long recordedJob(@Nullable Champion champion, Reading reading) {
    String run = champion == null ? null : champion.version().runId();
    if (run == null) {
      return null;
    }
    try {
      return ask(ReleaseActivities.class, "the previous release's job", reading)
          .recorded(new RecordQuery(target.workspace(), run))
          .map(Release::jobId)
          .orElse(null);
    } catch (TemporalFailure unreadable) {
      CancellationScope.throwCanceled();
      // A deleted run says nothing, and the list has said that there is no job.
      return null;
    }
  }

  private Planner.Now recorded(
      @Nullable Champion champion, JobQuery query, long id, Reading reading) {
    try {
      return new Planner.Now(champion, job(query, reading).orElse(null));
    } catch (ActivityFailure failure) {
      CancellationScope.throwCanceled();
      Problem problem = Failures.problemOf(failure, "read job " + id, target.workspace());
      if (problem.kind() != FailureKind.USER) {
        throw failure;
      }
      return new Planner.Now(champion, null, id);
    }
  }

  private <T> T ask(Class<T> type, String what, Reading reading) {
    String queue = Queues.of(target.workspace());
    Duration timeout = journey.settings().retryTimeout();
    return reading == Reading.WITHOUT_WAITING
        ? Stubs.afterwards(type, queue, timeout, what)
        : Stubs.quick(type, queue, timeout, what);
  }
}
