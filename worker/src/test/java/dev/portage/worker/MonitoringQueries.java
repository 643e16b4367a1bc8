package dev.portage.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The queries of the shipped alert rules and of the shipped dashboard. */
final class MonitoringQueries {

  static final Path FOLDER =
      Path.of(Objects.requireNonNull(System.getProperty("portage.root")), "deploy/monitoring");

  private static final Pattern WORD = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern MATCHER =
      Pattern.compile("([a-zA-Z_]\\w*)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
  private static final Set<String> WORDS =
      Set.of("by", "without", "and", "or", "unless", "bool", "on", "ignoring", "offset");

  private MonitoringQueries() {}

  /**
   * A selector of a query.
   *
   * @param metric its name
   * @param matchers what labels must be, by their names: the operator and the value
   * @param grouped labels that the query keeps
   */
  record Selector(String metric, Map<String, String> matchers, Set<String> grouped) {
    Selector {
      matchers = Map.copyOf(matchers);
      grouped = Set.copyOf(grouped);
    }
  }

  /** Of the alert rules, by the names of the alerts. */
  static Map<String, String> alerts() throws IOException {
    Map<String, String> queries = new TreeMap<>();
    for (JsonNode group :
        new YAMLMapper().readTree(FOLDER.resolve("alerts.yaml").toFile()).path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        queries.put(rule.path("alert").asText(), rule.path("expr").asText());
      }
    }
    return queries;
  }

  /** Of the dashboard, by the titles of the panels; Grafana's variables have values. */
  static Map<String, String> panels() throws IOException {
    Map<String, String> queries = new TreeMap<>();
    JsonNode dashboard = new ObjectMapper().readTree(FOLDER.resolve("dashboard.json").toFile());
    for (JsonNode panel : dashboard.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries.put(
            panel.path("title").asText() + " " + target.path("refId").asText(),
            target
                .path("expr")
                .asText()
                .replace("$__rate_interval", "1m")
                .replace("$__range", "1h")
                .replace("$job", "portage")
                .replace("$workspace", ".*"));
      }
    }
    for (JsonNode variable : dashboard.path("templating").path("list")) {
      Matcher values =
          Pattern.compile("label_values\\((\\w+), (\\w+)\\)")
              .matcher(variable.path("definition").asText());
      if (values.matches()) {
        queries.put(
            "variable " + variable.path("name").asText(),
            "count by (" + values.group(2) + ") (" + values.group(1) + ")");
      }
    }
    return queries;
  }

  /** The selectors of a query. */
  static List<Selector> selectors(String query) {
    Set<String> grouped = new TreeSet<>();
    Matcher by = Pattern.compile("\\bby\\s*\\(([^)]*)\\)").matcher(query);
    while (by.find()) {
      for (String label : String.valueOf(by.group(1)).split(",", -1)) {
        grouped.add(label.strip());
      }
    }
    String rest = by.replaceAll(" ");
    List<Selector> selectors = new ArrayList<>();
    int at = 0;
    Matcher word = WORD.matcher(rest);
    while (word.find(at)) {
      at = word.end();
      String metric = rest.substring(word.start(), word.end());
      char before = word.start() == 0 ? ' ' : rest.charAt(word.start() - 1);
      String after = rest.substring(at).stripLeading();
      if (before == '[' || Character.isDigit(before) || before == '.') {
        continue;
      }
      if (after.startsWith("(") || WORDS.contains(metric)) {
        continue;
      }
      Map<String, String> matchers = new TreeMap<>();
      if (after.startsWith("{")) {
        int open = rest.indexOf('{', at);
        int close = close(rest, open);
        Matcher each = MATCHER.matcher(rest.substring(open, close));
        while (each.find()) {
          matchers.put(String.valueOf(each.group(1)), each.group(2) + each.group(3));
        }
        at = close;
      }
      selectors.add(new Selector(metric, matchers, grouped));
    }
    return selectors;
  }

  /** Where a selector's braces close; values may contain some. */
  private static int close(String text, int open) {
    boolean quoted = false;
    for (int i = open; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '}' && !quoted) {
        return i + 1;
      }
    }
    throw new AssertionError("no end of a selector in " + text);
  }
}
