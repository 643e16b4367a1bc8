package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.rights.Right;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The calls about runs. */
final class RunRoutes {
  private final JobBook jobs;
  private final JobPermissions permissions;
  private final JobRules rules;
  private final RunEngine engine;
  private final RunJson json;
  private final LongSupplier ids;

  /** Run ids by idempotency token; a token is used up permanently, whatever becomes of its run. */
  private final Map<String, Long> runByToken;

  RunRoutes(
      JobBook jobs,
      JobPermissions permissions,
      JobRules rules,
      RunEngine engine,
      RunJson json,
      LongSupplier ids) {
    this.jobs = jobs;
    this.permissions = permissions;
    this.rules = rules;
    this.engine = engine;
    this.json = json;
    this.ids = ids;
    this.runByToken = engine.byToken();
  }

  void addTo(ApiRoutes routes) {
    routes.on(HandlerType.POST, JobRoutes.BASE + "/run-now", Right.JOBS_MANAGE, this::runNow);
    routes.on(HandlerType.POST, JobRoutes.BASE + "/runs/submit", Right.JOBS_MANAGE, this::submit);
    routes.on(HandlerType.POST, JobRoutes.BASE + "/runs/cancel", Right.JOBS_MANAGE, this::cancel);
    routes.on(HandlerType.GET, JobRoutes.BASE + "/runs/get", Right.JOBS_VIEW, this::get);
    routes.on(
        HandlerType.GET, JobRoutes.BASE + "/runs/get-output", Right.JOBS_VIEW, this::getOutput);
    routes.on(HandlerType.GET, JobRoutes.BASE + "/runs/list", Right.JOBS_VIEW, this::list);
  }

  private void runNow(ApiCall call) {
    JsonNode body = call.body(JobShapes.RUN_NOW);
    permissions.requireRun(call.caller(), body.get("job_id").asLong());
    long run =
        once(
            Json.text(body, "idempotency_token"),
            () ->
                RunRequest.ofJob(
                    jobs.get(body.get("job_id").asLong()), body, call.caller().user()));
    call.answer(Json.object().put("run_id", run).put("number_in_job", run));
  }

  private void submit(ApiCall call) {
    JsonNode body = call.body(JobShapes.SUBMIT);
    rules.check(body);
    long run =
        once(
            Json.text(body, "idempotency_token"),
            () -> RunRequest.ofSubmission(body, ids.getAsLong(), call.caller().user()));
    call.answer(Json.object().put("run_id", run));
  }

  /**
   * One run for one token: the lock spans lookup and start, so two concurrent calls can't both
   * start one.
   */
  private synchronized long once(@Nullable String token, Supplier<RunRequest> request) {
    if (token != null) {
      if (token.isEmpty()) {
        throw ApiRefusal.invalidParameter("'idempotency_token' must not be empty");
      }
      Long known = runByToken.get(token);
      if (known != null) {
        return known;
      }
    }
    long run = engine.start(request.get()).id;
    if (token != null) {
      runByToken.put(token, run);
    }
    return run;
  }

  private void cancel(ApiCall call) {
    long id = call.body(JobShapes.CANCEL).get("run_id").asLong();
    JobRun run =
        engine.find(id).or(() -> engine.findByTask(id)).orElseThrow(() -> doesNotExist(id));
    engine.stop(run, Ending.cancelled(call.caller().user()));
    call.answer(Json.object());
  }

  private void get(ApiCall call) {
    call.onlyQuery("run_id", "include_history", "include_resolved_values", "page_token");
    long id = call.queryId("run_id");
    call.answer(
        engine
            .find(id)
            .map(json::full)
            .or(() -> engine.findByTask(id).map(run -> json.alone(run, task(run, id))))
            .orElseThrow(() -> doesNotExist(id)));
  }

  private void getOutput(ApiCall call) {
    call.onlyQuery("run_id");
    long id = call.queryId("run_id");
    if (engine.find(id).isPresent()) {
      throw ApiRefusal.invalidParameter(
          "Retrieving the output of runs with multiple tasks is not supported. Please retrieve the output of each"
              + " individual task run instead.");
    }
    JobRun run = engine.findByTask(id).orElseThrow(() -> doesNotExist(id));
    TaskRun task = task(run, id);
    ObjectNode answer = RunOutput.of(task);
    answer.set("metadata", json.alone(run, task));
    call.answer(answer);
  }

  private void list(ApiCall call) {
    call.onlyQuery(
        "job_id",
        "active_only",
        "run_type",
        "limit",
        "expand_tasks",
        "page_token",
        "start_time_from");
    long job = call.queryNumber("job_id", 0, 0, Long.MAX_VALUE);
    boolean activeOnly = call.queryFlag("active_only");
    String type = call.query("run_type");
    long limit = call.queryNumber("limit", 20, 1, 25);
    long from = call.queryNumber("start_time_from", 0, 0, Long.MAX_VALUE);
    boolean expand = call.queryFlag("expand_tasks");
    long after = PageToken.read(call.query("page_token"));
    List<JobRun> found =
        engine.newestFirst().stream()
            .filter(run -> run.id < after && (job == 0 || run.plan.requested().jobId() == job))
            .filter(run ->
                type == null
                    || type.equals(run.plan.requested().submitted() ? "SUBMIT_RUN" : "JOB_RUN"))
            // Without a job to ask for, a list shows the runs of jobs; a submission is found by its
            // id alone.
            .filter(run -> type != null || job != 0 || !run.plan.requested().submitted())
            .filter(run -> !activeOnly || !run.ended.isDone())
            .filter(run -> run.progress.now().startedAt().toEpochMilli() >= from)
            .limit(limit + 1)
            .toList();
    ObjectNode answer = Json.object();
    List<JobRun> page = found.subList(0, (int) Math.min(limit, found.size()));
    if (!page.isEmpty()) {
      ArrayNode list = answer.putArray("runs");
      page.forEach(run -> list.add(expand ? json.full(run) : json.withoutTasks(run)));
    }
    boolean more = found.size() > page.size();
    answer.put("has_more", more);
    if (more) {
      answer.put("next_page_token", PageToken.after(page.getLast().id));
    }
    call.answer(answer);
  }

  static TaskRun task(JobRun run, long taskRunId) {
    return run.allTasks().filter(task -> task.id == taskRunId).findFirst().orElseThrow();
  }

  private static ApiRefusal doesNotExist(long id) {
    return ApiRefusal.invalidParameter("Run " + id + " does not exist.");
  }
}
