package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.candidate.ModelLocation;
import dev.portage.duplicates.DuplicatesRemoved;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;

/** One endpoint of a workspace, as strict as the real one: one update at a time. */
class EndpointWorld {
  static final String BASE = "/api/2.0/serving-endpoints";
  static final String ONE = BASE + "/churn";
  static final String GET = "GET " + ONE;
  static final String PUT = "PUT " + ONE + "/config";
  static final String TAGS = "PATCH " + ONE + "/tags";
  static final String POST = "POST " + BASE;
  static final String DELETE = "DELETE " + ONE;

  @AutoClose final FakeWorkspace workspace = FakeWorkspace.start();
  final FakeWait waiting = new FakeWait();
  final Map<String, String> stored = new HashMap<>();
  final List<ObjectNode> sent = new ArrayList<>();
  @Nullable ObjectNode endpoint;

  /** Looks until an update has ended; null while it never ends. */
  @Nullable Integer lasts = 1;

  private int looks;
  String ends = "NOT_UPDATING";
  @Nullable String example;

  final ServingEndpoints endpoints =
      new ServingEndpoints(
          workspace.clients(), new Store(), model -> Optional.ofNullable(example), waiting);

  /** Keeps what an endpoint served. */
  UndoStore store() {
    return new Store();
  }

  /** Artifacts in memory. */
  private final class Store implements UndoStore {
    @Override
    public String put(String workspaceName, String key, String json) {
      stored.put("runs:/" + key, json);
      return "runs:/" + key;
    }

    @Override
    public DuplicatesRemoved settle(String workspaceName, String key, @Nullable String uri) {
      return DuplicatesRemoved.nothing();
    }

    @Override
    public Optional<String> find(String workspaceName, String key) {
      return Optional.ofNullable(stored.get("runs:/" + key));
    }

    @Override
    public String get(String workspaceName, String uri) {
      return String.valueOf(stored.get(uri));
    }
  }

  EndpointWorld() {
    workspace
        .on(GET, call -> read())
        .on(POST, call -> created(call.body()))
        .on(PUT, call -> updated(call.body()))
        .on(TAGS, call -> tagged(call.body()))
        .on(
            DELETE,
            call -> {
              endpoint = null;
              return FakeWorkspace.json(200, "{}");
            });
  }

  /** An endpoint that a promotion made. */
  void serves(String... versionsAndPercents) {
    ObjectNode made = JsonNodeFactory.instance.objectNode().put("name", "churn");
    made.set("config", config(versionsAndPercents));
    state(made, "NOT_UPDATING");
    tag(made, "portage_model", "churn");
    tag(made, "portage_promotion", "promotion/churn/before");
    endpoint = made;
  }

  static ObjectNode config(String... versionsAndPercents) {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    ArrayNode entities = config.putArray("served_entities");
    ArrayNode routes = config.putObject("traffic_config").putArray("routes");
    for (String one : versionsAndPercents) {
      String[] parts = one.split(":", -1);
      ObjectNode entity = entities.addObject();
      entity
          .put("name", "churn-" + parts[0])
          .put("entity_name", "prod.ml.churn")
          .put("entity_version", parts[0])
          .put("workload_size", "Small")
          .put("workload_type", "CPU")
          .put("scale_to_zero_enabled", false)
          .put("creator", "portage@example.com")
          .put("creation_timestamp", 1_700_000_000_000L);
      entity.putObject("state").put("deployment", "DEPLOYMENT_READY");
      routes
          .addObject()
          .put("served_model_name", "churn-" + parts[0])
          .put("served_entity_name", "churn-" + parts[0])
          .put("traffic_percentage", Integer.parseInt(parts[1]));
    }
    return config;
  }

  static void tag(ObjectNode endpoint, String key, String value) {
    endpoint.withArray("/tags").addObject().put("key", key).put("value", value);
  }

  private static void state(ObjectNode endpoint, String update) {
    endpoint.putObject("state").put("ready", "READY").put("config_update", update);
  }

  /** The deployment of a version becomes this. */
  void deployment(String version, String state, String message) {
    for (String config : List.of("config", "pending_config")) {
      for (JsonNode entity : now().path(config).path("served_entities")) {
        if (entity.path("entity_version").asText().equals(version)) {
          ((ObjectNode) entity)
              .putObject("state")
              .put("deployment", state)
              .put("deployment_state_message", message);
        }
      }
    }
  }

  ObjectNode now() {
    ObjectNode now = endpoint;
    if (now == null) {
      throw new AssertionError("there is no endpoint");
    }
    return now;
  }

  private MockResponse read() {
    ObjectNode now = endpoint;
    if (now == null) {
      return FakeWorkspace.refusal(404, "RESOURCE_DOES_NOT_EXIST", "no endpoint churn");
    }
    if (now.at("/state/config_update").asText().equals("IN_PROGRESS")
        && lasts != null
        && looks++ >= lasts) {
      state(now, ends);
      if (ends.equals("NOT_UPDATING")) {
        now.set("config", now.path("pending_config"));
        now.remove("pending_config");
      }
    }
    return FakeWorkspace.json(200, now.toString());
  }

  private MockResponse created(JsonNode body) {
    sent.add(body.deepCopy());
    ObjectNode made = JsonNodeFactory.instance.objectNode().put("name", "churn");
    made.set("tags", body.path("tags"));
    endpoint = made;
    begins(body.path("config"));
    return FakeWorkspace.json(200, made.toString());
  }

  private MockResponse updated(JsonNode body) {
    if (now().at("/state/config_update").asText().equals("IN_PROGRESS")) {
      return FakeWorkspace.refusal(409, "RESOURCE_CONFLICT", "an update is in progress");
    }
    sent.add(body.deepCopy());
    begins(body);
    return FakeWorkspace.json(200, now().toString());
  }

  private void begins(JsonNode config) {
    looks = 0;
    ObjectNode pending = config.deepCopy();
    pending
        .path("served_entities")
        .forEach(entity ->
            ((ObjectNode) entity).putObject("state").put("deployment", "DEPLOYMENT_READY"));
    now().set("pending_config", pending);
    state(now(), "IN_PROGRESS");
  }

  private MockResponse tagged(JsonNode body) {
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    for (JsonNode old : now().path("tags")) {
      boolean replaced = false;
      for (JsonNode added : body.path("add_tags")) {
        replaced |= added.path("key").equals(old.path("key"));
      }
      for (JsonNode deleted : body.path("delete_tags")) {
        replaced |= deleted.equals(old.path("key"));
      }
      if (!replaced) {
        kept.add(old);
      }
    }
    body.path("add_tags").forEach(kept::add);
    now().set("tags", kept);
    return FakeWorkspace.json(200, "{}");
  }

  static ModelLocation model() {
    return new ModelLocation("dev", "1", "run-1", null, "model", "runs:/run-1/model", "dbfs:/x");
  }

  static JsonNode nothing() {
    return MissingNode.getInstance();
  }
}
