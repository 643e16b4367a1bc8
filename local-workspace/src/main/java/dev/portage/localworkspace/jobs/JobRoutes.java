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
import java.util.Locale;

/** The calls about jobs. */
final class JobRoutes {
  static final String BASE = "/api/2.2/jobs";

  private final JobBook jobs;
  private final JobRules rules;
  private final JobJson json;
  private final JobPermissions permissions;

  JobRoutes(JobBook jobs, JobRules rules, JobJson json, JobPermissions permissions) {
    this.permissions = permissions;
    this.jobs = jobs;
    this.rules = rules;
    this.json = json;
  }

  void addTo(ApiRoutes routes) {
    routes.on(HandlerType.POST, BASE + "/create", Right.JOBS_MANAGE, this::create);
    routes.on(HandlerType.POST, BASE + "/reset", Right.JOBS_MANAGE, this::reset);
    routes.on(HandlerType.POST, BASE + "/update", Right.JOBS_MANAGE, this::update);
    routes.on(HandlerType.POST, BASE + "/delete", Right.JOBS_MANAGE, this::delete);
    routes.on(HandlerType.GET, BASE + "/get", Right.JOBS_VIEW, this::get);
    routes.on(HandlerType.GET, BASE + "/list", Right.JOBS_VIEW, this::list);
  }

  private void create(ApiCall call) {
    JsonNode settings = call.body(JobShapes.SETTINGS);
    rules.check(settings);
    Job job = jobs.create(settings, call.caller().user());
    call.answer(Json.object().put("job_id", job.id()));
  }

  private void reset(ApiCall call) {
    JsonNode body = call.body(JobShapes.RESET);
    JsonNode settings = body.get("new_settings");
    long asked = body.get("job_id").asLong();
    permissions.requireManage(call.caller(), asked);
    long id = there(call, asked).id();
    rules.check(settings);
    jobs.reset(id, settings);
    call.answer(Json.object());
  }

  private void update(ApiCall call) {
    JsonNode body = call.body(JobShapes.UPDATE);
    long asked = body.get("job_id").asLong();
    permissions.requireManage(call.caller(), asked);
    Job job = there(call, asked);
    ObjectNode settings = job.settings().deepCopy();
    body.get("new_settings")
        .properties()
        .forEach(field -> settings.set(field.getKey(), field.getValue()));
    rules.check(settings);
    jobs.reset(job.id(), settings);
    call.answer(Json.object());
  }

  private void delete(ApiCall call) {
    long asked = call.body(JobShapes.DELETE).get("job_id").asLong();
    permissions.requireManage(call.caller(), asked);
    jobs.delete(there(call, asked).id());
    call.answer(Json.object());
  }

  private void get(ApiCall call) {
    call.onlyQuery("job_id", "page_token");
    call.answer(json.full(there(call, call.queryId("job_id")), call.query("page_token")));
  }

  /**
   * The job of that id. Rights are checked first: a caller that may not manage jobs gets the same
   * response for a deleted job as for a hidden one.
   */
  private Job there(ApiCall call, long id) {
    return jobs.find(id)
        .orElseThrow(() ->
            call.caller().may(Right.JOBS_MANAGE)
                ? ApiRefusal.gone("Job " + id + " does not exist.")
                : ApiRefusal.permissionDenied(
                    "User "
                        + call.caller().user()
                        + " does not have View or Admin or Manage Run or Owner permissions on job "
                        + id));
  }

  private void list(ApiCall call) {
    call.onlyQuery("name", "limit", "expand_tasks", "page_token");
    long limit = call.queryNumber("limit", 20, 1, 100);
    boolean expand = call.queryFlag("expand_tasks");
    long after = PageToken.read(call.query("page_token"));
    String name = call.query("name");
    String wanted = name == null ? null : name.toLowerCase(Locale.ROOT);
    List<Job> found =
        jobs.newestFirst().stream()
            .filter(job -> job.id() < after)
            .filter(job -> wanted == null || job.name().toLowerCase(Locale.ROOT).equals(wanted))
            .limit(limit + 1)
            .toList();
    ObjectNode answer = Json.object();
    List<Job> page = found.subList(0, (int) Math.min(limit, found.size()));
    if (!page.isEmpty()) {
      ArrayNode list = answer.putArray("jobs");
      page.forEach(job -> list.add(json.listed(job, expand)));
    }
    boolean more = found.size() > page.size();
    answer.put("has_more", more);
    if (more) {
      answer.put("next_page_token", PageToken.after(page.getLast().id()));
    }
    call.answer(answer);
  }
}
