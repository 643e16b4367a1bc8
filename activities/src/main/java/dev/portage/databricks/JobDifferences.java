package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.job.SettingChange;
import dev.portage.text.Bounded;
import dev.portage.text.SecretNames;
import dev.portage.text.SecretShapes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings in which a job differs from the planned ones, each by its path and with both values,
 * for people to read. What a workspace adds itself reappears after each change, so it is no
 * difference; neither is what marks it as Portage's. Secrets are not shown.
 */
final class JobDifferences {

  private static final int MOST = 60;
  private static final String HIDDEN = "(hidden)";

  /** What Portage marks a job with; and what no promotion changes. */
  private static final Pattern NOT_SHOWN =
      Pattern.compile("description|tags\\.portage_.*|edit_mode|run_as(\\..*)?");

  /**
   * What a workspace fills in where nothing was sent.
   *
   * @see <a href="https://docs.databricks.com/api/workspace/jobs/get">jobs/get</a>
   */
  private static final Pattern FILLED_IN =
      Pattern.compile(
          "format|performance_target|budget_policy_id|timeout_seconds|max_concurrent_runs"
              + "|tasks\\.[^.]+\\.(run_if|performance_target|min_retry_interval_millis"
              + "|notebook_task\\.source)"
              + "|environments\\.[^.]+\\.spec\\.(client|environment_version)"
              + "|.*new_cluster\\.((aws|azure|gcp)_attributes\\..*|enable_elastic_disk"
              + "|driver_node_type_id|runtime_engine|cluster_name)");

  /** Variables of a cluster are shown by no name. */
  private static final Pattern VARIABLES = Pattern.compile("(?i)spark_env_vars\\.");

  /** A reference only says where a secret is. */
  private static final Pattern REFERENCE = Pattern.compile("\\{\\{secrets/[^{}]+}}");

  private static final Pattern INNER_SECRET =
      Pattern.compile(
          "(?i)(password|pwd|secret|token|api[_-]?key|accountkey|sig)[\"']?\\s*[=:]"
              + "|(^|,\\s)--?[\\w-]{0,60}(passw|pwd|secret|token|credential|api[_-]?key)");

  /** The API demands one of a repository in a folder of this machine, too, which has none. */
  private static final String PROVIDER = "git_source.git_provider";

  private JobDifferences() {}

  /**
   * The differences, by name.
   *
   * @param now the job's settings, null if there is no job
   * @param then the planned settings
   */
  static List<SettingChange> of(@Nullable JsonNode now, JsonNode then) {
    Map<String, String> before = now == null ? Map.of() : flat(SettingsJson.meaning(now));
    Map<String, String> after = flat(SettingsJson.meaning(then));
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    List<SettingChange> changes = new ArrayList<>();
    for (String name : names) {
      String old = before.get(name);
      String next = after.get(name);
      if (!Objects.equals(old, next)
          && !NOT_SHOWN.matcher(name).matches()
          && !(name.equals(PROVIDER) && isOfFolder(before) && isOfFolder(after))
          && !(next == null && isAdded(name, before, after))) {
        changes.add(change(name, old, next));
      }
    }
    if (changes.size() <= MOST) {
      return changes;
    }
    List<SettingChange> most = new ArrayList<>(changes.subList(0, MOST));
    most.add(new SettingChange((changes.size() - MOST) + " more settings", "…", "…"));
    return most;
  }

  private static boolean isOfFolder(Map<String, String> settings) {
    return settings.getOrDefault("git_source.git_url", "file:").startsWith("file:");
  }

  /** Whether the workspace added it: itself, or from the policy that the cluster still uses. */
  private static boolean isAdded(
      String name, Map<String, String> before, Map<String, String> after) {
    if (FILLED_IN.matcher(name).matches()) {
      return true;
    }
    int end = name.indexOf("new_cluster.");
    if (end < 0) {
      return false;
    }
    String policy = name.substring(0, end) + "new_cluster.policy_id";
    return after.containsKey(policy) && Objects.equals(after.get(policy), before.get(policy));
  }

  private static SettingChange change(String name, @Nullable String now, @Nullable String then) {
    String shownNow = shown(name, now);
    String shownThen = shown(name, then);
    return new SettingChange(
        Bounded.line(name, Bounded.NAME),
        shownNow,
        shownNow.equals(HIDDEN) && shownThen.equals(HIDDEN) ? "(hidden, another)" : shownThen);
  }

  private static String shown(String name, @Nullable String value) {
    if (value == null) {
      return SettingChange.NOTHING;
    }
    if (REFERENCE.matcher(value).matches()) {
      return value;
    }
    boolean secret =
        SecretNames.mayBeSecret(name)
            || VARIABLES.matcher(name).find()
            || INNER_SECRET.matcher(value).find()
            || SecretShapes.find(value).isPresent();
    return secret ? HIDDEN : Bounded.line(value, Bounded.NAME);
  }

  private static Map<String, String> flat(JsonNode json) {
    Map<String, String> values = new LinkedHashMap<>();
    flatten("", "", json, values);
    return values;
  }

  private static void flatten(String name, String field, JsonNode json, Map<String, String> into) {
    if (json.isObject()) {
      json.properties()
          .forEach(one ->
              flatten(
                  name.isEmpty() ? one.getKey() : name + "." + one.getKey(),
                  one.getKey(),
                  one.getValue(),
                  into));
    } else if (json.isArray()) {
      elements(name, field, json, into);
    } else if (!SettingsJson.isNothing(json)) {
      into.put(name, json.asText());
    }
  }

  /** An element is named by what distinguishes it; a list of words by its words. */
  private static void elements(String name, String field, JsonNode list, Map<String, String> into) {
    String key = SettingsJson.UNORDERED.get(field);
    int number = 0;
    List<String> words = new ArrayList<>();
    for (JsonNode element : list) {
      number++;
      String text = element.asText();
      int equals = text.indexOf('=');
      if (element.isObject()) {
        String id = key == null ? "" : element.path(key).asText();
        flatten(name + "." + (id.isEmpty() ? Integer.toString(number) : id), "", element, into);
        if (!id.isEmpty()) {
          // Its own name says nothing more.
          into.remove(name + "." + id + "." + key);
        }
      } else if (text.startsWith("--") && equals > 2) {
        into.put(name + "." + text.substring(2, equals), text.substring(equals + 1));
      } else {
        words.add(text);
      }
    }
    if (!words.isEmpty()) {
      into.put(name, String.join(", ", words));
    }
  }
}
