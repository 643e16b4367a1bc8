package dev.portage.localworkspace.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint serves.
 *
 * @param version counts its configurations, from 1
 * @param entities in the order that was asked for
 * @param routes the share of each entity in percent, by its name
 * @param start when the update to it began, in milliseconds of the epoch
 */
record EndpointConfig(
    int version, List<ServedEntity> entities, Map<String, Integer> routes, long start) {
  EndpointConfig {
    entities = List.copyOf(entities);
    routes = new LinkedHashMap<>(routes);
  }

  /** The entity of that name; null for none. */
  @Nullable ServedEntity entity(String name) {
    return entities.stream().filter(e -> e.name().equals(name)).findFirst().orElse(null);
  }

  ObjectNode document() {
    ObjectNode document = Json.object().put("version", version).put("start", start);
    ArrayNode list = document.putArray("entities");
    entities.forEach(entity -> list.add(entity.document()));
    ObjectNode shares = document.putObject("routes");
    routes.forEach(shares::put);
    return document;
  }

  static EndpointConfig read(JsonNode document) {
    List<ServedEntity> entities = new ArrayList<>();
    for (JsonNode entity : Json.list(document, "entities")) {
      if (entity instanceof ObjectNode object) {
        entities.add(ServedEntity.read(object));
      }
    }
    Map<String, Integer> routes = new LinkedHashMap<>();
    document.path("routes").properties().forEach(r -> routes.put(r.getKey(), r.getValue().asInt()));
    return new EndpointConfig(
        document.path("version").asInt(), entities, routes, document.path("start").asLong());
  }
}
