package dev.portage.localworkspace.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.rights.Caller;
import dev.portage.localworkspace.rights.Right;
import io.javalin.http.HandlerType;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who may do what with an endpoint: its creator and admins everything, others what they are given.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/servingendpoints/setpermissions">Serving
 *     endpoint permissions</a>
 */
final class EndpointPermissions {
  private static final String PATH = "/api/2.0/permissions/serving-endpoints/{id}";

  /** Each includes those before it. */
  enum Level {
    CAN_VIEW("View", "Can view the endpoint's details"),
    CAN_QUERY("Query", "Can query the endpoint"),
    CAN_MANAGE("Manage", "Can manage the endpoint");

    private final String word;
    private final String description;

    Level(String word, String description) {
      this.word = word;
      this.description = description;
    }
  }

  private final EndpointBook endpoints;

  EndpointPermissions(EndpointBook endpoints) {
    this.endpoints = endpoints;
  }

  void addTo(ApiRoutes routes) {
    routes.on(HandlerType.GET, PATH, null, this::get);
    routes.on(HandlerType.PUT, PATH, null, call -> change(call, true));
    routes.on(HandlerType.PATCH, PATH, null, call -> change(call, false));
    routes.on(HandlerType.GET, PATH + "/permissionLevels", null, this::levels);
  }

  /** Whether a caller may do it. */
  boolean may(Caller caller, Endpoint endpoint, Level level) {
    if (caller.may(Right.JOBS_ALL) || endpoint.identity().creator().equals(caller.user())) {
      return true;
    }
    String given = endpoint.permissions().get(caller.user());
    return given != null && Level.valueOf(given).compareTo(level) >= 0;
  }

  /**
   * Refuses a caller who may not do it.
   *
   * @throws ApiRefusal PERMISSION_DENIED
   */
  void require(Caller caller, Endpoint endpoint, Level level) {
    if (!may(caller, endpoint, level)) {
      throw ApiRefusal.permissionDenied(
          "User '"
              + caller.user()
              + "' does not have permission '"
              + level.word
              + "' on endpoint '"
              + endpoint.identity().name()
              + "'.");
    }
  }

  /** The most that a caller may do who may at least view it. */
  String levelOf(Caller caller, Endpoint endpoint) {
    String most = Level.CAN_VIEW.name();
    for (Level level : Level.values()) {
      if (may(caller, endpoint, level)) {
        most = level.name();
      }
    }
    return most;
  }

  private Endpoint asked(ApiCall call) {
    Endpoint endpoint = endpoints.byId(call.exchange().pathParam("id"));
    require(call.caller(), endpoint, Level.CAN_MANAGE);
    return endpoint;
  }

  private void get(ApiCall call) {
    call.onlyQuery();
    call.answer(list(asked(call)));
  }

  private void change(ApiCall call, boolean only) {
    JsonNode body = call.body(EndpointShapes.PERMISSIONS);
    Endpoint endpoint = asked(call);
    Map<String, String> given = new TreeMap<>();
    for (JsonNode entry : body.get("access_control_list")) {
      String user = Json.text(entry, "user_name");
      String principal = user == null ? Json.text(entry, "service_principal_name") : user;
      if (principal == null) {
        throw ApiRefusal.invalidParameter(
            "An entry must name a user or a service principal; a local workspace has no groups");
      }
      given.put(principal, entry.get("permission_level").asText());
    }
    endpoint.permit(given, only);
    call.answer(list(endpoint));
  }

  private void levels(ApiCall call) {
    call.onlyQuery();
    asked(call);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("permission_levels");
    for (Level level : Level.values()) {
      list.addObject().put("permission_level", level.name()).put("description", level.description);
    }
    call.answer(answer);
  }

  private static ObjectNode list(Endpoint endpoint) {
    ObjectNode answer =
        Json.object()
            .put("object_id", "/serving-endpoints/" + endpoint.identity().id())
            .put("object_type", "serving-endpoint");
    ArrayNode list = answer.putArray("access_control_list");
    Map<String, String> all = endpoint.permissions();
    all.put(endpoint.identity().creator(), Level.CAN_MANAGE.name());
    all.forEach((user, level) -> {
      ObjectNode entry = list.addObject().put("user_name", user);
      entry
          .putArray("all_permissions")
          .addObject()
          .put("permission_level", level)
          .put("inherited", false);
    });
    return answer;
  }
}
