package dev.portage.databricks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.attempt.LostResponse;
import dev.portage.failure.FailureKind;
import dev.portage.job.JobRestoreOrder;
import dev.portage.job.RestoredJob;
import dev.portage.job.RestoredJob.Outcome;
import dev.portage.live.SettingsRef;
import dev.portage.text.Bounded;
import java.util.List;
import java.util.Optional;

/**
 * Puts scoring jobs into a recorded state, whatever they are now: the stored settings state all. A
 * job that is gone is created again, paused and once, before it gets the settings that last.
 */
final class JobRestoring {

  private final DatabricksClients clients;
  private final UndoStore store;
  private final ActivityWait waiting;
  private final MadeBefore before;
  private final JobCreation creation;

  JobRestoring(
      DatabricksClients clients,
      UndoStore store,
      ActivityWait waiting,
      MadeBefore before,
      JobCreation creation) {
    this.clients = clients;
    this.store = store;
    this.waiting = waiting;
    this.before = before;
    this.creation = creation;
  }

  RestoredJob restore(JobRestoreOrder order) {
    DatabricksApi api = clients.of(order.workspace());
    StoredJobs jobs = new StoredJobs(api);
    Long id = order.jobId();
    if (id == null) {
      return none(jobs, order);
    }
    ObjectNode wanted = settings(jobs, order);
    return switch (jobs.look(tried(order), id)) {
      case StoredJobs.GoneOrHidden hidden -> throw hidden.failure();
      case StoredJobs.There(StoredJob job) -> there(api, jobs, order, wanted, job);
      case StoredJobs.Gone() -> gone(api, jobs, order, wanted);
    };
  }

  private RestoredJob none(StoredJobs jobs, JobRestoreOrder order) {
    List<StoredJob> ours = new SoleJob(jobs).ours(order.name(), order.model(), order.holder());
    if (ours.isEmpty()) {
      return new RestoredJob(Outcome.UNCHANGED, null, "there is no job " + order.name());
    }
    long id = ours.getFirst().id();
    throw jobs.failure(
        FailureKind.USER,
        tried(order),
        "there was no such job, and job " + id + " exists now",
        "Delete it: databricks jobs delete " + id + "; or pause its schedule. Then try again.");
  }

  private RestoredJob there(
      DatabricksApi api, StoredJobs jobs, JobRestoreOrder order, ObjectNode wanted, StoredJob job) {
    if (!JobTags.isOfModel(job.settings(), order.model())) {
      throw jobs.failure(
          FailureKind.USER,
          tried(order),
          "job " + job.id() + " does not belong to model " + order.model() + " any more",
          "Tag it again, or restore it by hand.");
    }
    if (SettingsJson.is(job.settings(), hash(order, wanted))) {
      return restored(Outcome.UNCHANGED, api, job, " already has these settings");
    }
    SettingsRef replaced = keep(order, job);
    if (!jobs.reset(tried(order), job, wanted)) {
      return gone(api, jobs, order, wanted);
    }
    return restored(
            Outcome.RESTORED, api, seen(jobs, order, wanted, job.id()), " has these settings again")
        .replacing(replaced)
        // What stored the settings before may have had no response either.
        .twinMayCome(LostResponse.mayCome(before.asked().attempt()));
  }

  /**
   * Stores settings before they are replaced, each under a key of its own: by it they are found
   * even if the attempt that replaced them never answered.
   */
  private SettingsRef keep(JobRestoreOrder order, StoredJob job) {
    String lasting = SettingsJson.hash(JobPause.resumed(job.settings()));
    String key = keptAs(order, lasting);
    // Other words of the same meaning may be there, and an earlier turn may have kept their digest.
    String settings =
        store
            .find(order.workspace(), key)
            .filter(text -> meaning(text, lasting).isPresent())
            .orElse(SettingsJson.canonical(job.settings()));
    return new SettingsRef(
        store.put(order.workspace(), key, settings), IdempotencyToken.sha256(settings));
  }

  /**
   * @param lasting hash of the settings once they are resumed, as the state of a job has it
   */
  private static String keptAs(JobRestoreOrder order, String lasting) {
    return order.holder() + "/before/" + lasting;
  }

  private RestoredJob gone(
      DatabricksApi api, StoredJobs jobs, JobRestoreOrder order, ObjectNode wanted) {
    ObjectNode created = wanted.deepCopy();
    JobPause.pause(created, wanted);
    JobTags.created(created, order.holder());
    List<StoredJob> ours =
        creation.thereOrMade(
            jobs,
            order.name(),
            created,
            () -> new SoleJob(jobs).ours(order.name(), order.model(), order.holder()),
            Optional::empty);
    for (StoredJob twin : ours.subList(1, ours.size())) {
      jobs.delete("delete the second job " + order.name(), twin.id());
    }
    StoredJob job = ours.getFirst();
    boolean isMade =
        JobTags.isOf(job.settings(), order.holder())
            || before.job().filter(made -> made == job.id()).isPresent();
    if (!isMade) {
      return there(api, jobs, order, wanted, job);
    }
    if (!SettingsJson.is(job.settings(), hash(order, wanted))
        && !jobs.reset(tried(order), job, wanted)) {
      throw jobs.failure(
          FailureKind.PLATFORM,
          tried(order),
          "job " + job.id() + " was created again and has been deleted since",
          "Portage retries.");
    }
    return restored(
            Outcome.CREATED_AGAIN,
            api,
            seen(jobs, order, wanted, job.id()),
            " was created again, since job " + order.jobId() + " was deleted")
        .twinMayCome(LostResponse.mayCome(before.asked().attempt()));
  }

  /** The job once it is shown as wanted. */
  private StoredJob seen(StoredJobs jobs, JobRestoreOrder order, ObjectNode wanted, long id) {
    StoredJob now =
        StoredJobs.SHOWN
            .until(
                () -> jobs.find(tried(order), id),
                read ->
                    read.filter(job -> SettingsJson.is(job.settings(), hash(order, wanted)))
                        .isPresent(),
                waiting::sleep)
            .orElseThrow(() ->
                jobs.failure(
                    FailureKind.PLATFORM,
                    tried(order),
                    "job " + id + " is not visible yet",
                    "Portage retries."));
    List<String> differing = SettingsJson.differing(wanted, now.settings());
    if (!differing.isEmpty()) {
      throw jobs.failure(
          FailureKind.USER,
          tried(order),
          "job " + id + " was reset, but still differs in " + String.join(", ", differing),
          "Compare it with " + uri(order) + ", and correct it by hand.");
    }
    return now;
  }

  private static RestoredJob restored(
      Outcome outcome, DatabricksApi api, StoredJob job, String what) {
    String version = JobDefinition.modelVersion(job);
    return new RestoredJob(
        outcome,
        JobDefinition.changed(job, api, null),
        "job "
            + Bounded.line(job.settings().path("name").asText(), Bounded.NAME)
            + " ("
            + job.id()
            + ")"
            + what
            + (version == null ? "" : ", and scores with version " + version));
  }

  private ObjectNode settings(StoredJobs jobs, JobRestoreOrder order) {
    SettingsRef ref = order.settings();
    if (ref == null) {
      return replaced(order)
          .orElseThrow(() ->
              jobs.failure(
                  FailureKind.USER,
                  tried(order),
                  "its settings were not recorded",
                  "Promote that version again, or restore the job by hand."));
    }
    String text = store.get(order.workspace(), ref.uri());
    try {
      if (IdempotencyToken.sha256(text).equals(ref.sha256())
          && SettingsJson.parse(text) instanceof ObjectNode settings) {
        // It is stored as paused where its champion had not moved yet: nobody would resume it.
        return JobPause.resumed(settings);
      }
    } catch (JsonProcessingException _) {
      // Reported below: what isn't JSON is not what was stored.
    }
    throw jobs.failure(
        FailureKind.USER,
        tried(order),
        "the content at " + ref.uri() + " is not what was stored there",
        "Promote that version again, or restore the job by hand.");
  }

  /** What this holder has replaced itself; empty if it has not, or it is not what it found. */
  private Optional<ObjectNode> replaced(JobRestoreOrder order) {
    String hash = order.hash();
    return hash == null
        ? Optional.empty()
        : store.find(order.workspace(), keptAs(order, hash)).flatMap(text -> meaning(text, hash));
  }

  /**
   * Stored settings, resumed.
   *
   * @param hash of what they should mean; empty if they don't
   */
  private static Optional<ObjectNode> meaning(String text, String hash) {
    try {
      if (SettingsJson.parse(text) instanceof ObjectNode settings) {
        return Optional.of(JobPause.resumed(settings))
            .filter(resumed -> SettingsJson.is(resumed, hash));
      }
    } catch (JsonProcessingException _) {
      // As if nothing was stored: what isn't JSON is not what was.
    }
    return Optional.empty();
  }

  private static String hash(JobRestoreOrder order, JsonNode wanted) {
    String hash = order.hash();
    return hash == null || !SettingsJson.is(wanted, hash) ? SettingsJson.hash(wanted) : hash;
  }

  private static String uri(JobRestoreOrder order) {
    SettingsRef ref = order.settings();
    return ref == null ? "" : ref.uri();
  }

  private static String tried(JobRestoreOrder order) {
    return "restore job " + order.name();
  }
}
