package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes recurring shapes in MLflow's JSON. */
public final class Json {
  private Json() {}

  /** A text, empty when it is missing. */
  public static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isMissingNode() || value.isNull() ? "" : value.asText();
  }

  /** A number that may come as text, null when it is missing. */
  public static @Nullable Long number(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isIntegralNumber()) {
      return value.asLong();
    }
    if (value.isTextual() && value.asText().matches("-?\\d{1,18}")) {
      return Long.parseLong(value.asText());
    }
    return null;
  }

  /** A number, or what is given when it is missing. */
  public static long number(JsonNode node, String field, long otherwise) {
    Long value = number(node, field);
    return value == null ? otherwise : value;
  }

  /** A text as a search filter takes it: in the kind of quotes that it does not hold itself. */
  public static String quoted(String text) {
    return text.contains("'") ? "\"" + text + "\"" : "'" + text + "'";
  }

  /** Converts a list of keys and values to a map. */
  public static Map<String, String> map(JsonNode list) {
    Map<String, String> map = new LinkedHashMap<>();
    for (JsonNode entry : list) {
      map.put(text(entry, "key"), text(entry, "value"));
    }
    return map;
  }

  /** Converts a map to a list of keys and values. */
  public static ArrayNode list(ObjectNode parent, String field, Map<String, String> map) {
    ArrayNode list = parent.putArray(field);
    map.forEach((key, value) -> list.addObject().put("key", key).put("value", value));
    return list;
  }

  /** A metric's value; NaN and infinities come as words. */
  static Metric metric(JsonNode node) {
    JsonNode value = node.path("value");
    double number =
        value.isNumber()
            ? value.doubleValue()
            : switch (value.asText()) {
              case "Infinity", "inf" -> Double.POSITIVE_INFINITY;
              case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
              default -> Double.NaN;
            };
    return new Metric(
        text(node, "key"), number, number(node, "timestamp", 0), number(node, "step", 0));
  }

  /** Writes a metric the way protobuf's JSON wants NaN and infinities: as words in quotes. */
  static ObjectNode write(ArrayNode list, Metric metric) {
    ObjectNode node = list.addObject().put("key", metric.key());
    if (Double.isNaN(metric.value()) || Double.isInfinite(metric.value())) {
      node.put("value", String.valueOf(metric.value()));
    } else {
      node.put("value", metric.value());
    }
    return node.put("timestamp", metric.timestamp()).put("step", metric.step());
  }
}
