package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs as they are kept on disk. A task that had not ended when the workspace did is run once more,
 * as Databricks does with one whose machine went away: as another attempt, with an id of its own.
 */
final class RunDocuments {
  private final Path folder;
  private final LongSupplier ids;
  private final InstantSource clock;

  /**
   * For runs with their folders in one.
   *
   * @param ids gives the attempts that follow their ids
   */
  RunDocuments(Path folder, LongSupplier ids, InstantSource clock) {
    this.folder = folder;
    this.ids = ids;
    this.clock = clock;
  }

  /** The current state of the run. */
  static ObjectNode write(JobRun run) {
    ObjectNode document = Json.object();
    document.set("request", run.request.document());
    document.set("progress", progress(run.progress.now()));
    if (run.usedCommit() != null) {
      document.put("commit", run.usedCommit());
    }
    Ending stop = run.stopped.getNow(null);
    if (stop != null) {
      document.set("stop", ending(stop));
    }
    ArrayNode tasks = document.putArray("tasks");
    run.replaced.forEach(task -> tasks.add(task(task)));
    run.tasks.forEach(task -> tasks.add(task(task)));
    return document;
  }

  private static ObjectNode task(TaskRun task) {
    ObjectNode document = Json.object().put("id", task.id).put("key", task.plan.key());
    document.put("attempt", task.attempt).put("begun", task.hasBegun());
    document.set("progress", progress(task.progress.now()));
    TaskOutcome outcome = task.outcome();
    if (outcome != null) {
      document.set("outcome", outcome(outcome));
    }
    return document;
  }

  private static ObjectNode progress(Progress.Snapshot now) {
    ObjectNode document = Json.object().put("started", now.startedAt().toString());
    if (now.runningSince() != null) {
      document.put("running", now.runningSince().toString());
    }
    if (now.ending() != null && now.endedAt() != null) {
      document.put("ended", now.endedAt().toString());
      document.set("ending", ending(now.ending()));
    }
    return document;
  }

  private static ObjectNode ending(Ending ending) {
    ObjectNode document = Json.object().put("lifeCycle", ending.lifeCycle().name());
    if (ending.result() != null) {
      document.put("result", ending.result().name());
    }
    return document
        .put("code", ending.code().name())
        .put("message", ending.message())
        .put("stopped", ending.stopped());
  }

  private static ObjectNode outcome(TaskOutcome outcome) {
    return switch (outcome) {
      case TaskOutcome.Succeeded(String value) -> Json.object().put("succeeded", value);
      case TaskOutcome.Failed(String error, String trace) ->
          Json.object().put("failed", error).put("trace", trace);
      case TaskOutcome.Missing(String message) -> Json.object().put("missing", message);
    };
  }

  /** The run in a document, ready to continue if it has not ended. */
  JobRun read(long id, JsonNode document) {
    RunRequest request = RunRequest.read(document.path("request"));
    RunPlan plan = request.plan();
    Path runFolder = folder.resolve(Long.toString(id));
    boolean ended = document.path("progress").has("ending");
    List<TaskRun> tasks = new ArrayList<>();
    List<TaskRun> replaced = new ArrayList<>();
    for (RunPlan.TaskPlan task : plan.tasks()) {
      List<TaskRun> attempts = attempts(document, task, runFolder);
      TaskRun last = attempts.removeLast();
      replaced.addAll(attempts);
      if (ended || last.progress.now().ending() != null || document.has("stop")) {
        tasks.add(last);
      } else {
        if (last.hasBegun()) {
          last.progress.end(
              Ending.notStarted(TerminationCode.DRIVER_ERROR, "The workspace was stopped."));
          replaced.add(last);
        }
        tasks.add(next(task, last, runFolder));
      }
    }
    JobRun run =
        new JobRun(
            id, request, plan, tasks, replaced, runFolder, List.of(), progress(document, clock));
    String commit = Json.text(document, "commit");
    if (commit != null) {
      run.usedCommit(commit);
    }
    if (document.has("stop")) {
      run.stopped.complete(ending(document.path("stop")));
    }
    return run;
  }

  private TaskRun next(RunPlan.TaskPlan task, TaskRun last, Path runFolder) {
    LifeCycle begin = task.dependsOn().isEmpty() ? LifeCycle.PENDING : LifeCycle.BLOCKED;
    boolean another = last.hasBegun();
    return new TaskRun(
        another ? ids.getAsLong() : last.id,
        task,
        runFolder,
        another ? last.attempt + 1 : last.attempt,
        new Progress(clock, begin));
  }

  private List<TaskRun> attempts(JsonNode document, RunPlan.TaskPlan plan, Path runFolder) {
    List<TaskRun> attempts = new ArrayList<>();
    for (JsonNode task : document.path("tasks")) {
      if (task.path("key").asText().equals(plan.key())) {
        TaskRun read =
            new TaskRun(
                task.path("id").asLong(),
                plan,
                runFolder,
                task.path("attempt").asInt(),
                progress(task, clock));
        if (task.path("begun").asBoolean()) {
          read.begin();
        }
        if (task.get("outcome") instanceof ObjectNode outcome) {
          read.outcome(outcome(outcome));
        }
        attempts.add(read);
      }
    }
    return attempts;
  }

  private static Progress progress(JsonNode of, InstantSource clock) {
    JsonNode document = of.path("progress");
    return new Progress(
        clock,
        Instant.parse(document.path("started").asText()),
        moment(document, "running"),
        moment(document, "ended"),
        document.has("ending") ? ending(document.path("ending")) : null);
  }

  private static @Nullable Instant moment(JsonNode document, String field) {
    return document.has(field) ? Instant.parse(document.path(field).asText()) : null;
  }

  private static Ending ending(JsonNode document) {
    String result = Json.text(document, "result");
    return new Ending(
        LifeCycle.valueOf(document.path("lifeCycle").asText()),
        result == null ? null : RunResult.valueOf(result),
        TerminationCode.valueOf(document.path("code").asText()),
        document.path("message").asText(),
        document.path("stopped").asBoolean());
  }

  private static TaskOutcome outcome(JsonNode document) {
    if (document.has("succeeded")) {
      return new TaskOutcome.Succeeded(Json.text(document, "succeeded"));
    }
    String missing = Json.text(document, "missing");
    return missing != null
        ? new TaskOutcome.Missing(missing)
        : new TaskOutcome.Failed(document.path("failed").asText(), Json.text(document, "trace"));
  }

  /** The highest id that a document holds. */
  static long highest(long id, JsonNode document) {
    Set<Long> all = new HashSet<>(Set.of(id, document.path("request").path("ephemeral").asLong()));
    document.path("tasks").forEach(task -> all.add(task.path("id").asLong()));
    return all.stream().mapToLong(Long::longValue).max().orElse(id);
  }
}
