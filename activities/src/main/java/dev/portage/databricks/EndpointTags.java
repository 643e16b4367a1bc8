package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.registry.Tags;
import dev.portage.serving.EndpointOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tags of an endpoint: whose it is, and who changed it last. */
final class EndpointTags {
  /**
   * The workflow's id, whole, in {@code portage_promotion_id_1} and so on: no tag may hold its
   * slashes, and whoever finds another one than expected has to know which it is.
   */
  private static final String PROMOTION_ID = "portage_promotion_id_";

  /** An endpoint has at most 20 tags; a longer id is known by its cut form alone. */
  private static final int PARTS_OF_ID = 3;

  private EndpointTags() {}

  /** All of them, by their names. */
  static Map<String, String> all(JsonNode found) {
    Map<String, String> tags = new HashMap<>();
    found
        .path("tags")
        .forEach(tag -> tags.put(tag.path("key").asText(), tag.path("value").asText()));
    return tags;
  }

  /** Id of the workflow that changed it last; its cut form where no tag has it whole. */
  static @Nullable String promotion(JsonNode found) {
    Map<String, String> tags = all(found);
    String cut = tags.get(Tags.PROMOTION);
    List<String> parts = new ArrayList<>();
    for (String part = tags.get(part(1)); part != null; part = tags.get(part(parts.size() + 1))) {
      parts.add(part);
    }
    String whole = parts.isEmpty() ? null : CloudTag.unpacked(parts);
    // Parts that another hand left beside another name say nothing.
    return cut == null || whole == null || !CloudTag.value(whole).equals(cut) ? cut : whole;
  }

  private static String part(int number) {
    return PROMOTION_ID + number;
  }

  /**
   * Adds Portage's own.
   *
   * @param last id of the workflow that changes it
   */
  static void add(ArrayNode tags, EndpointOrder order, String last) {
    add(tags, Tags.MODEL, CloudTag.value(order.model()));
    add(tags, Tags.WORKSPACE, CloudTag.value(order.workspace()));
    List<String> parts = parts(last);
    // One without a slash was read of a tag, in its cut form.
    add(tags, Tags.PROMOTION, last.contains("/") ? CloudTag.value(last) : last);
    for (int i = 0; i < parts.size(); i++) {
      add(tags, part(i + 1), parts.get(i));
    }
  }

  private static List<String> parts(String last) {
    List<String> parts = last.contains("/") ? CloudTag.packed(last) : List.of();
    return parts.size() > PARTS_OF_ID ? List.of() : parts;
  }

  private static void add(ArrayNode tags, String key, String value) {
    tags.addObject().put("key", key).put("value", value);
  }

  /**
   * Says who changed it last. Before the change, so that nobody finds a change that is nobody's;
   * and who takes one back leaves the name only as long as there is a change.
   */
  static void mark(DatabricksApi api, EndpointOrder order, JsonNode found) {
    String before = order.takesBackTo();
    boolean isBack =
        before != null
            && EndpointJson.config(found.path("config")).live().isLike(order.wanted().live());
    String last = before != null && isBack ? before : order.holder();
    if (last.equals(Objects.requireNonNullElse(promotion(found), ""))) {
      return;
    }
    ObjectNode changes = JsonNodeFactory.instance.objectNode();
    if (!last.isEmpty()) {
      add(changes.putArray("add_tags"), order, last);
    }
    List<String> gone = new ArrayList<>();
    Map<String, String> tags = all(found);
    for (int i = last.isEmpty() ? 1 : parts(last).size() + 1; tags.containsKey(part(i)); i++) {
      gone.add(part(i));
    }
    if (last.isEmpty()) {
      gone.add(Tags.PROMOTION);
    }
    if (!gone.isEmpty()) {
      gone.forEach(changes.putArray("delete_tags")::add);
    }
    api.ask(
        "mark endpoint " + order.endpoint(),
        () -> api.send("PATCH", ServingEndpoints.path(order.endpoint()) + "/tags", changes));
  }
}
