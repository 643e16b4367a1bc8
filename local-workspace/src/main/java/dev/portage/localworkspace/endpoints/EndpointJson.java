package dev.portage.localworkspace.endpoints;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.serving.Deployment;
import dev.portage.localworkspace.serving.Failure;
import org.jspecify.annotations.Nullable;

/** Endpoints as answered. */
final class EndpointJson {
  private EndpointJson() {}

  /** The whole endpoint. */
  static ObjectNode full(Endpoint endpoint, String permission) {
    Endpoint.View view = endpoint.view();
    ObjectNode json = start(endpoint, view);
    if (view.active() != null) {
      json.set("config", config(view.active()));
    }
    if (view.pending() != null) {
      ObjectNode pending = config(view.pending());
      pending.put("start_time", view.pending().config().start());
      json.set("pending_config", pending);
    }
    json.put("permission_level", permission);
    json.put("route_optimized", false);
    return json;
  }

  /** As in a list, without states of entities. */
  static ObjectNode listed(Endpoint endpoint) {
    Endpoint.View view = endpoint.view();
    ObjectNode json = start(endpoint, view);
    Endpoint.Stage shown = view.active() == null ? view.pending() : view.active();
    if (shown != null) {
      ObjectNode config = json.putObject("config");
      ArrayNode entities = config.putArray("served_entities");
      ArrayNode models = config.putArray("served_models");
      for (ServedEntity entity : shown.config().entities()) {
        entities
            .addObject()
            .put("name", entity.name())
            .put("entity_name", entity.model())
            .put("entity_version", entity.version());
        models
            .addObject()
            .put("name", entity.name())
            .put("model_name", entity.model())
            .put("model_version", entity.version());
      }
    }
    return json;
  }

  private static ObjectNode start(Endpoint endpoint, Endpoint.View view) {
    Endpoint.Identity identity = endpoint.identity();
    ObjectNode json =
        Json.object()
            .put("name", identity.name())
            .put("creator", identity.creator())
            .put("creation_timestamp", identity.created())
            .put("last_updated_timestamp", view.updated());
    json.putObject("state")
        .put("ready", view.ready() ? "READY" : "NOT_READY")
        .put("config_update", view.update().name())
        .put("suspend", "NOT_SUSPENDED");
    json.put("id", identity.id());
    ArrayNode tags = json.putArray("tags");
    view.tags().forEach((key, value) -> tags.addObject().put("key", key).put("value", value));
    json.put("description", "");
    json.setAll(view.described());
    return json;
  }

  private static ObjectNode config(Endpoint.Stage stage) {
    EndpointConfig config = stage.config();
    ObjectNode json = Json.object();
    ArrayNode entities = json.putArray("served_entities");
    ArrayNode models = json.putArray("served_models");
    for (ServedEntity entity : config.entities()) {
      ObjectNode shown = entity.settings().deepCopy();
      shown.set("state", state(stage.deployments().get(entity.name())));
      shown.put("creator", entity.creator()).put("creation_timestamp", entity.created());
      entities.add(shown);
      // The deprecated form is still answered beside the other.
      ObjectNode model = shown.deepCopy();
      model.set("model_name", model.remove("entity_name"));
      model.set("model_version", model.remove("entity_version"));
      models.add(model);
    }
    ArrayNode routes = json.putObject("traffic_config").putArray("routes");
    config
        .routes()
        .forEach((name, share) ->
            routes
                .addObject()
                .put("served_model_name", name)
                .put("traffic_percentage", share)
                .put("served_entity_name", name));
    json.put("config_version", config.version());
    return json;
  }

  private static ObjectNode state(@Nullable Deployment deployment) {
    if (deployment == null) {
      // Of a change that failed or was canceled before this workspace started.
      return Json.object()
          .put("deployment", "DEPLOYMENT_ABORTED")
          .put("deployment_state_message", "The update of the endpoint ended.");
    }
    return Json.object()
        .put("deployment", "DEPLOYMENT_" + deployment.state().name())
        .put("deployment_state_message", message(deployment));
  }

  /** As far as they are known, the service's own words. */
  private static String message(Deployment deployment) {
    Failure failure = deployment.failure();
    if (failure == null) {
      return switch (deployment.state()) {
        case CREATING -> "Creating resources for served entity.";
        case RECOVERING -> "The model server ended and is being started again.";
        default -> deployment.isAsleep() ? "Scaled to zero" : "";
      };
    }
    return switch (failure.kind()) {
      case BUILD -> "Container image creation failed. Please see build logs for more information.";
      case LOAD ->
          "["
              + deployment.plan().name()
              + "] Model server failed to load the model: "
              + failure.reason()
              + ". Please see service logs for more information.";
      case TIMEOUT ->
          "Served entity creation aborted because the endpoint update timed out. Please see service"
              + " logs for more information.";
      case DROPPED -> "Served entity creation aborted because " + failure.reason() + ".";
    };
  }
}
