package dev.portage.mlflow;

import dev.portage.registry.Tags;
import dev.portage.text.Bounded;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What history keeps of a run or a version, which may hold megabytes: only what gates and pages
 * need.
 */
public final class Excerpt {
  /** In addition to those that gates name. */
  private static final int METRICS = 50;

  private static final int PARAMS = 30;
  private static final int TAGS = 30;
  private static final int CHARACTERS = 250;

  /** Of our own tags, of which the lineage is the longest. */
  private static final int OUR_CHARACTERS = 20_000;

  private static final String OURS = Tags.PROMOTION.substring(0, Tags.PROMOTION.indexOf('_') + 1);

  private Excerpt() {}

  /**
   * Last values of metrics.
   *
   * @param wanted those that are kept in any case, if they were logged; null for none
   */
  static Map<String, Double> metrics(List<Metric> all, @Nullable List<String> wanted) {
    Set<String> names = wanted == null ? Set.of() : new HashSet<>(wanted);
    Map<String, Double> kept = new LinkedHashMap<>();
    for (Metric metric : all) {
      if (names.contains(metric.key())) {
        kept.put(metric.key(), metric.value());
      }
    }
    all.stream()
        .filter(metric -> !names.contains(metric.key()))
        .sorted(Comparator.comparing(Metric::key))
        .limit(METRICS)
        .forEach(metric -> kept.put(metric.key(), metric.value()));
    return kept;
  }

  /** Params, the first by name. */
  static Map<String, String> params(Map<String, String> all) {
    Map<String, String> kept = new LinkedHashMap<>();
    all.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .limit(PARAMS)
        .forEach(param -> kept.put(param.getKey(), Bounded.text(param.getValue(), CHARACTERS)));
    return kept;
  }

  /** Tags of a version: Portage's own, and the first others by name. */
  public static Map<String, String> tags(Map<String, String> all) {
    Map<String, String> kept = new LinkedHashMap<>();
    all.forEach((key, value) -> {
      if (key.startsWith(OURS)) {
        kept.put(key, Bounded.text(value, OUR_CHARACTERS));
      }
    });
    all.entrySet().stream()
        .filter(tag -> !tag.getKey().startsWith(OURS))
        .sorted(Map.Entry.comparingByKey())
        .limit(TAGS)
        .forEach(tag -> kept.put(tag.getKey(), Bounded.text(tag.getValue(), CHARACTERS)));
    return kept;
  }

  /** A name as long as people read it. */
  static String name(String text) {
    return Bounded.text(text, CHARACTERS);
  }
}
