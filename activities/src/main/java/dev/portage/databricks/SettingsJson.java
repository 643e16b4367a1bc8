package dev.portage.databricks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares the settings of jobs as JSON, so that fields and values that the SDK doesn't know count
 * too. Lists that a workspace returns in arbitrary order are compared without order, and values
 * that it computes for clusters from a pool are ignored.
 */
final class SettingsJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Lists whose order is meaningless, by what identifies their elements. A workspace was seen to
   * return some of them in a different order than they were sent.
   */
  static final Map<String, String> UNORDERED =
      Map.of(
          "tasks", "task_key",
          "depends_on", "task_key",
          "job_clusters", "job_cluster_key",
          "environments", "environment_key",
          "parameters", "name",
          "on_start", "id",
          "on_success", "id",
          "on_failure", "id",
          "on_duration_warning_threshold_exceeded", "id",
          "on_streaming_backlog_exceeded", "id");

  private SettingsJson() {}

  /** One text for all JSON that means the same: fields in order, no blanks. */
  static String canonical(JsonNode json) {
    return sorted(json).toString();
  }

  /**
   * SHA-256 over what the settings of a job mean, in lower-case hex: equal hashes, equal
   * definitions.
   */
  static String hash(JsonNode settings) {
    return IdempotencyToken.sha256(canonical(meaning(settings)));
  }

  /**
   * Whether settings are those of a hash, also of one that was made when the order of lists and
   * what a workspace computes still counted.
   */
  static boolean is(JsonNode settings, @Nullable String hash) {
    return hash(settings).equals(hash) || IdempotencyToken.sha256(canonical(settings)).equals(hash);
  }

  /** Names of the settings in which two jobs meaningfully differ. */
  static List<String> differing(JsonNode one, JsonNode other) {
    JsonNode first = meaning(one);
    JsonNode second = meaning(other);
    TreeSet<String> names = new TreeSet<>();
    first.fieldNames().forEachRemaining(names::add);
    second.fieldNames().forEachRemaining(names::add);
    return names.stream()
        .filter(name -> !sorted(first.path(name)).equals(sorted(second.path(name))))
        .toList();
  }

  /** The settings without what is computed, and without the order of lists that says nothing. */
  static JsonNode meaning(JsonNode settings) {
    if (!(settings instanceof ObjectNode object)) {
      return settings;
    }
    ObjectNode meaning = object.deepCopy();
    PoolAdditions.remove(meaning);
    // A workspace uses it up, and never gives it back.
    PoolAdditions.clusters(meaning)
        .forEach(cluster -> cluster.remove("apply_policy_default_values"));
    order(meaning);
    return meaning;
  }

  private static void order(JsonNode json) {
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      String key = UNORDERED.get(field.getKey());
      if (key != null && field.getValue() instanceof ArrayNode list) {
        order(list, key);
      }
      order(field.getValue());
    }
    if (json.isArray()) {
      json.forEach(SettingsJson::order);
    }
  }

  /** A list of plain words, as a task's parameters, is left as it is. */
  private static void order(ArrayNode list, String key) {
    List<JsonNode> elements = new ArrayList<>();
    list.forEach(elements::add);
    if (elements.stream().allMatch(element -> element.path(key).isTextual())) {
      elements.sort(Comparator.comparing(element -> element.path(key).textValue()));
      list.removeAll();
      list.addAll(elements);
    }
  }

  /** Reads what {@link #canonical} wrote. */
  static JsonNode parse(String canonical) throws JsonProcessingException {
    return JSON.readTree(canonical);
  }

  /**
   * Whether the settings of a job contain what was requested, whatever else the workspace has
   * added. A false, zero or empty value may also be missing.
   */
  static boolean holds(JsonNode actual, JsonNode wanted) {
    return contains(meaning(actual), meaning(wanted));
  }

  private static boolean contains(JsonNode actual, JsonNode wanted) {
    if (wanted.isObject()) {
      for (Map.Entry<String, JsonNode> field : wanted.properties()) {
        if (!contains(actual.path(field.getKey()), field.getValue())) {
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
        if (!contains(actual.path(i), wanted.get(i))) {
          return false;
        }
      }
      return true;
    }
    boolean missing = actual.isMissingNode() || actual.isNull();
    return missing ? isNothing(wanted) : isSame(actual, wanted);
  }

  /** Numbers may have been read with fewer bits. */
  private static boolean isSame(JsonNode actual, JsonNode wanted) {
    return (actual.isNumber() && wanted.isNumber())
        ? actual.decimalValue().compareTo(wanted.decimalValue()) == 0
        : actual.equals(wanted);
  }

  /** Whether a value says the same as none. */
  static boolean isNothing(JsonNode value) {
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
