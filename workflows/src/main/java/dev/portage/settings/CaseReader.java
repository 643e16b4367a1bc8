package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.portage.document.Nearest;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the requests of a smoke test, and refuses those that no endpoint takes. */
final class CaseReader {

  /** What Databricks takes as one request. */
  private static final List<String> FORMS =
      List.of("dataframe_split", "dataframe_records", "instances", "inputs");

  /** What pandas makes a table of. */
  private static final List<String> OF_SPLIT = List.of("columns", "index", "data");

  private static final Pattern NON_FINITE =
      Pattern.compile("NaN|[-+]?Infinity|\\.(nan|NaN|NAN)|[-+]?\\.(inf|Inf|INF)");

  private final YamlDocument document;
  private final List<ValidationError> errors;
  private final double tolerance;
  private final @Nullable Duration latency;

  /**
   * @param tolerance of a case without one
   * @param latency of a case without one; null for none
   */
  CaseReader(
      YamlDocument document,
      List<ValidationError> errors,
      double tolerance,
      @Nullable Duration latency) {
    this.document = document;
    this.errors = errors;
    this.tolerance = tolerance;
    this.latency = latency;
  }

  /**
   * Those of a list that the schema allows.
   *
   * @param pointer of the list
   */
  List<ServeCase> read(String pointer) {
    JsonNode list = document.root().at(pointer);
    List<ServeCase> cases = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; list.isArray() && i < list.size(); i++) {
      JsonNode one = list.path(i);
      String at = pointer + "/" + i;
      String name = one.path("name").asText("case " + (i + 1));
      checkRequest(one.path("request"), at + "/request", name);
      JsonNode answer = answer(one, at, name);
      if (answer == null && one.has("tolerance") && document.knows(at + "/answer")) {
        report(
            at + "/tolerance",
            name + " has a tolerance, but no answer to compare with",
            "both, or neither");
      }
      if (!names.add(name)) {
        report(at, "two cases are named " + name, "a name of its own for each");
      }
      cases.add(
          new ServeCase(
              name,
              one.path("request"),
              answer,
              one.path("tolerance").asDouble(tolerance),
              latency(one, at, name)));
    }
    return cases;
  }

  private @Nullable Duration latency(JsonNode one, String at, String name) {
    if (!one.has("latency")) {
      return latency;
    }
    Duration own = WrittenLatency.read(one.path("latency").asText());
    if (own.isZero()) {
      report(at + "/latency", "the latency of " + name + " must be greater than zero", "200ms");
    }
    return own;
  }

  /** Predictions alone are what an answer has under that name. */
  private @Nullable JsonNode answer(JsonNode one, String at, String name) {
    JsonNode answer = one.path("answer");
    if (answer.isMissingNode()) {
      return null;
    }
    if (answer.isObject()) {
      if (answer.isEmpty()) {
        report(
            at + "/answer",
            "the answer of " + name + " is an empty map, which every answer is like",
            "what must come back, such as { predictions: [0.31] }");
      }
      return answer;
    }
    if (answer.isArray() && answer.isEmpty()) {
      report(
          at + "/answer",
          "the answer of " + name + " is an empty list, which no answer is like",
          "the predictions that must come back, such as [0.31]");
    }
    return JsonNodeFactory.instance
        .objectNode()
        .set(
            "predictions",
            answer.isArray() ? answer : JsonNodeFactory.instance.arrayNode().add(answer));
  }

  private void checkRequest(JsonNode request, String at, String name) {
    List<String> forms = FORMS.stream().filter(request::has).toList();
    if (forms.size() != 1) {
      report(
          at,
          "the request of " + name + " is none that an endpoint takes",
          "exactly one of " + String.join(", ", FORMS));
      return;
    }
    String form = forms.getFirst();
    JsonNode rows = request.path(form);
    String inner = at + "/" + form;
    switch (form) {
      case "dataframe_split" -> checkSplit(rows, inner, name);
      case "dataframe_records" -> {
        if (!rows.isArray() || rows.isEmpty() || !all(rows, CaseReader::isRecord)) {
          report(
              inner, "the rows of " + name + " are no list of maps with values", "[{ age: 41 }]");
        }
      }
      default -> {
        if (rows.isNull() || (rows.isContainerNode() && rows.isEmpty())) {
          report(inner, "the " + form + " of " + name + " are empty", "what is asked about");
        }
      }
    }
    refuseNonFinite(rows, inner, name);
  }

  private void checkSplit(JsonNode split, String at, String name) {
    for (Map.Entry<String, JsonNode> field : split.properties()) {
      if (!OF_SPLIT.contains(field.getKey())) {
        errors.add(
            document.error(
                at + "/" + YamlDocument.escape(field.getKey()),
                "the dataframe_split of " + name + " has \"" + field.getKey() + "\"",
                String.join(", ", OF_SPLIT),
                Nearest.question(field.getKey(), OF_SPLIT)));
        return;
      }
    }
    JsonNode data = split.path("data");
    if (!data.isArray() || data.isEmpty() || !all(data, row -> row.isArray() && !row.isEmpty())) {
      report(
          at,
          "the dataframe_split of " + name + " has no rows in data",
          "{ columns: [age], data: [[41]] }");
      return;
    }
    JsonNode named = split.path("columns");
    if (!named.isMissingNode() && (!named.isArray() || named.isEmpty())) {
      report(
          at + "/columns",
          "the columns of " + name + " are no list of names",
          "{ columns: [age], data: [[41]] }");
      return;
    }
    JsonNode index = split.path("index");
    if (!index.isMissingNode() && index.size() != data.size()) {
      report(
          at + "/index",
          "the index of "
              + name
              + " has "
              + counted(index.size(), "value")
              + " for "
              + counted(data.size(), "row"),
          "one value for each row, or no index");
      return;
    }
    int columns = named.isMissingNode() ? data.path(0).size() : named.size();
    for (int i = 0; i < data.size(); i++) {
      if (data.path(i).size() != columns) {
        report(
            at + "/data/" + i,
            "row "
                + (i + 1)
                + " of "
                + name
                + " has "
                + counted(data.path(i).size(), "value")
                + " for "
                + counted(columns, "column"),
            "one value for each column; null for a missing one");
        return;
      }
    }
  }

  /** JSON has no such numbers, so the endpoint would get a text. */
  private void refuseNonFinite(JsonNode node, String at, String name) {
    if (isNonFinite(node)) {
      report(
          at,
          "the request of " + name + " has " + node.asText() + ", which no endpoint takes",
          "null for a missing value");
      return;
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      refuseNonFinite(field.getValue(), at + "/" + YamlDocument.escape(field.getKey()), name);
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      refuseNonFinite(node.path(i), at + "/" + i, name);
    }
  }

  /**
   * Whether a value is no number that JSON has, or is too large for one that a model computes with.
   */
  static boolean isNonFinite(JsonNode node) {
    return node.isTextual()
        ? NON_FINITE.matcher(node.asText()).matches()
        : node.isNumber() && !Double.isFinite(node.doubleValue());
  }

  private static String counted(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static boolean isRecord(JsonNode row) {
    return row.isObject() && !row.isEmpty();
  }

  private static boolean all(JsonNode list, Predicate<JsonNode> kind) {
    for (JsonNode one : list) {
      if (!kind.test(one)) {
        return false;
      }
    }
    return true;
  }

  private void report(String pointer, String what, String allowed) {
    errors.add(document.error(pointer, what, allowed, null));
  }
}
