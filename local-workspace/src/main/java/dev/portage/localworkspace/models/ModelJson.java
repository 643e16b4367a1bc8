package dev.portage.localworkspace.models;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Models and versions as returned. */
final class ModelJson {
  private ModelJson() {}

  /** What a search shows of a model: no aliases, and no tags. */
  static ObjectNode found(RegisteredModel model) {
    ObjectNode json =
        Json.object()
            .put("name", model.name())
            .put("creation_timestamp", model.made())
            .put("last_updated_timestamp", model.changed())
            .put("user_id", model.owner());
    put(json, "description", model.description());
    return json;
  }

  static ObjectNode whole(RegisteredModel model) {
    ObjectNode json = found(model);
    ArrayNode aliases = json.putArray("aliases");
    model
        .aliases()
        .forEach((alias, number) ->
            aliases.addObject().put("alias", alias).put("version", number.toString()));
    tags(json, model.tags());
    String job = model.deploymentJob();
    json.put("deployment_job_id", job == null ? "" : job);
    json.put("deployment_job_state", job == null ? "NOT_SET_UP" : "CONNECTED");
    return json;
  }

  /** What a search shows of a version: no aliases, and no tags. */
  static ObjectNode found(RegisteredModel model, ModelVersion version, String location) {
    ObjectNode json =
        Json.object()
            .put("name", model.name())
            .put("version", Integer.toString(version.number()))
            .put("creation_timestamp", version.made())
            .put("last_updated_timestamp", version.changed())
            .put("user_id", version.maker())
            .put("source", version.source())
            .put("status", version.ready() ? "READY" : "PENDING_REGISTRATION")
            .put("storage_location", location);
    put(json, "description", version.description());
    put(json, "run_id", version.runId());
    put(json, "run_tracking_server_id", version.workspaceId());
    put(json, "model_id", version.modelId());
    return json;
  }

  static ObjectNode whole(RegisteredModel model, ModelVersion version, String location) {
    ObjectNode json = found(model, version, location);
    ArrayNode aliases = json.putArray("aliases");
    model
        .aliases()
        .forEach((alias, number) -> {
          if (number == version.number()) {
            aliases.addObject().put("alias", alias).put("version", number.toString());
          }
        });
    tags(json, version.tags());
    return json;
  }

  private static void tags(ObjectNode json, Map<String, String> tags) {
    ArrayNode list = json.putArray("tags");
    tags.forEach((key, value) -> list.addObject().put("key", key).put("value", value));
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }
}
