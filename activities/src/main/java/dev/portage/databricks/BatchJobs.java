package dev.portage.databricks;

import com.databricks.sdk.service.jobs.BaseJob;
import com.databricks.sdk.service.jobs.DeleteJob;
import com.databricks.sdk.service.jobs.ListJobsRequest;
import com.databricks.sdk.service.jobs.ListJobsResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.attempt.Doubt;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.job.JobChange;
import dev.portage.job.JobChange.Effect;
import dev.portage.job.JobOrder;
import dev.portage.job.JobQuery;
import dev.portage.job.JobState;
import dev.portage.job.JobTwins;
import dev.portage.registry.Tags;
import dev.portage.settling.Settled;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lasting jobs. The Jobs API knows no idempotency token for {@code jobs/create} and lets many jobs
 * have one name, so a job is found by name and tag: search, create, search again; the lowest id
 * wins and what the same promotion made beside it is deleted.
 */
final class BatchJobs {
  private static final long PAGE = 100;

  private final DatabricksClients clients;
  private final UndoStore undoStore;
  private final IntSupplier attempts;

  /**
   * Jobs of these workspaces.
   *
   * @param attempts which attempt of an activity runs, asked on its thread
   */
  BatchJobs(DatabricksClients clients, UndoStore undoStore, IntSupplier attempts) {
    this.attempts = attempts;
    this.clients = clients;
    this.undoStore = undoStore;
  }

  /** A job that was found. */
  private record Found(long jobId, JsonNode settings) {}

  /** The job of that name and model. */
  Optional<JobState> find(JobQuery query) {
    DatabricksApi api = clients.of(query.workspace());
    return ours(api, query.name(), query.model()).stream()
        .findFirst()
        .map(job -> JobDefinition.state(job.jobId(), job.settings(), api));
  }

  /** Makes the job what the order says, exactly one of it. */
  JobChange apply(JobOrder order) {
    DatabricksApi api = clients.of(order.workspace());
    ObjectNode wanted = JobDefinition.settings(api, order);
    List<Found> jobs = ours(api, order.name(), order.model());
    if (jobs.isEmpty()) {
      long made = create(api, order.name(), wanted);
      jobs = ours(api, order.name(), order.model());
      if (jobs.stream().noneMatch(job -> job.jobId() == made)) {
        // The list is behind; what was just made is known by its id.
        jobs.add(new Found(made, justMade(api, order.name(), made)));
        jobs.sort(Comparator.comparingLong(Found::jobId));
      }
    }
    for (Found other : jobs.subList(1, jobs.size())) {
      if (JobTags.isOf(other.settings(), order.promotion())) {
        delete(api, other.jobId(), "delete the second job " + order.name());
      }
    }
    return settle(api, order, wanted, jobs.getFirst());
  }

  private long create(DatabricksApi api, String name, ObjectNode wanted) {
    ObjectNode asked = wanted.deepCopy();
    Doubt.tags(attempts.getAsInt(), Instant.now())
        .forEach((tag, value) -> asked.withObjectProperty("tags").put(tag, value));
    String tried = "create job " + name;
    JsonNode id = api.ask(tried, () -> api.send("/api/2.2/jobs/create", asked)).path("job_id");
    if (!id.canConvertToLong()) {
      throw failure(
          api, FailureKind.PLATFORM, tried, "the answer names no job", "It is asked again.");
    }
    return id.longValue();
  }

  private static JsonNode justMade(DatabricksApi api, String name, long jobId) {
    return settings(api, "look at job " + name, jobId)
        .orElseThrow(() ->
            failure(
                api,
                FailureKind.PLATFORM,
                "create job " + name,
                "job " + jobId + " was created and is not to be seen yet",
                "It is asked again."));
  }

  /** Removes what a promotion made twice, and tells whether more may come. */
  Settled twins(JobTwins twins) {
    DatabricksApi api = clients.of(twins.workspace());
    List<Found> made =
        all(api, twins.name()).stream()
            .filter(job -> JobTags.value(twins.model()).equals(JobTags.model(job.settings())))
            .filter(job -> JobTags.isOf(job.settings(), twins.promotion()))
            .toList();
    Long kept = twins.jobId();
    if (kept == null && !made.isEmpty()) {
      kept = made.getFirst().jobId();
    }
    Duration mayCome = null;
    List<String> removed = new ArrayList<>();
    for (Found job : made) {
      mayCome = Doubt.longer(mayCome, Doubt.left(JobTags.all(job.settings()), Instant.now()));
      if (!Objects.equals(job.jobId(), kept)) {
        delete(api, job.jobId(), "delete the second job " + twins.name());
        removed.add(
            Doubt.removed(
                "job " + job.jobId() + " (" + twins.name() + ") in " + twins.workspace()));
      }
    }
    Settled before = undoStore.settle(twins.workspace(), twins.key(), twins.undoUri());
    removed.addAll(before.removed());
    return new Settled(removed, Doubt.longer(mayCome, before.mayCome()));
  }

  private JobChange settle(DatabricksApi api, JobOrder order, ObjectNode wanted, Found job) {
    JsonNode now = job.settings();
    if (JobTags.isOf(now, order.promotion())) {
      // An earlier attempt of this promotion made it; what was before that stands in its tags.
      String before = JobTags.of(now, JobTags.BEFORE);
      String undo = JobTags.of(now, JobTags.UNDO);
      if (!SettingsJson.holds(now, wanted)) {
        JobTags.record(wanted, before, undo);
        now = reset(api, order, job.jobId(), wanted);
      }
      return change(api, job.jobId(), now, before, undo);
    }
    String before = SettingsJson.hash(now);
    String undo = undoStore.put(order.workspace(), order.key(), SettingsJson.canonical(now));
    JobTags.record(wanted, before, undo);
    return change(api, job.jobId(), reset(api, order, job.jobId(), wanted), before, undo);
  }

  private static JobChange change(
      DatabricksApi api,
      long jobId,
      JsonNode settings,
      @Nullable String before,
      @Nullable String undo) {
    return new JobChange(
        JobDefinition.state(jobId, settings, api),
        undo == null ? Effect.CREATED : Effect.RESET,
        before,
        undo);
  }

  private static JsonNode reset(
      DatabricksApi api, JobOrder order, long jobId, ObjectNode settings) {
    String tried = "reset job " + order.name();
    reset(api, tried, jobId, settings);
    return settings(api, tried, jobId)
        .orElseThrow(() ->
            failure(
                api,
                FailureKind.PLATFORM,
                tried,
                "job " + jobId + " is gone since",
                "It is created again."));
  }

  /** Replaces all settings of a job. */
  static void reset(DatabricksApi api, String tried, long jobId, JsonNode settings) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("job_id", jobId);
    body.set("new_settings", settings);
    api.ask(tried, () -> api.send("/api/2.2/jobs/reset", body));
  }

  /** Deletes a job; one that is gone already is no failure. */
  static void delete(DatabricksApi api, long jobId, String tried) {
    api.askFor(
        tried,
        () -> {
          api.jobs().delete(new DeleteJob().setJobId(jobId));
          return jobId;
        });
  }

  /** The settings of a job as the workspace has them; empty when there is no such job. */
  static Optional<JsonNode> settings(DatabricksApi api, String tried, long jobId) {
    Optional<JsonNode> job =
        api.askFor(
            tried, () -> api.read("/api/2.2/jobs/get", Map.of("job_id", Long.toString(jobId))));
    if (job.isPresent() && job.get().path("has_more").asBoolean()) {
      throw failure(
          api,
          FailureKind.USER,
          tried,
          "job " + jobId + " has more than 100 tasks, so it is not one that Portage made",
          "Give it another name, or name another job in promotion.yaml.");
    }
    return job.map(json -> json.path("settings"));
  }

  /**
   * Our jobs of that name, lowest id first. Names need not be unique, so a job of somebody else
   * matters only where there is none of ours: then it may be the one that shall be taken over.
   */
  private static List<Found> ours(DatabricksApi api, String name, String model) {
    String tried = "look for job " + name;
    List<Found> ours = new ArrayList<>();
    String others = null;
    for (Found job : all(api, name)) {
      String owner = JobTags.model(job.settings());
      if (JobTags.value(model).equals(owner)) {
        ours.add(job);
      } else if (owner == null) {
        others = "job " + job.jobId() + " has that name and lacks the tag " + Tags.MODEL;
      } else {
        others = "job " + job.jobId() + " has that name and belongs to model " + owner;
      }
    }
    if (ours.isEmpty() && others != null) {
      throw failure(
          api,
          FailureKind.USER,
          tried,
          others,
          "Rename or delete that job, or name another in promotion.yaml (batch: job).");
    }
    return ours;
  }

  /** All jobs of that name, whosever they are, lowest id first. */
  private static List<Found> all(DatabricksApi api, String name) {
    String tried = "look for job " + name;
    List<Found> found = new ArrayList<>();
    for (long jobId : named(api, tried, name)) {
      settings(api, tried, jobId).ifPresent(settings -> found.add(new Found(jobId, settings)));
    }
    found.sort(Comparator.comparingLong(Found::jobId));
    return found;
  }

  private static List<Long> named(DatabricksApi api, String tried, String name) {
    List<Long> found = new ArrayList<>();
    ListJobsRequest request = new ListJobsRequest().setName(name).setLimit(PAGE);
    while (true) {
      ListJobsResponse page = api.ask(tried, () -> api.jobs().list(request));
      if (page.getJobs() != null) {
        for (BaseJob job : page.getJobs()) {
          // The list's own filter does not tell capitals from small letters.
          if (job.getSettings() != null && name.equals(job.getSettings().getName())) {
            found.add(job.getJobId());
          }
        }
      }
      String next = page.getNextPageToken();
      if (next == null || next.isEmpty()) {
        return found;
      }
      request.setPageToken(next);
    }
  }

  private static ApplicationFailure failure(
      DatabricksApi api, FailureKind kind, String tried, String cameBack, String remedy) {
    return Failures.of(Problem.of(kind, tried, api.workspace().where(), cameBack, remedy));
  }
}
