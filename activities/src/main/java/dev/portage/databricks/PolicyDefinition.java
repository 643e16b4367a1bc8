package dev.portage.databricks;

import com.databricks.sdk.service.compute.Policy;
import com.databricks.sdk.service.compute.SparkVersion;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a cluster policy. What Portage can't know, such as the cost per hour, is left to the
 * workspace.
 *
 * @see <a href="https://docs.databricks.com/aws/en/admin/clusters/policy-definition">Policy
 *     definitions</a>
 */
final class PolicyDefinition {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Their keys may hold dots. */
  private static final List<String> MAPS =
      List.of("spark_conf.", "spark_env_vars.", "custom_tags.");

  /** Not attributes that a job's cluster could say, or not known from here. */
  private static final Set<String> LEFT_OUT =
      Set.of("dbus_per_hour", "cluster_name", "autotermination_minutes");

  private final JsonNode rules;

  private PolicyDefinition(JsonNode rules) {
    this.rules = rules;
  }

  /** What a policy says; nothing where its definition can't be read. */
  static PolicyDefinition of(Policy policy) {
    String text = policy.getDefinition();
    try {
      JsonNode rules = text == null ? null : JSON.readTree(text);
      return new PolicyDefinition(rules == null ? JsonNodeFactory.instance.objectNode() : rules);
    } catch (JsonProcessingException _) {
      return new PolicyDefinition(JsonNodeFactory.instance.objectNode());
    }
  }

  /**
   * An attribute that is not as the policy wants it.
   *
   * @param attribute as {@code node_type_id}
   * @param asked the requested value, null for none
   * @param allowed what may be requested
   */
  record Refusal(String attribute, @Nullable String asked, String allowed) {
    String text() {
      return attribute
          + (asked == null ? " is missing" : " " + asked + " is not allowed")
          + "; allowed: "
          + allowed;
    }
  }

  /** Whether the policy gives the attribute a value where a cluster leaves it out. */
  boolean decides(String attribute) {
    JsonNode rule = rules.path(attribute);
    return rule.path("type").asText().equals("fixed") || rule.has("defaultValue");
  }

  /** The value that it gives an attribute, null for none. */
  @Nullable String decided(String attribute) {
    JsonNode rule = rules.path(attribute);
    JsonNode value = rule.has("value") ? rule.path("value") : rule.path("defaultValue");
    return value.isMissingNode() ? null : value.asText();
  }

  /** What of a job's cluster it refuses, as the policy has it in order. */
  List<Refusal> refusals(JsonNode cluster, Collection<SparkVersion> runtimes) {
    List<Refusal> refusals = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : rules.properties()) {
      String attribute = entry.getKey();
      if (LEFT_OUT.contains(attribute) || attribute.contains("*")) {
        continue;
      }
      JsonNode asked = asked(cluster, attribute);
      String allowed =
          asked.isValueNode() && !asked.isNull()
              ? allowedInstead(entry.getValue(), attribute, asked.asText(), runtimes)
              : allowedIfMissing(entry.getValue(), attribute, cluster);
      if (allowed != null) {
        refusals.add(
            new Refusal(attribute, asked.isMissingNode() ? null : asked.asText(), allowed));
      }
    }
    return refusals;
  }

  private static JsonNode asked(JsonNode cluster, String attribute) {
    if (attribute.equals("cluster_type")) {
      return JsonNodeFactory.instance.textNode("job");
    }
    for (String map : MAPS) {
      if (attribute.startsWith(map)) {
        return cluster
            .path(map.substring(0, map.length() - 1))
            .path(attribute.substring(map.length()));
      }
    }
    JsonNode asked = cluster;
    for (String part : attribute.split("\\.", -1)) {
      asked = asked.path(part);
    }
    return asked;
  }

  /** What would be allowed in place of a value; null where the value is. */
  private static @Nullable String allowedInstead(
      JsonNode rule, String attribute, String asked, Collection<SparkVersion> runtimes) {
    boolean fits =
        switch (rule.path("type").asText()) {
          case "fixed" -> isAny(List.of(rule.path("value")), attribute, asked, runtimes, true);
          case "forbidden" -> false;
          case "allowlist" -> isAny(rule.path("values"), attribute, asked, runtimes, true);
          case "blocklist" -> !isAny(rule.path("values"), attribute, asked, runtimes, false);
          case "regex" -> matches(rule.path("pattern").asText(), asked);
          case "range" -> isInRange(rule, asked);
          default -> true;
        };
    return fits ? null : allowed(rule);
  }

  /** Attributes that a policy only limits must be there, unless it says that they need not. */
  private static @Nullable String allowedIfMissing(
      JsonNode rule, String attribute, JsonNode cluster) {
    boolean isGiven =
        rule.path("isOptional").asBoolean(false)
            || rule.has("defaultValue")
            || List.of("fixed", "forbidden").contains(rule.path("type").asText());
    boolean mustBeThere =
        MAPS.stream().anyMatch(attribute::startsWith)
            || attribute.equals("spark_version")
            || (attribute.equals("node_type_id") && !cluster.has("instance_pool_id"));
    return isGiven || !mustBeThere ? null : allowed(rule);
  }

  private static String allowed(JsonNode rule) {
    return switch (rule.path("type").asText()) {
      case "fixed" -> rule.path("value").asText() + " only, which the policy fixes";
      case "forbidden" -> "none: the policy forbids the attribute";
      case "allowlist" -> list(rule.path("values"));
      case "blocklist" -> "any but " + list(rule.path("values"));
      case "regex" -> "what matches " + rule.path("pattern").asText();
      case "range" ->
          rule.has("minValue") && rule.has("maxValue")
              ? rule.path("minValue").asText() + " to " + rule.path("maxValue").asText()
              : rule.has("minValue")
                  ? rule.path("minValue").asText() + " or more"
                  : rule.path("maxValue").asText() + " or less";
      default -> "any value";
    };
  }

  private static String list(JsonNode values) {
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(value.asText()));
    return String.join(", ", texts);
  }

  /**
   * Whether a value is one of those.
   *
   * @param unknown the answer where a runtime is named by a word whose meaning isn't known here
   */
  private static boolean isAny(
      Iterable<JsonNode> values,
      String attribute,
      String asked,
      Collection<SparkVersion> runtimes,
      boolean unknown) {
    for (JsonNode value : values) {
      Boolean is =
          attribute.equals("spark_version")
              ? Runtimes.means(value.asText(), asked, runtimes)
              : Boolean.valueOf(value.asText().equals(asked));
      if (is == null ? unknown : is) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String pattern, String asked) {
    try {
      return Pattern.compile(pattern).matcher(asked).matches();
    } catch (PatternSyntaxException _) {
      return true;
    }
  }

  private static boolean isInRange(JsonNode rule, String asked) {
    BigDecimal value;
    try {
      value = new BigDecimal(asked);
    } catch (NumberFormatException _) {
      return false;
    }
    return (!rule.has("minValue") || value.compareTo(rule.path("minValue").decimalValue()) >= 0)
        && (!rule.has("maxValue") || value.compareTo(rule.path("maxValue").decimalValue()) <= 0);
  }
}
