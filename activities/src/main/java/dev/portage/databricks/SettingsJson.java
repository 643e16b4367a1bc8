package dev.portage.databricks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares the settings of jobs as JSON, so that also fields and words count which the SDK does not
 * know.
 */
final class SettingsJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SettingsJson() {}

  /** One text for all JSON that means the same: fields in order, no blanks. */
  static String canonical(JsonNode json) {
    return sorted(json).toString();
  }

  /** SHA-256 of the canonical text, in lower-case hex. */
  static String hash(JsonNode json) {
    return IdempotencyToken.sha256(canonical(json));
  }

  /** Reads what {@link #canonical} wrote. */
  static JsonNode parse(String canonical) throws JsonProcessingException {
    return JSON.readTree(canonical);
  }

  /**
   * Whether the settings of a job are what was wanted, whatever else the workspace has added to
   * them. A false, zero or empty value may also be left out.
   */
  static boolean holds(JsonNode actual, JsonNode wanted) {
    if (wanted.isObject()) {
      for (Map.Entry<String, JsonNode> field : wanted.properties()) {
        if (!holds(actual.path(field.getKey()), field.getValue())) {
          return false;
        }
      }
      return actual.isObject() || wanted.isEmpty();
    }
    if (wanted.isArray()) {
      if (actual.size() != wanted.size()) {
        return false;
      }
      for (int i = 0; i < wanted.size(); i++) {
        if (!holds(actual.path(i), wanted.get(i))) {
          return false;
        }
      }
      return true;
    }
    boolean missing = actual.isMissingNode() || actual.isNull();
    return missing ? isNothing(wanted) : actual.equals(wanted);
  }

  private static boolean isNothing(JsonNode value) {
    return value.isNull()
        || (value.isBoolean() && !value.booleanValue())
        || (value.isNumber() && value.decimalValue().signum() == 0)
        || (value.isTextual() && value.textValue().isEmpty());
  }

  private static JsonNode sorted(JsonNode json) {
    if (json.isObject()) {
      TreeMap<String, JsonNode> fields = new TreeMap<>();
      json.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      fields.forEach((name, value) -> object.set(name, sorted(value)));
      return object;
    }
    if (json.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      json.forEach(element -> array.add(sorted(element)));
      return array;
    }
    return json;
  }
}
