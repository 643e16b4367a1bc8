package dev.portage.worker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code /metrics} answered.
 *
 * @param series in order
 */
record Scraped(List<Series> series) {

  private static final Pattern LINE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  Scraped {
    series = List.copyOf(series);
  }

  /**
   * One time series.
   *
   * @param metric its name
   * @param labels its labels
   * @param value as written
   */
  record Series(String metric, Map<String, String> labels, String value) {
    Series {
      labels = Map.copyOf(labels);
    }
  }

  /** Reads Prometheus' text format. */
  static Scraped of(String text) {
    List<Series> series = new ArrayList<>();
    text.lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .forEach(line -> {
          Matcher parts = LINE.matcher(line);
          if (!parts.matches()) {
            throw new AssertionError("not a series: " + line);
          }
          Map<String, String> labels = new HashMap<>();
          if (parts.group(2) != null) {
            Matcher label = LABEL.matcher(parts.group(2));
            while (label.find()) {
              labels.put(String.valueOf(label.group(1)), String.valueOf(label.group(2)));
            }
          }
          series.add(
              new Series(String.valueOf(parts.group(1)), labels, String.valueOf(parts.group(3))));
        });
    return new Scraped(series);
  }

  /** The series of a metric. */
  List<Series> of(MonitoringQueries.Selector selector) {
    return series.stream().filter(each -> each.metric().equals(selector.metric())).toList();
  }
}
