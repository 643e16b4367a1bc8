package dev.portage.localworkspace.models;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Shape;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Unity Catalog's rules for names, aliases, tags and filters. */
final class ModelRules {
  /**
   * Characters that no tag key may have.
   *
   * @see <a href="https://docs.databricks.com/database-objects/tags">Apply tags to Unity Catalog
   *     securable objects</a>
   */
  private static final Pattern NOT_IN_KEYS = Pattern.compile("[.,\\-=/:]|^\\s|\\s$");

  private static final int MOST_TAGS = 50;
  private static final int LONGEST_KEY = 256;
  private static final int LONGEST_VALUE = 1000;

  private static final Pattern FILTER =
      Pattern.compile("\\s*(name|run_id)\\s*=\\s*(?:'([^']*)'|\"([^\"]*)\")\\s*");

  static final Shape TAGS =
      Shape.listOf(Shape.fields().needs("key", Shape.text()).with("value", Shape.text()), 1000);

  private ModelRules() {}

  /** A three-level name, in an existing schema. */
  static String newName(String name, Set<String> schemas) {
    String[] parts = name.split("\\.", -1);
    if (parts.length != 3 || !name.matches("[^./\\s]+\\.[^./\\s]+\\.[^./\\s]{1,255}")) {
      // MLflow's client knows these words.
      throw ApiRefusal.invalidParameter(
          "'"
              + name
              + "' is not a valid name for a registered model. Please specify all three levels of"
              + " the name in the form catalog_name.schema_name.model_name");
    }
    String schema = parts[0] + "." + parts[1];
    if (schemas.stream().noneMatch(schema::equalsIgnoreCase)) {
      throw ApiRefusal.notFound(
          "RESOURCE_DOES_NOT_EXIST", "Schema '" + schema + "' does not exist.");
    }
    return plain(name);
  }

  /**
   * A name as the catalog stores it, however it is written.
   *
   * @see <a href="https://docs.databricks.com/sql/language-manual/sql-ref-names">Names</a>
   */
  static String plain(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** An alias; the rules are MLflow's own, in mlflow/utils/validation.py. */
  static String alias(String alias) {
    if (!alias.matches("[\\w-]{1,255}") || alias.matches("(?i)v\\d+|latest")) {
      throw ApiRefusal.invalidParameter(
          "Invalid alias name: '"
              + alias
              + "'. It must consist of letters, digits, - and _, and be neither 'latest' nor a version such as 'v1'");
    }
    return alias;
  }

  /** The tags with one more. */
  static Map<String, String> tagged(Map<String, String> tags, String key, @Nullable String value) {
    String text = value == null ? "" : value;
    if (key.isEmpty() || key.length() > LONGEST_KEY || NOT_IN_KEYS.matcher(key).find()) {
      throw ApiRefusal.invalidParameter(
          "Tag key '"
              + key
              + "' is not allowed: it must have 1 to "
              + LONGEST_KEY
              + " characters, without . , - = / : or leading and trailing spaces");
    }
    if (text.length() > LONGEST_VALUE) {
      throw ApiRefusal.invalidParameter(
          "The value of tag '" + key + "' has more than " + LONGEST_VALUE + " characters");
    }
    Map<String, String> more = new TreeMap<>(tags);
    more.put(key, text);
    if (more.size() > MOST_TAGS) {
      throw ApiRefusal.invalidParameter("There can be no more than " + MOST_TAGS + " tags");
    }
    return more;
  }

  /** The tags of a body. */
  static Map<String, String> tags(JsonNode body) {
    Map<String, String> tags = new TreeMap<>();
    for (JsonNode tag : Json.list(body, "tags")) {
      tags = tagged(tags, tag.get("key").asText(), Json.text(tag, "value"));
    }
    return tags;
  }

  /**
   * The filter of a search for versions.
   *
   * @param field {@code name} or {@code run_id}
   */
  record Filter(String field, String value) {
    boolean takes(RegisteredModel model, ModelVersion version) {
      return field.equals("name")
          ? model.name().equals(plain(value))
          : value.equals(version.runId());
    }
  }

  /**
   * Reads a filter; null where there is none. Unity Catalog knows one condition on one of two
   * fields, as search_model_versions in MLflow's rest_store.py says.
   */
  static @Nullable Filter filter(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    Matcher matcher = FILTER.matcher(text);
    if (!matcher.matches()) {
      throw ApiRefusal.invalidParameter(
          "Unsupported filter '"
              + text
              + "': allowed are name = '<model name>' and run_id = '<run id>'");
    }
    String value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
    return new Filter(String.valueOf(matcher.group(1)), String.valueOf(value));
  }
}
