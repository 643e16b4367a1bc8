package dev.portage.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Candidate and champion, measured on the same data by a notebook of the commit.
 *
 * @param notebook the notebook
 * @param championVersion version of the target that it was measured against
 * @param candidate the candidate's metrics
 * @param champion the champion's metrics
 * @param problem why they could not be measured, null where they were
 */
public record Comparison(
    String notebook,
    String championVersion,
    Map<String, Double> candidate,
    Map<String, Double> champion,
    @Nullable String problem) {

  /** What a notebook has to return. */
  public static final String FORM =
      "{\"candidate\": {\"rmse\": 51.2}, \"champion\": {\"rmse\": 53.4}}";

  public Comparison {
    candidate = Map.copyOf(candidate);
    champion = Map.copyOf(champion);
  }

  /** They could not be measured. */
  public static Comparison notMade(String notebook, String championVersion, String problem) {
    return new Comparison(notebook, championVersion, Map.of(), Map.of(), problem);
  }

  /**
   * Reads what a notebook returned; empty where it is not of the form. Metrics that are no numbers
   * are left out.
   */
  public static Optional<Comparison> read(
      String notebook, String championVersion, @Nullable String exitValue) {
    try {
      JsonNode returned = Json.MAPPER.readTree(exitValue == null ? "" : exitValue);
      JsonNode candidate = returned.path("candidate");
      JsonNode champion = returned.path("champion");
      return candidate.isObject() && champion.isObject()
          ? Optional.of(
              new Comparison(
                  notebook, championVersion, metrics(candidate), metrics(champion), null))
          : Optional.empty();
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    }
  }

  private static Map<String, Double> metrics(JsonNode node) {
    Map<String, Double> metrics = new TreeMap<>();
    node.properties()
        .forEach(metric -> {
          if (metric.getValue().isNumber()) {
            metrics.put(metric.getKey(), metric.getValue().doubleValue());
          }
        });
    return metrics;
  }

  /** Made when it is first needed: most promotions evaluate by their training's metrics. */
  private static final class Json {
    private static final JsonMapper MAPPER =
        JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
  }
}
