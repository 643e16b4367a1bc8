package dev.portage.localworkspace.pools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A cluster policy: which values a cluster's attributes may have, and which defaults they get.
 *
 * @param name its name, unique in the workspace
 * @param id its id
 * @param definition JSON, as the API has it
 * @see <a href="https://docs.databricks.com/aws/en/admin/clusters/policy-definition">Policy
 *     definitions</a>
 */
public record ClusterPolicy(String name, String id, String definition) {
  private static final Set<String> TYPES =
      Set.of("fixed", "forbidden", "allowlist", "blocklist", "regex", "range", "unlimited");

  /** Attributes of other clusters than those of jobs, and one that only a cloud could compute. */
  private static final Set<String> NOT_HERE =
      Set.of("autotermination_minutes", "cluster_name", "dbus_per_hour");

  private static final Set<String> NUMBERS =
      Set.of("num_workers", "autoscale.min_workers", "autoscale.max_workers");

  private static final List<String> MAPS = List.of("spark_conf", "spark_env_vars", "custom_tags");

  /** Refuses a definition that is none. */
  public ClusterPolicy {
    for (Map.Entry<String, JsonNode> rule : rules(definition).properties()) {
      String type = rule.getValue().path("type").asText();
      if (!TYPES.contains(type)) {
        throw new IllegalArgumentException(
            "Policy " + name + " has the unknown type '" + type + "' at " + rule.getKey());
      }
    }
  }

  private static JsonNode rules(String definition) {
    return Json.read(definition.getBytes(StandardCharsets.UTF_8));
  }

  /** As the API gives it. */
  ObjectNode json() {
    return Json.object()
        .put("policy_id", id)
        .put("name", name)
        .put("definition", definition)
        .put("is_default", false);
  }

  /**
   * Gives a cluster the values that it left out.
   *
   * @param defaults whether default values count in addition to fixed ones
   */
  void fill(ObjectNode cluster, boolean defaults) {
    for (Map.Entry<String, JsonNode> entry : rules(definition).properties()) {
      JsonNode rule = entry.getValue();
      JsonNode value =
          rule.path("type").asText().equals("fixed")
              ? rule.path("value")
              : defaults ? rule.path("defaultValue") : Json.object().path("none");
      String attribute = entry.getKey();
      if (!value.isMissingNode()
          && !NOT_HERE.contains(attribute)
          && !attribute.equals("cluster_type")
          && !attribute.contains("*")
          && at(cluster, attribute).isMissingNode()
          && !isOtherWayToSay(cluster, attribute)) {
        set(cluster, attribute, value);
      }
    }
  }

  /** A number of workers and a range of it exclude each other, as do a pool and a node type. */
  private static boolean isOtherWayToSay(ObjectNode cluster, String attribute) {
    return (attribute.equals("num_workers") && cluster.has("autoscale"))
        || (attribute.startsWith("autoscale.") && cluster.has("num_workers"))
        || (attribute.endsWith("node_type_id") && cluster.has("instance_pool_id"));
  }

  private static void set(ObjectNode cluster, String attribute, JsonNode value) {
    List<String> path = path(attribute);
    ObjectNode holder = cluster;
    for (String part : path.subList(0, path.size() - 1)) {
      holder = holder.withObjectProperty(part);
    }
    JsonNode set = value;
    if (NUMBERS.contains(attribute)) {
      set = Json.object().put("n", value.asLong()).path("n");
    } else if (MAPS.contains(path.getFirst())) {
      set = Json.object().put("t", value.asText()).path("t");
    }
    holder.set(path.getLast(), set);
  }

  /**
   * Checks a cluster that was filled.
   *
   * @throws ApiRefusal the first attribute that the policy does not allow
   */
  void check(JsonNode cluster) {
    for (Map.Entry<String, JsonNode> entry : rules(definition).properties()) {
      String attribute = entry.getKey();
      if (NOT_HERE.contains(attribute) || attribute.contains("*")) {
        continue;
      }
      JsonNode value =
          attribute.equals("cluster_type")
              ? Json.object().put("t", "job").path("t")
              : at(cluster, attribute);
      String must = must(entry.getValue(), attribute, cluster, value);
      if (must != null) {
        throw ApiRefusal.invalidParameter(
            "Cluster validation error: Validation failed for "
                + attribute
                + ", the value "
                + must
                + (value.isValueNode() ? " (is \"" + value.asText() + "\")" : ""));
      }
    }
  }

  private static @Nullable String must(
      JsonNode rule, String attribute, JsonNode cluster, JsonNode value) {
    String type = rule.path("type").asText();
    if (!value.isValueNode()) {
      boolean needed =
          MAPS.stream().anyMatch(map -> attribute.startsWith(map + "."))
              || attribute.equals("spark_version")
              || (attribute.equals("node_type_id") && !cluster.has("instance_pool_id"));
      return needed && !type.equals("forbidden") && !rule.path("isOptional").asBoolean(false)
          ? "must be present"
          : null;
    }
    String text = value.asText();
    return switch (type) {
      case "forbidden" -> "cannot be present";
      case "fixed" ->
          means(rule.path("value").asText(), text, attribute)
              ? null
              : "must be " + rule.path("value").asText();
      case "allowlist" ->
          isAny(rule, text, attribute) ? null : "must be in " + texts(rule.path("values"));
      case "blocklist" ->
          isAny(rule, text, attribute) ? "must not be in " + texts(rule.path("values")) : null;
      case "regex" ->
          text.matches(rule.path("pattern").asText())
              ? null
              : "must match " + rule.path("pattern").asText();
      case "range" -> range(rule, new BigDecimal(text));
      default -> null;
    };
  }

  private static boolean isAny(JsonNode rule, String text, String attribute) {
    for (JsonNode value : rule.path("values")) {
      if (means(value.asText(), text, attribute)) {
        return true;
      }
    }
    return false;
  }

  /** A runtime may be named by a word that moves with what is on offer. */
  private static boolean means(String wanted, String text, String attribute) {
    return wanted.equals(text)
        || (attribute.equals("spark_version") && text.equals(Runtimes.resolve(wanted)));
  }

  private static @Nullable String range(JsonNode rule, BigDecimal value) {
    JsonNode least = rule.path("minValue");
    JsonNode most = rule.path("maxValue");
    if (!least.isMissingNode() && value.compareTo(least.decimalValue()) < 0) {
      return "must be greater than or equal to " + least.asText();
    }
    return !most.isMissingNode() && value.compareTo(most.decimalValue()) > 0
        ? "must be less than or equal to " + most.asText()
        : null;
  }

  private static List<String> texts(JsonNode values) {
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(value.asText()));
    return texts;
  }

  private static JsonNode at(JsonNode cluster, String attribute) {
    JsonNode node = cluster;
    for (String part : path(attribute)) {
      node = node.path(part);
    }
    return node;
  }

  /** Keys of maps may hold dots. */
  private static List<String> path(String attribute) {
    for (String map : MAPS) {
      if (attribute.startsWith(map + ".")) {
        return List.of(map, attribute.substring(map.length() + 1));
      }
    }
    return List.of(attribute.split("\\.", -1));
  }
}
