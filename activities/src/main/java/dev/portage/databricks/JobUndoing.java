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
import java.util.Objects;
import java.util.Optional;

/** Puts jobs back, where nobody has touched them since. */
final class JobUndoing {
  private final DatabricksClients clients;
  private final UndoStore undoStore;

  JobUndoing(DatabricksClients clients, UndoStore undoStore) {
    this.clients = clients;
    this.undoStore = undoStore;
  }

  UndoResult undo(JobUndo undo) {
    JobChange change = undo.change();
    if (change.effect() == JobChange.Effect.UNCHANGED) {
      return new UndoResult(Outcome.NOTHING_TO_DO, name(change) + " was not changed");
    }
    DatabricksApi api = clients.of(undo.workspace());
    long jobId = change.now().jobId();
    Optional<JsonNode> settings = BatchJobs.settings(api, "look at " + name(change), jobId);
    if (settings.isEmpty()) {
      return change.effect() == JobChange.Effect.CREATED
          ? new UndoResult(Outcome.NOTHING_TO_DO, name(change) + " is deleted already")
          : new UndoResult(Outcome.CHANGED_SINCE, name(change) + " was deleted since");
    }
    String hash = SettingsJson.hash(settings.get());
    if (hash.equals(change.previousHash())) {
      return new UndoResult(Outcome.NOTHING_TO_DO, name(change) + " is as it was before");
    }
    if (!hash.equals(change.now().settingsHash())) {
      return new UndoResult(
          Outcome.CHANGED_SINCE,
          name(change) + " was changed since by somebody else, so it is left as it is");
    }
    if (change.effect() == JobChange.Effect.CREATED) {
      BatchJobs.delete(api, jobId, "delete " + name(change));
      return lookedAt(api, change, "is deleted again");
    }
    String tried = "put back " + name(change);
    BatchJobs.reset(api, tried, jobId, before(undo, tried));
    return lookedAt(api, change, "has its settings of before");
  }

  /** What is there now, whatever the answer to the change said. */
  private static UndoResult lookedAt(DatabricksApi api, JobChange change, String done) {
    long jobId = change.now().jobId();
    Optional<JsonNode> now =
        BatchJobs.settings(api, "look at " + name(change) + " once it is put back", jobId);
    String hash = now.map(SettingsJson::hash).orElse(null);
    if (Objects.equals(hash, change.previousHash())) {
      return new UndoResult(Outcome.PUT_BACK, name(change) + " " + done + scoringWith(api, now));
    }
    return new UndoResult(
        Outcome.CHANGED_SINCE,
        name(change)
            + " was put back, but is not as it was before: "
            + (now.isEmpty() ? "it is gone" : "look at it")
            + scoringWith(api, now));
  }

  private static String scoringWith(DatabricksApi api, Optional<JsonNode> settings) {
    return settings
        .map(json -> JobDefinition.state(0, json, api).modelVersion())
        .map(version -> ", and scores with version " + version)
        .orElse("");
  }

  /** The settings before the change, if they are what history says they were. */
  private JsonNode before(JobUndo undo, String tried) {
    JobChange change = undo.change();
    String uri = change.undoUri();
    if (uri == null) {
      throw unusable(undo, tried, "the change does not say where the settings before are kept");
    }
    try {
      JsonNode before = SettingsJson.parse(undoStore.get(undo.workspace(), uri));
      if (SettingsJson.hash(before).equals(change.previousHash())) {
        return before;
      }
    } catch (JsonProcessingException _) {
      // Told below: what is no JSON is not what was kept.
    }
    throw unusable(undo, tried, "what is kept at " + uri + " is not what was kept there");
  }

  private static RuntimeException unusable(JobUndo undo, String tried, String cameBack) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            tried,
            "workspace " + undo.workspace(),
            cameBack,
            "Put the job back by hand, or promote the version before again."));
  }

  private static String name(JobChange change) {
    return "job " + change.now().name() + " (" + change.now().jobId() + ")";
  }
}
