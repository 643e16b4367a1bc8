package dev.portage.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The placeholders in the settings of a team's scoring job, in braces as in {@code
 * batch.parameters}. Databricks' own <code>{{job.run_id}}</code> and a bundle's <code>${var.x}
 * </code> are none.
 */
public final class JobPlaces {
  /** Full name of the registered model. */
  public static final String MODEL = "model";

  /** The alias or stage of the champion. */
  public static final String ALIAS = "alias";

  /** The promotion's commit, 40 hexadecimal digits. */
  public static final String COMMIT = "commit";

  /** Id of the instance pool of a name: <code>{pool:ml-small}</code>. */
  public static final String POOL = "pool:";

  /** Id of the cluster policy of a name: <code>{policy:standard}</code>. */
  public static final String POLICY = "policy:";

  /**
   * Folder of {@code promotion.yaml} in the repository, with a slash behind it unless it is the
   * top. Not for files: it is put before the relative paths of a bundle.
   */
  public static final String FOLDER = "folder";

  /** What differs between the runs of one job. */
  static final Set<String> OF_A_RUN = Set.of(ScoringValues.TABLE, ScoringValues.BATCH);

  /** What a run is given. */
  static final Set<String> GIVEN =
      Set.of(
          ScoringValues.MODEL_URI,
          ScoringValues.MODEL_VERSION,
          ScoringValues.TABLE,
          ScoringValues.BATCH,
          ScoringValues.PROMOTION);

  /** All names that files may use, those with a colon apart. */
  static final Set<String> NAMES = new TreeSet<>(Set.of(MODEL, ALIAS, COMMIT));

  static {
    NAMES.addAll(GIVEN);
  }

  private static final Pattern PLACE =
      Pattern.compile("(?<![{$])\\{([A-Za-z_][^{}\"]{0,300})}(?!})");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private JobPlaces() {}

  /** Reads settings that Portage wrote. */
  static JsonNode settings(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("settings of a job are kept as JSON", e);
    }
  }

  /** The names in a text, in order. */
  static List<String> in(String text) {
    return PLACE.matcher(text).results().map(place -> String.valueOf(place.group(1))).toList();
  }

  /** Whether a text has the place of one of these values. */
  static boolean has(String text, Collection<String> names) {
    return in(text).stream().anyMatch(names::contains);
  }

  /** Whether a name is that of a pool or policy of a name. */
  static boolean isNamedThing(String name) {
    return Stream.of(POOL, POLICY)
        .anyMatch(kind -> name.startsWith(kind) && !name.substring(kind.length()).isBlank());
  }

  /**
   * The same text with values in their places; a place without a value stays.
   *
   * @param values by name; pools and policies as {@code pool:NAME}
   */
  static String filled(String text, Map<String, String> values) {
    return PLACE
        .matcher(text)
        .replaceAll(
            place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), place.group())));
  }

  /** The same settings with values in their places. */
  public static JsonNode filled(JsonNode settings, Map<String, String> values) {
    return changed(settings, text -> filled(text, values));
  }

  /** Names of the pools and policies that settings name, as {@code pool:ml-small}, in order. */
  public static Set<String> namedThings(JsonNode settings) {
    Set<String> named = new TreeSet<>();
    changed(
        settings,
        text -> {
          in(text).stream().filter(JobPlaces::isNamedThing).forEach(named::add);
          return text;
        });
    return named;
  }

  private static JsonNode changed(JsonNode node, UnaryOperator<String> change) {
    if (node.isTextual()) {
      return TextNode.valueOf(change.apply(node.textValue()));
    }
    if (node.isObject()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      node.properties()
          .forEach(field -> object.set(field.getKey(), changed(field.getValue(), change)));
      return object;
    }
    if (node.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      node.forEach(element -> array.add(changed(element, change)));
      return array;
    }
    return node;
  }
}
