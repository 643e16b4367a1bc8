package dev.portage.databricks;

import dev.portage.serving.MetricsSample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The metrics that an endpoint exports as text. Their traps: series that end in {@code _total} are
 * gauges of the last minute; a line may end in a timestamp, so the value is the first word behind
 * the labels; histograms may be missing; and what is missing is not 0.
 *
 * @see <a
 *     href="https://docs.databricks.com/en/machine-learning/model-serving/metrics-export-serving-endpoint.html">
 *     Export endpoint health metrics</a>
 */
final class MetricsText {
  private static final Pattern LABEL =
      Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*,?");

  private static final Pattern NAME = Pattern.compile("^([A-Za-z_:][A-Za-z0-9_:.]*)");

  private static final String REQUESTS = "request_count_total";
  private static final String FAILED = "request_5xx_count_total";
  private static final String REFUSED = "request_4xx_count_total";
  private static final String LATENCY = "request_latency_ms_bucket";
  private static final double SLOW = 0.95;

  private MetricsText() {}

  /** One line. */
  private record Sample(String name, Map<String, String> labels, double value) {

    boolean isOf(String served) {
      return labels.containsValue(served);
    }
  }

  /** None could be read. */
  static MetricsSample none(String why) {
    return new MetricsSample(null, null, null, null, false, why);
  }

  /**
   * What a text says.
   *
   * @param served name of a served version: if a series has it as a label, only that one counts
   */
  static MetricsSample read(String text, String served) {
    List<Sample> all = new ArrayList<>();
    text.lines().forEach(line -> sample(line).ifPresent(all::add));
    List<Sample> own = all.stream().filter(sample -> sample.isOf(served)).toList();
    boolean ofVersion = own.stream().anyMatch(sample -> sample.name().equals(REQUESTS));
    boolean splits = splitsByVersion(all);
    if (splits && !ofVersion) {
      return new MetricsSample(
          null, null, null, null, true, "the metrics do not show the version yet");
    }
    List<Sample> counted = ofVersion ? own : all;
    Double requests = sum(counted, REQUESTS);
    Double failed = sum(counted, FAILED);
    Double slow = slow(counted);
    List<String> absent = new ArrayList<>();
    if (requests == null) {
      absent.add("the metrics have no " + REQUESTS);
    }
    if (failed == null) {
      absent.add("the metrics have no " + FAILED);
    }
    if (slow == null) {
      absent.add("the metrics have no latency");
    }
    return new MetricsSample(
        requests,
        failed,
        sum(counted, REFUSED),
        slow,
        ofVersion,
        absent.isEmpty() ? null : String.join(", ", absent));
  }

  /** Whether series are told apart by served version, so that one without lines had no request. */
  private static boolean splitsByVersion(List<Sample> all) {
    return all.stream()
        .filter(sample -> sample.name().equals(REQUESTS))
        .anyMatch(sample ->
            sample.labels().containsKey("served_model_name")
                || sample.labels().containsKey("served_entity_name"));
  }

  private static @Nullable Double sum(List<Sample> samples, String name) {
    List<Sample> series = samples.stream().filter(one -> one.name().equals(name)).toList();
    return series.isEmpty() ? null : series.stream().mapToDouble(Sample::value).sum();
  }

  /** By the histogram: within its bucket, evenly spread; above the last bound, that bound. */
  private static @Nullable Double slow(List<Sample> samples) {
    TreeMap<Double, Double> buckets = new TreeMap<>();
    for (Sample sample : samples) {
      String bound = sample.labels().get("le");
      if (sample.name().equals(LATENCY) && bound != null) {
        number(bound).ifPresent(le -> buckets.merge(le, sample.value(), Double::sum));
      }
    }
    Map.@Nullable Entry<Double, Double> all = buckets.lastEntry();
    if (all == null || all.getValue() <= 0) {
      return null;
    }
    double wanted = SLOW * all.getValue();
    double lower = 0;
    double below = 0;
    for (Map.Entry<Double, Double> bucket : buckets.entrySet()) {
      double upper = bucket.getKey();
      double count = bucket.getValue();
      if (count >= wanted) {
        if (Double.isInfinite(upper)) {
          return lower;
        }
        return count == below
            ? upper
            : lower + (upper - lower) * (wanted - below) / (count - below);
      }
      lower = upper;
      below = count;
    }
    return lower;
  }

  private static Optional<Sample> sample(String line) {
    String text = line.strip();
    Matcher name = NAME.matcher(text);
    if (text.startsWith("#") || !name.find()) {
      return Optional.empty();
    }
    Map<String, String> labels = new HashMap<>();
    int at = name.end();
    if (at < text.length() && text.charAt(at) == '{') {
      at++;
      Matcher label = LABEL.matcher(text);
      while (at < text.length() && label.find(at) && label.start() == at) {
        labels.put(
            Objects.requireNonNullElse(label.group(1), ""),
            Objects.requireNonNullElse(label.group(2), "")
                .replace("\\\"", "\"")
                .replace("\\\\", "\\"));
        at = label.end();
      }
      int end = text.indexOf('}', at);
      if (end < 0) {
        return Optional.empty();
      }
      at = end + 1;
    }
    String[] words = text.substring(at).strip().split("\\s+", -1);
    Map<String, String> kept = Map.copyOf(labels);
    String series = String.valueOf(name.group(1));
    return number(words[0])
        .filter(value -> !value.isNaN())
        .map(value -> new Sample(series, kept, value));
  }

  private static Optional<Double> number(String word) {
    try {
      return switch (word) {
        case "+Inf", "Inf" -> Optional.of(Double.POSITIVE_INFINITY);
        case "-Inf" -> Optional.of(Double.NEGATIVE_INFINITY);
        case "" -> Optional.empty();
        default -> Optional.of(Double.parseDouble(word));
      };
    } catch (NumberFormatException none) {
      return Optional.empty();
    }
  }
}
