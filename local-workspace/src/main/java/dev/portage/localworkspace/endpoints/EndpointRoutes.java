package dev.portage.localworkspace.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.endpoints.EndpointPermissions.Level;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Shape;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.serving.Deployment;
import io.javalin.http.HandlerType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The calls about endpoints. */
final class EndpointRoutes {
  static final String BASE = "/api/2.0/serving-endpoints";
  private static final String ONE = BASE + "/{name}";
  private static final String SERVED = ONE + "/served-models/{served}";

  private final EndpointBook endpoints;
  private final EndpointRules rules;
  private final EndpointPermissions permissions;

  EndpointRoutes(EndpointBook endpoints, EndpointRules rules, EndpointPermissions permissions) {
    this.endpoints = endpoints;
    this.rules = rules;
    this.permissions = permissions;
  }

  void addTo(ApiRoutes routes) {
    routes.on(HandlerType.POST, BASE, Right.SERVING_CREATE, this::create);
    routes.on(HandlerType.GET, BASE, null, this::list);
    // MLflow's client ends the path of these two with a slash.
    routes.on(HandlerType.POST, BASE + "/", Right.SERVING_CREATE, this::create);
    routes.on(HandlerType.GET, BASE + "/", null, this::list);
    routes.on(HandlerType.GET, ONE, null, this::get);
    routes.on(HandlerType.DELETE, ONE, null, this::delete);
    routes.on(HandlerType.PUT, ONE + "/config", null, this::update);
    routes.on(HandlerType.PATCH, ONE + "/tags", null, this::tag);
    routes.on(HandlerType.PATCH, ONE + "/notifications", null, this::notifications);
    routes.on(HandlerType.GET, SERVED + "/build-logs", null, this::buildLogs);
    routes.on(HandlerType.GET, SERVED + "/logs", null, this::logs);
    for (String other : List.of("/rate-limits", "/ai-gateway")) {
      routes.on(HandlerType.PUT, ONE + other, null, EndpointRoutes::refuse);
    }
    routes.on(HandlerType.PATCH, ONE + "/telemetry-config", null, EndpointRoutes::refuse);
    routes.on(HandlerType.GET, ONE + "/openapi", null, EndpointRoutes::refuse);
    routes.on(HandlerType.POST, BASE + "/pt", null, EndpointRoutes::refuse);
    routes.on(HandlerType.PUT, BASE + "/pt/{name}/config", null, EndpointRoutes::refuse);
  }

  private static void refuse(ApiCall call) {
    throw ApiRefusal.invalidParameter(
        call.exchange().req().getMethod()
            + " "
            + call.exchange().req().getRequestURI()
            + " exists on Databricks but is not supported by a local workspace");
  }

  private void create(ApiCall call) throws InterruptedException {
    JsonNode body = call.body(EndpointShapes.CREATE);
    String name = body.get("name").asText();
    if (Json.flag(body, "route_optimized", false)) {
      throw ApiRefusal.invalidParameter(
          "'route_optimized' exists on Databricks but is not supported by a local workspace");
    }
    endpoints.requireFree(name);
    ObjectNode config = Json.part(body, "config");
    String user = call.caller().user();
    // Before anything is made, so that a wrong configuration makes no endpoint.
    EndpointConfig desired = config == null ? null : rules.config(config, null, 1, user);
    ObjectNode described = Json.object();
    for (String kept : List.of("description", "email_notifications")) {
      if (body.hasNonNull(kept)) {
        described.set(kept, body.get(kept));
      }
    }
    Endpoint made = endpoints.add(name, user, described, tags(Json.list(body, "tags")));
    if (desired != null) {
      made.change(desired);
    }
    call.answer(EndpointJson.full(made, Level.CAN_MANAGE.name()));
  }

  private Endpoint asked(ApiCall call, Level level) {
    Endpoint endpoint = endpoints.get(call.exchange().pathParam("name"));
    permissions.require(call.caller(), endpoint, level);
    return endpoint;
  }

  private void get(ApiCall call) {
    call.onlyQuery();
    Endpoint endpoint = asked(call, Level.CAN_VIEW);
    call.answer(EndpointJson.full(endpoint, permissions.levelOf(call.caller(), endpoint)));
  }

  private void list(ApiCall call) {
    call.onlyQuery();
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("endpoints");
    endpoints.all().stream()
        .filter(endpoint -> permissions.may(call.caller(), endpoint, Level.CAN_VIEW))
        .forEach(endpoint -> list.add(EndpointJson.listed(endpoint)));
    call.answer(answer);
  }

  private void delete(ApiCall call) {
    endpoints.remove(asked(call, Level.CAN_MANAGE).identity().name());
    call.answer(Json.object());
  }

  private void update(ApiCall call) throws InterruptedException {
    JsonNode body = call.body(EndpointShapes.CONFIG);
    Endpoint endpoint = asked(call, Level.CAN_MANAGE);
    endpoint.requireIdle();
    endpoint.change(
        rules.config(body, endpoint.active(), endpoint.nextVersion(), call.caller().user()));
    call.answer(EndpointJson.full(endpoint, Level.CAN_MANAGE.name()));
  }

  private void tag(ApiCall call) {
    JsonNode body = call.body(EndpointShapes.TAG_CHANGES);
    Endpoint endpoint = asked(call, Level.CAN_MANAGE);
    List<String> removed = Json.strings(body, "delete_tags");
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("tags");
    endpoint
        .changeTags(tags(Json.list(body, "add_tags")), removed)
        .forEach((key, value) -> list.addObject().put("key", key).put("value", value));
    call.answer(answer);
  }

  private void notifications(ApiCall call) {
    JsonNode body =
        call.body(
            Shape.fields()
                .with("email_notifications", Shape.anything())
                .with("name", EndpointShapes.NAME));
    Endpoint endpoint = asked(call, Level.CAN_MANAGE);
    ObjectNode notifications = Json.part(body, "email_notifications");
    endpoint.notify(notifications == null ? Json.object() : notifications);
    ObjectNode answer = Json.object().put("name", endpoint.identity().name());
    answer.set("email_notifications", notifications);
    call.answer(answer);
  }

  private void buildLogs(ApiCall call) {
    call.answer(Json.object().put("logs", served(call).logs().ofBuild()));
  }

  private void logs(ApiCall call) {
    call.answer(Json.object().put("logs", served(call).logs().ofServer()));
  }

  private Deployment served(ApiCall call) {
    call.onlyQuery();
    Endpoint endpoint = asked(call, Level.CAN_VIEW);
    String name = call.exchange().pathParam("served");
    Deployment deployment = endpoint.deployment(name);
    if (deployment == null) {
      throw ApiRefusal.notFound(
          "RESOURCE_DOES_NOT_EXIST",
          "Served model with name '"
              + name
              + "' does not exist in endpoint '"
              + endpoint.identity().name()
              + "'.");
    }
    return deployment;
  }

  private static Map<String, String> tags(ArrayNode list) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (JsonNode tag : list) {
      String value = Json.text(tag, "value");
      tags.put(tag.get("key").asText(), value == null ? "" : value);
    }
    return tags;
  }
}
