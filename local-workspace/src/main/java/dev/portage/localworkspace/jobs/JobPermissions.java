package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.documents.DocumentFolder;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Shape;
import dev.portage.localworkspace.rights.Caller;
import dev.portage.localworkspace.rights.Right;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Who may change which job: its owner, those with the permission, and admins. Others are refused
 * before the existence of the job is checked; the messages are those of Databricks' own test
 * server.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/permissions">Permissions API</a>
 */
final class JobPermissions {
  private static final String PATH = "/api/2.0/permissions/jobs/{id}";

  private static final Shape UPDATE =
      Shape.fields()
          .needs(
              "access_control_list",
              Shape.listOf(
                  Shape.fields()
                      .with("user_name", Shape.text())
                      .with("service_principal_name", Shape.text())
                      .needs(
                          "permission_level",
                          Shape.oneOf("CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE")),
                  100));

  private final JobBook jobs;
  private final ConcurrentMap<Long, Map<String, String>> given = new ConcurrentHashMap<>();
  private final DocumentFolder kept;

  /**
   * Those of a folder.
   *
   * @throws IOException when they can't be read
   */
  JobPermissions(JobBook jobs, DocumentFolder kept) throws IOException {
    this.jobs = jobs;
    this.kept = kept;
    kept.all().forEach((id, document) -> given.put(id, Json.texts(document, "given")));
  }

  void addTo(ApiRoutes routes) {
    routes.on(HandlerType.GET, PATH, null, this::get);
    routes.on(HandlerType.PATCH, PATH, null, this::update);
  }

  /**
   * Refuses a caller who may not change or delete a job.
   *
   * @throws ApiRefusal PERMISSION_DENIED
   */
  void requireManage(Caller caller, long id) {
    if (!mayManage(caller, id)) {
      throw ApiRefusal.permissionDenied(
          "User " + caller.user() + " does not have Admin or Owner permissions on job " + id);
    }
  }

  /**
   * Refuses a caller who may not run a job: that takes less than to change it.
   *
   * @throws ApiRefusal PERMISSION_DENIED
   */
  void requireRun(Caller caller, long id) {
    if (!"CAN_MANAGE_RUN".equals(given.getOrDefault(id, Map.of()).get(caller.user()))) {
      requireManage(caller, id);
    }
  }

  private boolean mayManage(Caller caller, long id) {
    return caller.may(Right.JOBS_ALL)
        || jobs.find(id).filter(job -> job.creator().equals(caller.user())).isPresent()
        || "CAN_MANAGE".equals(given.getOrDefault(id, Map.of()).get(caller.user()));
  }

  private void get(ApiCall call) {
    call.onlyQuery();
    call.answer(list(asked(call)));
  }

  /** Adds to what is given already. */
  private void update(ApiCall call) {
    JsonNode body = call.body(UPDATE);
    long id = asked(call);
    Map<String, String> all = new ConcurrentHashMap<>(given.getOrDefault(id, Map.of()));
    for (JsonNode entry : body.get("access_control_list")) {
      String user = Json.text(entry, "user_name");
      String principal = user == null ? Json.text(entry, "service_principal_name") : user;
      if (principal == null) {
        throw ApiRefusal.invalidParameter("An entry must name a user or a service principal");
      }
      all.put(principal, entry.get("permission_level").asText());
    }
    ObjectNode document = Json.object();
    document.set("given", Json.ofTexts(all));
    kept.put(id, document);
    given.put(id, all);
    call.answer(list(id));
  }

  private long asked(ApiCall call) {
    String text = call.exchange().pathParam("id");
    if (!text.matches("\\d{1,18}")) {
      throw ApiRefusal.invalidParameter("'" + text + "' is not a job id");
    }
    long id = Long.parseLong(text);
    if (!mayManage(call.caller(), id)) {
      throw ApiRefusal.permissionDenied(
          call.caller().user()
              + " does not have Manage permissions on Job with ID: ElasticJobId("
              + id
              + "). Please contact the owner or an administrator for access.");
    }
    return id;
  }

  private ObjectNode list(long id) {
    ObjectNode answer = Json.object().put("object_id", "/jobs/" + id).put("object_type", "job");
    ArrayNode list = answer.putArray("access_control_list");
    jobs.find(id).ifPresent(job -> entry(list, job.creator(), "IS_OWNER"));
    given.getOrDefault(id, Map.of()).forEach((user, level) -> entry(list, user, level));
    return answer;
  }

  private static void entry(ArrayNode list, String user, String level) {
    ObjectNode entry = list.addObject().put("user_name", user);
    entry
        .putArray("all_permissions")
        .addObject()
        .put("permission_level", level)
        .put("inherited", false);
  }
}
