package dev.portage.localworkspace.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a configuration must be, beyond its shape; and what is filled in. */
final class EndpointRules {
  private static final Set<String> SIZES = Set.of("Small", "Medium", "Large");

  private final ServedModels models;
  private final InstantSource clock;

  EndpointRules(ServedModels models, InstantSource clock) {
    this.models = models;
    this.clock = clock;
  }

  /**
   * The configuration that is asked for.
   *
   * @param current what is served now: what is not said stays as it is; null for nothing
   * @param version the number it gets
   */
  EndpointConfig config(JsonNode asked, @Nullable EndpointConfig current, int version, String user)
      throws InterruptedException {
    long now = clock.millis();
    List<ServedEntity> entities = new ArrayList<>();
    boolean named = asked.hasNonNull("served_entities") || asked.hasNonNull("served_models");
    if (asked.hasNonNull("served_entities") && asked.hasNonNull("served_models")) {
      throw ApiRefusal.invalidParameter(
          "Only one of served_entities and served_models can be specified.");
    }
    for (JsonNode entity : Json.list(asked, "served_entities")) {
      entities.add(entity(entity.deepCopy(), current, user, now));
    }
    for (JsonNode model : Json.list(asked, "served_models")) {
      ObjectNode entity = model.deepCopy();
      entity.set("entity_name", entity.remove("model_name"));
      entity.set("entity_version", entity.remove("model_version"));
      entities.add(entity(entity, current, user, now));
    }
    if (!named && current != null) {
      entities.addAll(current.entities());
    }
    if (entities.isEmpty()) {
      throw ApiRefusal.invalidParameter("At least one served entity must be specified.");
    }
    Set<String> names = new HashSet<>();
    for (ServedEntity entity : entities) {
      if (!names.add(entity.name())) {
        throw ApiRefusal.invalidParameter(
            "Served entity names must be unique within an endpoint: '"
                + entity.name()
                + "' is used twice.");
      }
    }
    return new EndpointConfig(version, entities, routes(asked, current, names), now);
  }

  private ServedEntity entity(
      ObjectNode asked, @Nullable EndpointConfig current, String user, long now)
      throws InterruptedException {
    asked.properties().removeIf(field -> field.getValue().isNull());
    String model = asked.path("entity_name").asText();
    String version = asked.path("entity_version").asText();
    if (!asked.has("name")) {
      asked.put("name", model.substring(model.lastIndexOf('.') + 1) + "-" + version);
    }
    if (!asked.path("name").asText().matches("[A-Za-z0-9_-]{1,63}")) {
      throw ApiRefusal.invalidParameter(
          "The served entity of "
              + model
              + " needs a 'name' of its own: '"
              + asked.path("name").asText()
              + "' has characters that are not alphanumeric, dashes or underscores.");
    }
    compute(asked);
    ServedEntity before = current == null ? null : current.entity(asked.path("name").asText());
    if (before != null && before.settings().equals(asked)) {
      // It goes on as it is, whatever has become of its version in the registry.
      return before;
    }
    return new ServedEntity(asked, models.find(model, version), user, now);
  }

  private static void compute(ObjectNode asked) {
    String name = asked.path("name").asText();
    String type = Json.text(asked, "workload_type");
    if (type != null && !type.equals("CPU")) {
      // As the service refuses a type that it doesn't offer in a region.
      throw ApiRefusal.invalidParameter(
          "Workload type '"
              + type
              + "' with size '"
              + asked.path("workload_size").asText()
              + "' is not supported. Please choose a node type from CPU");
    }
    asked.put("workload_type", "CPU");
    if (!asked.has("scale_to_zero_enabled")) {
      asked.put("scale_to_zero_enabled", false);
    }
    String size = Json.text(asked, "workload_size");
    boolean counted =
        asked.has("min_provisioned_concurrency") || asked.has("max_provisioned_concurrency");
    if (size == null && !counted) {
      throw ApiRefusal.invalidParameter(
          "Served entity '"
              + name
              + "' must specify workload_size, or min_provisioned_concurrency and"
              + " max_provisioned_concurrency.");
    }
    if (size != null && counted) {
      throw ApiRefusal.invalidParameter(
          "Served entity '"
              + name
              + "' can't specify both workload_size and provisioned concurrency.");
    }
    if (size != null && !SIZES.contains(size)) {
      throw ApiRefusal.invalidParameter(
          "Invalid workload_size '"
              + size
              + "' of served entity '"
              + name
              + "'. Valid workload sizes are Small, Medium and Large.");
    }
    if (counted) {
      long least = Json.number(asked, "min_provisioned_concurrency", -1);
      long most = Json.number(asked, "max_provisioned_concurrency", -1);
      if (least < 0 || most < least || least % 4 != 0 || most % 4 != 0) {
        throw ApiRefusal.invalidParameter(
            "min_provisioned_concurrency and max_provisioned_concurrency of served entity '"
                + name
                + "' must both be multiples of 4, the first not above the second.");
      }
    }
    for (String variable : Json.texts(asked, "environment_vars").keySet()) {
      if (!variable.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw ApiRefusal.invalidParameter(
            "'" + variable + "' is no name of an environment variable");
      }
    }
  }

  private static Map<String, Integer> routes(
      JsonNode asked, @Nullable EndpointConfig current, Set<String> names) {
    JsonNode traffic = asked.path("traffic_config");
    if (!traffic.hasNonNull("routes")) {
      if (names.size() == 1) {
        return Map.of(names.iterator().next(), 100);
      }
      if (current != null && current.routes().keySet().equals(names)) {
        return current.routes();
      }
      throw ApiRefusal.invalidParameter(
          "traffic_config must be specified when there is more than one served entity.");
    }
    Map<String, Integer> routes = new LinkedHashMap<>();
    int sum = 0;
    for (JsonNode route : traffic.get("routes")) {
      String entity = Json.text(route, "served_entity_name");
      String model = Json.text(route, "served_model_name");
      if (entity == null && model == null) {
        throw ApiRefusal.invalidParameter("A route must name its served entity.");
      }
      if (entity != null && model != null && !entity.equals(model)) {
        throw ApiRefusal.invalidParameter(
            "A route names two served entities: '" + entity + "' and '" + model + "'.");
      }
      String name = Objects.requireNonNullElse(entity, model);
      if (!names.contains(name)) {
        throw ApiRefusal.invalidParameter(
            "The traffic config routes to '" + name + "', which is not a served entity.");
      }
      int share = route.get("traffic_percentage").asInt();
      if (routes.put(name, share) != null) {
        throw ApiRefusal.invalidParameter("The traffic config has two routes to '" + name + "'.");
      }
      sum += share;
    }
    for (String name : names) {
      if (!routes.containsKey(name)) {
        throw ApiRefusal.invalidParameter(
            "The traffic config has no route to served entity '" + name + "'.");
      }
    }
    if (sum != 100) {
      throw ApiRefusal.invalidParameter(
          "The traffic percentages of all routes must sum to 100, not " + sum + ".");
    }
    return routes;
  }
}
