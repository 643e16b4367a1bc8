package dev.portage.databricks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.job.JobChange;
import dev.portage.job.JobUndo;
import dev.portage.job.UndoResult;
import dev.portage.job.UndoResult.Outcome;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Restores jobs that nobody has changed since. A workspace may still show a job as it was before
 * its last change, so a job that already appears restored is reset anyway.
 */
final class JobUndoing {
  private final DatabricksClients clients;
  private final UndoStore undoStore;
  private final ActivityWait waiting;

  JobUndoing(DatabricksClients clients, UndoStore undoStore, ActivityWait waiting) {
    this.clients = clients;
    this.undoStore = undoStore;
    this.waiting = waiting;
  }

  UndoResult undo(JobUndo undo) {
    JobChange change = undo.change();
    if (change.effect() == JobChange.Effect.UNCHANGED) {
      return new UndoResult(Outcome.NOTHING_TO_DO, name(change) + " was not changed");
    }
    StoredJobs jobs = new StoredJobs(clients.of(undo.workspace()));
    boolean created = change.effect() == JobChange.Effect.CREATED;
    return switch (jobs.look("read " + name(change), change.now().jobId())) {
      case StoredJobs.GoneOrHidden hidden -> notToBeSeen(change, hidden.said());
      case StoredJobs.Gone() ->
          created
              ? delete(jobs, change)
              : new UndoResult(Outcome.CHANGED_SINCE, name(change) + " has since been deleted");
      case StoredJobs.There(StoredJob job) -> {
        boolean isAsBefore = SettingsJson.is(job.settings(), change.previousHash());
        if (!isAsBefore && !isAsLeft(job, change)) {
          yield new UndoResult(
              Outcome.CHANGED_SINCE,
              name(change) + " has since been changed by someone else, so it is left unchanged");
        }
        if (created) {
          yield delete(jobs, change);
        }
        yield isAsBefore ? keep(jobs, change, job) : restore(jobs, undo, job);
      }
    };
  }

  private static UndoResult notToBeSeen(JobChange change, String said) {
    long id = change.now().jobId();
    return new UndoResult(
        Outcome.CHANGED_SINCE,
        name(change)
            + " is gone or hidden from this login ("
            + said
            + "); if it exists, it is as this promotion left it"
            + scoringWith(change.now().modelVersion())
            + ": check with a login that sees all jobs: databricks jobs get "
            + id);
  }

  /**
   * Whether a job is as the change left it. The record in its own tags says so too where what was
   * read right after the change was still what was before.
   */
  private static boolean isAsLeft(StoredJob job, JobChange change) {
    if (SettingsJson.is(job.settings(), change.now().settingsHash())) {
      return true;
    }
    JobTags.Undo ours = JobTags.undo(job.settings());
    return ours != null
        && change.now().settingsHash().equals(change.previousHash())
        && Objects.equals(ours.hash(), change.previousHash())
        && Objects.equals(ours.uri(), change.undoUri());
  }

  /** A job that was just made may not be shown yet, so it is deleted whether it is seen or not. */
  private UndoResult delete(StoredJobs jobs, JobChange change) {
    long id = change.now().jobId();
    if (!jobs.delete("delete " + name(change), id)) {
      return new UndoResult(Outcome.NOTHING_TO_DO, name(change) + " is already deleted");
    }
    StoredJobs.Look look =
        StoredJobs.SHOWN.until(
            () -> jobs.look("read " + name(change) + " after deleting it", id),
            seen -> !(seen instanceof StoredJobs.There),
            waiting::sleep);
    return look instanceof StoredJobs.There(StoredJob job)
        ? new UndoResult(
            Outcome.CHANGED_SINCE,
            name(change)
                + " was deleted but still exists"
                + scoringWith(JobDefinition.modelVersion(job)))
        : new UndoResult(Outcome.PUT_BACK, name(change) + " was deleted again");
  }

  /** It is shown as it was before; if that is an old picture, this makes it a true one. */
  private static UndoResult keep(StoredJobs jobs, JobChange change, StoredJob job) {
    try {
      jobs.reset("restore " + name(change), job, job.settings());
    } catch (ApplicationFailure refused) {
      if (refused.getType().equals(FailureKind.PLATFORM.type())) {
        throw refused;
      }
      // Not ours to change any more; it was seen as it should be.
    }
    return new UndoResult(
        Outcome.NOTHING_TO_DO,
        name(change) + " has its previous settings" + scoringWith(JobDefinition.modelVersion(job)));
  }

  private UndoResult restore(StoredJobs jobs, JobUndo undo, StoredJob job) {
    JobChange change = undo.change();
    String tried = "restore " + name(change);
    JsonNode before = before(undo, tried);
    if (!jobs.reset(tried, job, before)) {
      return new UndoResult(Outcome.CHANGED_SINCE, name(change) + " has since been deleted");
    }
    Optional<StoredJob> now =
        StoredJobs.SHOWN.until(
            () -> jobs.find("read " + name(change) + " after restoring it", job.id()),
            read ->
                read.filter(seen -> SettingsJson.is(seen.settings(), change.previousHash()))
                    .isPresent(),
            waiting::sleep);
    if (now.isPresent()) {
      return lookedAt(change, before, now.get());
    }
    return new UndoResult(
        Outcome.CHANGED_SINCE,
        name(change) + " was restored but differs from before: it no longer exists");
  }

  /** What exists now, whatever the change's response said. */
  private static UndoResult lookedAt(JobChange change, JsonNode before, StoredJob now) {
    String version =
        scoringWith(JobDefinition.modelVersion(now))
            + (JobPause.isPaused(now.settings()) ? "; what starts it is paused, as before" : "");
    if (SettingsJson.is(now.settings(), change.previousHash())) {
      return new UndoResult(
          Outcome.PUT_BACK, name(change) + " has its previous settings again" + version);
    }
    List<String> differing = SettingsJson.differing(before, now.settings());
    return new UndoResult(
        Outcome.CHANGED_SINCE,
        name(change)
            + " was restored but differs from before: check its "
            + String.join(", ", differing)
            + version);
  }

  private static String scoringWith(@Nullable String version) {
    return version == null ? "" : ", and scores with version " + version;
  }

  /** The settings before the change, if they are what history says they were. */
  private JsonNode before(JobUndo undo, String tried) {
    JobChange change = undo.change();
    String uri = change.undoUri();
    if (uri == null) {
      throw unusable(undo, tried, "the change doesn't say where the previous settings are kept");
    }
    try {
      JsonNode before = SettingsJson.parse(undoStore.get(undo.workspace(), uri));
      if (SettingsJson.is(before, change.previousHash())) {
        return before;
      }
    } catch (JsonProcessingException _) {
      // Reported below: what isn't JSON is not what was stored.
    }
    throw unusable(undo, tried, "the content at " + uri + " is not what was stored there");
  }

  private static RuntimeException unusable(JobUndo undo, String tried, String cameBack) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            tried,
            "workspace " + undo.workspace(),
            cameBack,
            "Restore the job by hand, or promote the previous version again."));
  }

  private static String name(JobChange change) {
    return "job " + change.now().name() + " (" + change.now().jobId() + ")";
  }
}
