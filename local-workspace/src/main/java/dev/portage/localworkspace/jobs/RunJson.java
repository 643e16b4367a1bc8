package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Runs in the form of the API, with both the older {@code state} and the newer {@code status}. */
final class RunJson {
  private final Home home;
  private final InstantSource clock;

  RunJson(Home home, InstantSource clock) {
    this.home = home;
    this.clock = clock;
  }

  /** A job run, with its tasks. */
  ObjectNode full(JobRun run) {
    ObjectNode json = withoutTasks(run);
    ArrayNode tasks = json.putArray("tasks");
    run.allTasks().forEach(task -> tasks.add(task(run, task)));
    if (!run.plan.jobClusters().isEmpty()) {
      json.set("job_clusters", run.plan.jobClusters());
    }
    return json;
  }

  /** A job run as lists show it. */
  ObjectNode withoutTasks(JobRun run) {
    RunPlan plan = run.plan;
    ObjectNode json =
        Json.object()
            .put("job_id", plan.requested().jobId())
            .put("run_id", run.id)
            .put("job_run_id", run.id)
            .put("number_in_job", run.id)
            .put("original_attempt_run_id", run.id)
            .put("attempt_number", 0)
            .put("creator_user_name", plan.requested().creator())
            .put("run_name", plan.requested().name())
            .put("run_type", plan.requested().submitted() ? "SUBMIT_RUN" : "JOB_RUN")
            .put("trigger", "ONE_TIME")
            .put("format", "MULTI_TASK")
            .put("run_page_url", page(run, run.id));
    Progress.Snapshot now = run.progress.now();
    times(json, now);
    if (now.endedAt() != null) {
      json.put("run_duration", millis(now.startedAt(), now.endedAt()));
    }
    states(json, now, run);
    putGit(json, run);
    if (!plan.parameters().isEmpty()) {
      ArrayNode parameters = json.putArray("job_parameters");
      plan.parameters()
          .forEach(p ->
              parameters
                  .addObject()
                  .put("name", p.name())
                  .put("default", p.defaultValue())
                  .put("value", p.value()));
    }
    if (plan.overriding() != null) {
      json.set("overriding_parameters", plan.overriding());
    }
    return json;
  }

  /** A task within its run. */
  ObjectNode task(JobRun run, TaskRun task) {
    ObjectNode json = task.plan.settings().deepCopy();
    json.put("run_id", task.id)
        .put("attempt_number", task.attempt)
        .put("run_page_url", page(run, task.id));
    if (!json.has("run_if")) {
      json.put("run_if", "ALL_SUCCESS");
    }
    Progress.Snapshot now = task.progress.now();
    times(json, now);
    states(json, now, run);
    putGit(json, run);
    if (now.runningSince() != null) {
      json.putObject("cluster_instance").put("cluster_id", "local-" + task.id);
    }
    return json;
  }

  /** A task's run on its own, as {@code runs/get} and {@code get-output} show it. */
  ObjectNode alone(JobRun run, TaskRun task) {
    ObjectNode json = task(run, task);
    return json.put("job_id", run.plan.requested().jobId())
        .put("job_run_id", run.id)
        .put("number_in_job", task.id)
        .put("original_attempt_run_id", original(run, task))
        .put("creator_user_name", run.plan.requested().creator())
        .put("run_name", task.plan.key())
        .put("run_type", run.plan.requested().submitted() ? "SUBMIT_RUN" : "JOB_RUN")
        .put("trigger", "ONE_TIME")
        .put("format", "MULTI_TASK");
  }

  private static long original(JobRun run, TaskRun task) {
    return run.allTasks()
        .filter(other -> other.plan.key().equals(task.plan.key()))
        .findFirst()
        .orElse(task)
        .id;
  }

  private String page(JobRun run, long runId) {
    return home.address()
        + "/jobs/"
        + run.plan.requested().jobId()
        + "/runs/"
        + runId
        + "?o="
        + home.workspaceId();
  }

  private static void putGit(ObjectNode json, JobRun run) {
    ObjectNode source = run.plan.gitSource();
    if (source == null) {
      return;
    }
    ObjectNode git = source.deepCopy();
    String commit = run.usedCommit();
    if (commit != null) {
      git.putObject("git_snapshot").put("used_commit", commit);
    }
    json.set("git_source", git);
  }

  private static void times(ObjectNode json, Progress.Snapshot now) {
    json.put("start_time", now.startedAt().toEpochMilli());
    Instant began = now.runningSince() != null ? now.runningSince() : now.endedAt();
    json.put("setup_duration", began == null ? 0 : millis(now.startedAt(), began));
    json.put(
        "execution_duration",
        began == null || now.endedAt() == null ? 0 : millis(began, now.endedAt()));
    json.put("cleanup_duration", 0);
    json.put("end_time", now.endedAt() == null ? 0 : now.endedAt().toEpochMilli());
  }

  private static long millis(Instant from, Instant to) {
    return Duration.between(from, to).toMillis();
  }

  private void states(ObjectNode json, Progress.Snapshot now, JobRun run) {
    RunEffect.Shows shows = run.shownInstead(clock.instant());
    if (shows != null) {
      String word = shows.word();
      if (word != null) {
        json.putObject("state").put("life_cycle_state", word).put("state_message", "");
        json.putObject("status").put("state", word);
      }
      return;
    }
    Ending ending = now.ending();
    ObjectNode state = json.putObject("state");
    state.put("life_cycle_state", now.lifeCycle().name());
    if (ending != null && ending.result() != null) {
      state.put("result_state", ending.result().name());
    }
    state.put("state_message", message(now.lifeCycle(), ending));
    state.put("user_cancelled_or_timedout", ending != null && ending.stopped());
    ObjectNode status = json.putObject("status");
    status.put("state", now.lifeCycle().newerWord());
    if (now.lifeCycle() == LifeCycle.QUEUED) {
      String reason = "Queued due to reaching maximum concurrent runs of the job.";
      state.put("queue_reason", reason);
      status
          .putObject("queue_details")
          .put("code", "MAX_CONCURRENT_RUNS_REACHED")
          .put("message", reason);
    }
    if (ending != null) {
      status
          .putObject("termination_details")
          .put("code", ending.code().name())
          .put("type", ending.code().type())
          .put("message", ending.message());
    }
  }

  private static String message(LifeCycle lifeCycle, @Nullable Ending ending) {
    if (ending != null) {
      return ending.message();
    }
    return switch (lifeCycle) {
      case PENDING -> "Waiting for cluster";
      case RUNNING -> "In run";
      case TERMINATING -> "Terminating the run";
      case QUEUED, BLOCKED, TERMINATED, SKIPPED, INTERNAL_ERROR, WAITING_FOR_RETRY -> "";
    };
  }
}
