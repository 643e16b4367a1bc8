package dev.portage.localworkspace.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;

/** An answer of the same form with other values, as of a model that was packed wrongly. */
final class WrongAnswer {
  private WrongAnswer() {}

  static Answer of(Answer right) {
    if (right.status() != 200) {
      return right;
    }
    try {
      JsonNode body = Json.read(right.body());
      return new Answer(right.by(), right.status(), right.type(), Json.bytes(changed(body)));
    } catch (ApiRefusal notJson) {
      return right;
    }
  }

  private static JsonNode changed(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        ObjectNode other = Json.object();
        object.properties().forEach(e -> other.set(e.getKey(), changed(e.getValue())));
        yield other;
      }
      case ArrayNode list -> {
        ArrayNode other = Json.array();
        list.forEach(item -> other.add(changed(item)));
        yield other;
      }
      case BooleanNode flag -> BooleanNode.valueOf(!flag.asBoolean());
      case TextNode text -> TextNode.valueOf("not " + text.asText());
      default -> {
        if (node.isIntegralNumber()) {
          yield LongNode.valueOf(node.asLong() + 1000);
        }
        yield node.isNumber() ? DoubleNode.valueOf(-2 * node.asDouble() - 1000) : node;
      }
    };
  }
}
