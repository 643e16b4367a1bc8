package dev.portage.databricks;

import dev.portage.adopt.AdoptJobActivities;
import dev.portage.adopt.AdoptJobOrder;
import dev.portage.adopt.AdoptedJob;
import dev.portage.failure.FailureKind;
import dev.portage.live.SettingsRef;
import dev.portage.registry.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that nobody promoted, handed to Portage: tagged as a model's, so that promotions find and
 * change them. Nothing but the tags changes.
 */
public final class JobAdoption implements AdoptJobActivities {

  private final DatabricksClients clients;
  private final UndoStore settings;
  private final ActivityWait waiting;

  /**
   * Jobs of these workspaces.
   *
   * @param settings keeps the settings of a job, for a rollback to restore
   * @param waiting {@link ActivityWait#ofActivity()}, but for tests
   */
  public JobAdoption(DatabricksClients clients, UndoStore settings, ActivityWait waiting) {
    this.clients = clients;
    this.settings = settings;
    this.waiting = waiting;
  }

  @Override
  public AdoptedJob findJobToAdopt(AdoptJobOrder order) {
    DatabricksApi api = clients.of(order.workspace());
    return adopted(api, order, find(api, order), null);
  }

  @Override
  public AdoptedJob adoptJob(AdoptJobOrder order) {
    DatabricksApi api = clients.of(order.workspace());
    StoredJob job = find(api, order);
    if (job.keeper() == null && !isTagged(job, order)) {
      job = tag(new StoredJobs(api), order, job);
    }
    String canonical = SettingsJson.canonical(JobPause.resumed(job.settings()));
    return adopted(
        api,
        order,
        job,
        new SettingsRef(
            settings.put(order.workspace(), order.key(), canonical),
            IdempotencyToken.sha256(canonical)));
  }

  @Override
  public void untagJob(AdoptJobOrder order) {
    DatabricksApi api = clients.of(order.workspace());
    StoredJobs jobs = new StoredJobs(api);
    String tried = "remove the tags of job " + order.job();
    StoredJob job = jobs.find(tried, Long.parseLong(order.job())).orElse(null);
    // Once a promotion has changed it, it is Portage's whatever became of the adoption.
    if (job != null
        && JobTags.isOfModel(job.settings(), order.model())
        && JobTags.of(job.settings(), Tags.PROMOTION) == null) {
      Map<String, String> tags = new HashMap<>(JobTags.all(job.settings()));
      tags.keySet().removeAll(List.of(Tags.MODEL, Tags.WORKSPACE));
      jobs.tag(tried, job.id(), tags);
    }
  }

  /** The job, if it may be adopted. */
  private static StoredJob find(DatabricksApi api, AdoptJobOrder order) {
    StoredJob job = new TeamJobs(api, "Correct --job").one(order.job());
    StoredJobs jobs = new StoredJobs(api);
    String name = job.settings().path("name").asText();
    Map<String, String> tags = JobTags.all(job.settings());
    String owner = JobTags.model(job.settings());
    if (JobTags.isElsewhere(tags, jobs.neighbours())) {
      throw refused(
          jobs,
          order,
          "job " + job.id() + " belongs to workspace " + tags.get(Tags.WORKSPACE),
          "Name that workspace: --workspace " + tags.get(Tags.WORKSPACE) + ".");
    }
    if (owner != null && !JobTags.isOfModel(job.settings(), order.model())) {
      throw refused(
          jobs,
          order,
          "job " + job.id() + " belongs to model " + owner,
          "Name another job; or, if it is this model's, remove its tag " + Tags.MODEL + " first.");
    }
    List<Long> twins =
        jobs.named(name).stream()
            .filter(other -> other.id() != job.id())
            .filter(other -> JobTags.isOfModel(other.settings(), order.model()))
            .map(StoredJob::id)
            .toList();
    if (!twins.isEmpty()) {
      throw refused(
          jobs,
          order,
          "job " + twins.getFirst() + " has the same name and is this model's job already",
          "Adopt that one, or delete it; each would score on its own schedule.");
    }
    if (job.keeper() == null && !isTagged(job, order)) {
      api.requireManage(Guarded.job(String.valueOf(job.id())));
    }
    return job;
  }

  private static RuntimeException refused(
      StoredJobs jobs, AdoptJobOrder order, String what, String remedy) {
    return jobs.failure(
        FailureKind.USER, "adopt job " + order.job(), what, remedy + " Nothing was changed.");
  }

  private StoredJob tag(StoredJobs jobs, AdoptJobOrder order, StoredJob job) {
    String tried = "tag job " + job.id();
    boolean wasThere =
        jobs.tag(
            tried, job.id(), JobTags.adopted(job.settings(), order.workspace(), order.model()));
    Optional<StoredJob> now =
        wasThere
            ? StoredJobs.SHOWN.until(
                () -> jobs.find(tried, job.id()),
                read -> read.filter(seen -> isTagged(seen, order)).isPresent(),
                waiting::sleep)
            : Optional.empty();
    Optional<StoredJob> tagged = now.filter(seen -> isTagged(seen, order));
    if (tagged.isEmpty()) {
      throw jobs.failure(
          FailureKind.PLATFORM,
          tried,
          now.isEmpty() ? "it was deleted since" : "it does not show its new tags yet",
          "Portage retries.");
    }
    return tagged.get();
  }

  private static boolean isTagged(StoredJob job, AdoptJobOrder order) {
    return JobTags.isOfModel(job.settings(), order.model())
        && JobTags.all(job.settings()).containsKey(Tags.WORKSPACE);
  }

  private static AdoptedJob adopted(
      DatabricksApi api, AdoptJobOrder order, StoredJob job, @Nullable SettingsRef kept) {
    return new AdoptedJob(
        JobDefinition.state(job, api, JobDefinition.notRestorable(job), null),
        isTagged(job, order),
        job.keeper(),
        kept);
  }
}
