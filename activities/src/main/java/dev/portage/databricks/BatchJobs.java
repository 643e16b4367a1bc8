package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.attempt.LostResponse;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.failure.FailureKind;
import dev.portage.job.JobChange;
import dev.portage.job.JobChange.Effect;
import dev.portage.job.JobDuplicates;
import dev.portage.job.JobOrder;
import dev.portage.job.JobPreview;
import dev.portage.job.JobQuery;
import dev.portage.job.JobResume;
import dev.portage.job.JobState;
import dev.portage.job.SettingChange;
import dev.portage.job.UndoResult;
import dev.portage.live.SettingsRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The scoring jobs of models. The Jobs API has no idempotency token for {@code jobs/create} and
 * allows many jobs of the same name, so Portage searches for a job by name and tag before it
 * creates one. A created job is known by its id; if the response was lost, Portage searches again,
 * keeps the lowest id, and deletes whatever else the same promotion created.
 */
final class BatchJobs {
  private final DatabricksClients clients;
  private final UndoStore undoStore;
  private final ActivityWait waiting;
  private final JobCreation creation;

  /** Jobs of these workspaces. */
  BatchJobs(
      DatabricksClients clients, UndoStore undoStore, ActivityWait waiting, JobCreation creation) {
    this.clients = clients;
    this.undoStore = undoStore;
    this.waiting = waiting;
    this.creation = creation;
  }

  /** The job with that name and model, and what else must be known about it. */
  Optional<JobState> find(JobQuery query) {
    DatabricksApi api = clients.of(query.workspace());
    if (query.asksForTheirs()) {
      return Optional.of(new TeamJobs(api).state(query.name()));
    }
    StoredJobs jobs = new StoredJobs(api);
    SoleJob sole = new SoleJob(jobs, query.registered());
    Optional<JobState> found =
        sole.ours(query.name(), query.model(), query.promotion()).stream()
            .findFirst()
            .or(() -> notListed(jobs, query.name(), query.model(), query.recorded()))
            .map(job -> {
              OtherRegistered.refuseJob(jobs, job, query);
              api.requireManage(Guarded.job(String.valueOf(job.id())));
              List<String> remarks = new ArrayList<>(JobDefinition.notRestorable(job));
              remarks.addAll(paused(job, query.promotion()));
              remarks.addAll(sole.others(job, query.model()));
              return JobDefinition.state(job, api, remarks, query.promotion());
            });
    if (found.isEmpty()) {
      sole.refuseFormer(query.name(), query.model());
    }
    return found;
  }

  /** A job that does not run is something to know, whoever paused it. */
  private static List<String> paused(StoredJob job, @Nullable String promotion) {
    if (!JobPause.isPaused(job.settings())) {
      return List.of();
    }
    String resumes = JobPause.resumes(job.settings());
    if (resumes == null) {
      return List.of("what starts it is paused, and stays paused");
    }
    return promotion == null || JobTags.isOf(job.settings(), promotion)
        ? List.of()
        : List.of(
            "what starts it was paused by another promotion, which has not resumed it; it becomes "
                + resumes
                + " once the champion has moved");
  }

  /** What making the job what the order says would change in its settings. */
  JobPreview preview(JobOrder order) {
    DatabricksApi api = clients.of(order.workspace());
    StoredJobs jobs = new StoredJobs(api);
    JsonNode now =
        new SoleJob(jobs)
            .ours(order.name(), order.model(), order.promotion()).stream()
                .findFirst()
                .or(() -> notListed(jobs, order.name(), order.model(), order.seen()))
                .map(StoredJob::settings)
                .orElse(null);
    ObjectNode wanted = JobDefinition.settings(api, order);
    JobPause.preview(wanted, now);
    List<SettingChange> changes =
        new ArrayList<>(JobDifferences.of(now == null ? null : JobPause.resumed(now), wanted));
    changes.addAll(
        ScoringCode.changes(
            now == null ? null : ScoringCode.of(api, now), ScoringCode.of(api, wanted)));
    return new JobPreview(changes);
  }

  /** Makes the job what the order says, exactly one of it. */
  JobChange apply(JobOrder order) {
    DatabricksApi api = clients.of(order.workspace());
    StoredJobs jobs = new StoredJobs(api);
    ObjectNode wanted = JobDefinition.settings(api, order);
    List<StoredJob> ours = thereOrMade(jobs, order, wanted);
    for (StoredJob twin : ours.subList(1, ours.size())) {
      jobs.delete("delete the second job " + order.name(), twin.id());
    }
    return settle(api, order, wanted, ours.getFirst());
  }

  private List<StoredJob> thereOrMade(StoredJobs jobs, JobOrder order, ObjectNode wanted) {
    ObjectNode paused = wanted.deepCopy();
    JobPause.pause(paused, null);
    return creation.thereOrMade(
        jobs,
        order.name(),
        paused,
        () -> new SoleJob(jobs).ours(order.name(), order.model(), order.promotion()),
        () -> notListed(jobs, order.name(), order.model(), order.seen()));
  }

  /**
   * The model's job by an id seen before, if a list that may be stale shows none. A job that was
   * deleted or renamed since counts as missing, as the list says; one that may be gone or hidden is
   * a failure, since a second one would be created.
   */
  private static Optional<StoredJob> notListed(
      StoredJobs jobs, String name, String model, @Nullable Long id) {
    return id == null
        ? Optional.empty()
        : jobs.find("read job " + name, id)
            .filter(job -> JobTags.isOfModel(job.settings(), model))
            .filter(job -> name.equals(job.settings().path("name").asText()));
  }

  /** Removes what a promotion created twice, and says whether more may appear. */
  DuplicatesRemoved twins(JobDuplicates twins) {
    StoredJobs jobs = new StoredJobs(clients.of(twins.workspace()));
    Long counts = twins.jobId();
    List<StoredJob> made =
        jobs.named(twins.name()).stream()
            .filter(job -> JobTags.isOfModel(job.settings(), twins.model()))
            .filter(job -> JobTags.isOf(job.settings(), twins.promotion()))
            // An unanswered change was never used: whatever it created is deleted, however late it
            // appears; anything that another change of the promotion created is not a duplicate of
            // it.
            .filter(job -> counts != null || JobTags.isOfChange(job.settings(), twins.key()))
            .toList();
    StoredJob kept =
        made.stream().filter(job -> counts != null && job.id() == counts).findFirst().orElse(null);
    Duration mayCome = null;
    List<String> removed = new ArrayList<>();
    for (StoredJob job : made) {
      mayCome =
          LostResponse.longer(
              mayCome, LostResponse.left(JobTags.all(job.settings()), Instant.now()));
      boolean isKept = kept != null && job.id() == kept.id();
      if (!isKept && SoleJob.isTwin(job, kept == null ? job : kept, twins.promotion())) {
        jobs.delete("delete the second job " + twins.name(), job.id());
        String named = "job " + job.id() + " (" + twins.name() + ") in " + twins.workspace();
        removed.add(
            counts == null
                ? named
                    + " was created by a call that got no response, and never used; it was removed"
                : LostResponse.removed(named));
      }
    }
    DuplicatesRemoved undos = undoStore.settle(twins.workspace(), twins.key(), twins.undoUri());
    removed.addAll(undos.removed());
    DuplicatesRemoved live = undoStore.settle(twins.workspace(), liveKey(twins.key()), null);
    removed.addAll(live.removed());
    return new DuplicatesRemoved(
        removed,
        LostResponse.longer(LostResponse.longer(mayCome, undos.mayCome()), live.mayCome()));
  }

  private JobChange settle(DatabricksApi api, JobOrder order, ObjectNode wanted, StoredJob job) {
    JsonNode locked = job.settings().path("edit_mode");
    if (locked.isTextual()) {
      // Whether people may edit it by hand is not ours to open.
      wanted.set("edit_mode", locked);
    }
    if (JobTags.isOf(job.settings(), order.promotion())) {
      // An earlier attempt of this promotion created it; its tags record the previous state.
      JobTags.Undo undo = JobTags.undo(job.settings());
      SettingsRef before = undo == null ? null : kept(order, undo.uri());
      JobPause.pause(wanted, job.settings());
      if (SettingsJson.holds(job.settings(), wanted)) {
        return change(api, order, job, undo, before);
      }
      JobTags.record(wanted, undo);
      return change(api, order, reset(api, order, wanted, job), undo, before);
    }
    String settings = SettingsJson.canonical(job.settings());
    JobTags.Undo undo =
        new JobTags.Undo(
            SettingsJson.hash(job.settings()),
            undoStore.put(order.workspace(), order.key(), settings));
    JobTags.record(wanted, undo);
    JobPause.pause(wanted, job.settings());
    return change(api, order, reset(api, order, wanted, job), undo, ref(undo.uri(), settings));
  }

  /** What starts the job is as it was before it was paused, if the job is still the promotion's. */
  UndoResult resume(JobResume order) {
    DatabricksApi api = clients.of(order.workspace());
    StoredJobs jobs = new StoredJobs(api);
    String named = "job " + order.jobId();
    String tried = "resume " + named;
    Optional<StoredJob> found = jobs.find(tried, order.jobId());
    if (found.isEmpty()) {
      return new UndoResult(UndoResult.Outcome.CHANGED_SINCE, named + " has since been deleted");
    }
    JsonNode now = found.get().settings();
    if (!JobTags.isOf(now, order.promotion())) {
      return new UndoResult(
          UndoResult.Outcome.CHANGED_SINCE,
          named + " is now another promotion's, which pauses and resumes it");
    }
    String status = JobPause.resumes(now);
    if (status == null) {
      return new UndoResult(UndoResult.Outcome.NOTHING_TO_DO, named + " is not paused any more");
    }
    // It holds no turn: all the settings, taken late, would undo a rollback.
    boolean seen =
        jobs.update(tried, order.jobId(), JobPause.resuming(now))
            && StoredJobs.SHOWN
                .until(
                    () -> jobs.find(tried, order.jobId()),
                    read ->
                        read.filter(job -> JobPause.resumes(job.settings()) == null).isPresent(),
                    waiting::sleep)
                .filter(job -> JobPause.resumes(job.settings()) == null)
                .isPresent();
    if (!seen) {
      throw jobs.failure(
          FailureKind.PLATFORM,
          tried,
          named + " was resumed but still shows its previous settings",
          "Portage retries.");
    }
    return new UndoResult(
        UndoResult.Outcome.PUT_BACK, "what starts " + named + " is " + status + " again");
  }

  /**
   * The change, after the full settings of the job are stored, too, as it is once the champion has
   * moved: the way back to it.
   */
  private JobChange change(
      DatabricksApi api,
      JobOrder order,
      StoredJob job,
      JobTags.@Nullable Undo undo,
      @Nullable SettingsRef before) {
    String settings = SettingsJson.canonical(JobPause.resumed(job.settings()));
    String uri = undoStore.put(order.workspace(), liveKey(order.key()), settings);
    return new JobChange(
            JobDefinition.changed(job, api, order.promotion()),
            undo == null ? Effect.CREATED : Effect.RESET,
            undo == null ? null : undo.hash(),
            undo == null ? null : undo.uri())
        .with(before, ref(uri, settings));
  }

  /** Settings that an earlier attempt has stored; null where the job's tags don't say where. */
  private @Nullable SettingsRef kept(JobOrder order, @Nullable String uri) {
    return uri == null ? null : ref(uri, undoStore.get(order.workspace(), uri));
  }

  private static @Nullable SettingsRef ref(@Nullable String uri, String text) {
    return uri == null ? null : new SettingsRef(uri, IdempotencyToken.sha256(text));
  }

  private static String liveKey(String key) {
    return key + "/live";
  }

  /** The job as it is after it was reset, read until what was sent is seen in it. */
  private StoredJob reset(DatabricksApi api, JobOrder order, ObjectNode wanted, StoredJob job) {
    StoredJobs jobs = new StoredJobs(api);
    String tried = "reset job " + order.name();
    boolean wasThere = jobs.reset(tried, job, wanted);
    Optional<StoredJob> now =
        wasThere
            ? StoredJobs.SHOWN.until(
                () -> jobs.find(tried, job.id()),
                read -> read.filter(seen -> isMade(seen, wanted)).isPresent(),
                waiting::sleep)
            : Optional.empty();
    StoredJob read =
        now.orElseThrow(() ->
            jobs.failure(
                FailureKind.PLATFORM,
                tried,
                "job " + job.id() + " has been deleted since",
                "Portage creates it again."));
    if (!JobTags.sameOrder(read.settings(), wanted)) {
      // Whoever takes this for the job's current state would later take the change for someone
      // else's.
      throw jobs.failure(
          FailureKind.PLATFORM,
          tried,
          "job " + job.id() + " was reset but still shows its previous settings",
          "Portage retries.");
    }
    return read;
  }

  private static boolean isMade(StoredJob seen, ObjectNode wanted) {
    return JobTags.sameOrder(seen.settings(), wanted)
        && SettingsJson.holds(seen.settings(), wanted);
  }
}
