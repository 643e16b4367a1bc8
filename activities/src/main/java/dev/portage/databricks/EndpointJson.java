package dev.portage.databricks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.NewVersion;
import dev.portage.serving.Served;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint serves, as JSON: fields that the SDK doesn't know are kept and sent back.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/servingendpoints">Serving endpoints
 *     API</a>
 */
final class EndpointJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Fields that are settings of a served entity; all others in an answer are its state. */
  private static final List<String> SETTINGS =
      List.of(
          "workload_size",
          "workload_type",
          "scale_to_zero_enabled",
          "environment_vars",
          "instance_profile_arn",
          "min_provisioned_concurrency",
          "max_provisioned_concurrency",
          "min_provisioned_throughput",
          "max_provisioned_throughput",
          "provisioned_model_units",
          "burst_scaling_enabled",
          "external_model");

  /** Fields that are settings of an inference table; all others are its state. */
  private static final List<String> TABLE_SETTINGS =
      List.of("catalog_name", "schema_name", "table_name_prefix", "enabled");

  private static final String TABLE = "auto_capture_config";
  private static final String ENTITIES = "served_entities";
  private static final String ROUTES = "routes";
  private static final String NAME = "name";
  private static final String ENTITY = "entity_name";
  private static final String VERSION = "entity_version";

  private EndpointJson() {}

  /**
   * What a configuration serves.
   *
   * @param config {@code config} or {@code pending_config} of an endpoint
   */
  static EndpointConfig config(JsonNode config) {
    Map<String, Integer> percents = percents(config);
    List<Served> served = new ArrayList<>();
    // Without routes there is only one version, and it gets all the traffic.
    int without = percents.isEmpty() ? 100 : 0;
    for (JsonNode entity : entities(config)) {
      String name = entity.path(NAME).asText();
      served.add(
          new Served(
              name,
              text(entity, ENTITY, "model_name"),
              text(entity, VERSION, "model_version"),
              percents.getOrDefault(name, without),
              IdempotencyToken.sha256(SettingsJson.canonical(settings(entity)))));
    }
    return new EndpointConfig(served);
  }

  /** Served entities, which older workspaces and older endpoints call served models. */
  static Iterable<JsonNode> entities(JsonNode config) {
    JsonNode entities = config.path(ENTITIES);
    return entities.isEmpty() ? config.path("served_models") : entities;
  }

  private static Map<String, Integer> percents(JsonNode config) {
    Map<String, Integer> percents = new HashMap<>();
    for (JsonNode route : config.path("traffic_config").path(ROUTES)) {
      percents.merge(
          text(route, "served_entity_name", "served_model_name"),
          route.path("traffic_percentage").asInt(),
          Integer::sum);
    }
    return percents;
  }

  private static String text(JsonNode node, String field, String otherwise) {
    return node.hasNonNull(field) ? node.path(field).asText() : node.path(otherwise).asText();
  }

  /** The settings of an entity, without those that mean the same as none. */
  private static ObjectNode settings(JsonNode entity) {
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    for (String name : SETTINGS) {
      JsonNode value = entity.path(name);
      boolean usual = name.equals("workload_type") && value.asText().equals("CPU");
      if (!value.isMissingNode() && !usual && (!isNothing(value) || isLeast(entity, name))) {
        settings.set(name, value);
      }
    }
    return settings;
  }

  /** From nothing up to something is a range, which nothing alone is not. */
  private static boolean isLeast(JsonNode entity, String name) {
    return name.startsWith("min_")
        && entity.path(name).isNumber()
        && !isNothing(entity.path("max_" + name.substring("min_".length())));
  }

  private static boolean isNothing(JsonNode value) {
    return (value.isMissingNode() || value.isContainerNode())
        ? value.isEmpty()
        : SettingsJson.isNothing(value);
  }

  /** A configuration as it is sent, and stored: the body of an update. */
  static ObjectNode body(JsonNode config) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode entities = body.putArray(ENTITIES);
    for (JsonNode entity : entities(config)) {
      entities.add(entity(entity));
    }
    routes(body, config(config));
    inferenceTable(body, config);
    return body;
  }

  private static ObjectNode entity(JsonNode entity) {
    ObjectNode sent = JsonNodeFactory.instance.objectNode();
    sent.put(NAME, entity.path(NAME).asText());
    String model = text(entity, ENTITY, "model_name");
    if (model.isEmpty()) {
      // An external model, which has neither a version nor machines here.
      return sent.setAll(settings(entity));
    }
    sent.put(ENTITY, model);
    String version = text(entity, VERSION, "model_version");
    if (!version.isEmpty()) {
      // Features are served without one.
      sent.put(VERSION, version);
    }
    sent.setAll(settings(entity));
    // The API requires it.
    sent.put("scale_to_zero_enabled", entity.path("scale_to_zero_enabled").asBoolean(false));
    return sent;
  }

  /** An update without it ends the recording of requests. */
  private static void inferenceTable(ObjectNode body, JsonNode config) {
    JsonNode table = config.path(TABLE);
    if (table.isObject() && !table.isEmpty()) {
      ObjectNode sent = body.putObject(TABLE);
      TABLE_SETTINGS.stream()
          .filter(table::hasNonNull)
          .forEach(field -> sent.set(field, table.get(field)));
    }
  }

  private static void routes(ObjectNode body, EndpointConfig config) {
    ArrayNode routes = body.putObject("traffic_config").putArray(ROUTES);
    for (Served served : config.served()) {
      routes
          .addObject()
          .put("served_model_name", served.name())
          .put("traffic_percentage", served.percent());
    }
  }

  /**
   * The body of an update.
   *
   * @param added settings of one version, whatever it had before; null for none
   * @param stored settings of the others, as stored; null for none
   * @param now what the endpoint serves: settings of those that are not stored
   * @return null if the settings of a version are in none of these
   */
  static @Nullable ObjectNode body(
      EndpointConfig wanted, @Nullable JsonNode stored, JsonNode now, @Nullable NewVersion added) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode entities = body.putArray(ENTITIES);
    for (Served served : wanted.served()) {
      JsonNode known = null;
      if (added != null && added.name().equals(served.name())) {
        known = entity(added);
      } else if (stored != null) {
        known = named(stored, served.name());
      }
      if (known == null) {
        known = named(now, served.name());
      }
      if (known == null) {
        return null;
      }
      entities.add(entity(known));
    }
    routes(body, wanted);
    inferenceTable(body, stored != null && now.isMissingNode() ? stored : now);
    return body;
  }

  /**
   * Whether a configuration serves a version with the ordered settings. A size that the workspace
   * does not report is not compared.
   *
   * @param added the ordered settings; null for none, which returns true
   */
  static boolean serves(JsonNode config, @Nullable NewVersion added) {
    JsonNode entity = added == null ? null : named(config, added.name());
    if (added == null || entity == null) {
      return true;
    }
    Map<String, String> environment = new HashMap<>();
    entity
        .path("environment_vars")
        .properties()
        .forEach(variable -> environment.put(variable.getKey(), variable.getValue().asText()));
    return entity
            .path("workload_size")
            .asText(added.size().word())
            .equalsIgnoreCase(added.size().word())
        && entity.path("workload_type").asText("CPU").equalsIgnoreCase(added.size().type())
        && entity.path("scale_to_zero_enabled").asBoolean(false) == added.scaleToZero()
        && environment.equals(added.environment());
  }

  /**
   * Whether a configuration has an entity of that name.
   *
   * @param config null for none
   */
  static boolean has(@Nullable JsonNode config, String name) {
    return config != null && named(config, name) != null;
  }

  private static @Nullable JsonNode named(JsonNode config, String name) {
    for (JsonNode entity : entities(config)) {
      if (entity.path(NAME).asText().equals(name)) {
        return entity;
      }
    }
    return null;
  }

  private static ObjectNode entity(NewVersion added) {
    ObjectNode entity = JsonNodeFactory.instance.objectNode();
    entity
        .put(NAME, added.name())
        .put(ENTITY, added.model())
        .put(VERSION, added.version())
        .put("workload_size", added.size().word())
        .put("workload_type", added.size().type())
        .put("scale_to_zero_enabled", added.scaleToZero());
    if (!added.environment().isEmpty()) {
      ObjectNode variables = entity.putObject("environment_vars");
      new TreeMap<>(added.environment()).forEach(variables::put);
    }
    return entity;
  }

  /** Reads what was stored. */
  static JsonNode parse(String stored) {
    try {
      return JSON.readTree(stored);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was stored of an endpoint is not JSON", e);
    }
  }

  /**
   * Which update of an endpoint was its last, if it failed or was cancelled, by the number and
   * start that the service gives it. Null if it did not fail, or if the workspace reports neither.
   */
  static @Nullable String failed(JsonNode found) {
    if (!isFailed(state(found.path("state").path("config_update")))) {
      return null;
    }
    JsonNode pending = found.path("pending_config");
    String number = pending.path("config_version").asText("");
    String start = pending.path("start_time").asText("");
    return number.isEmpty() && start.isEmpty() ? null : number + "@" + start;
  }

  /** Whether an update ended without taking effect. */
  static boolean isFailed(String update) {
    return update.equals("UPDATE_FAILED") || update.equals("UPDATE_CANCELED");
  }

  /** The state of a deployment or an update, without a prefix: "READY", "FAILED". */
  static String state(JsonNode text) {
    String state = text.asText("").toUpperCase(Locale.ROOT);
    return state.startsWith("DEPLOYMENT_") ? state.substring("DEPLOYMENT_".length()) : state;
  }
}
