package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what the predictions must look like, and refuses rules that nothing can keep. */
final class RulesReader {
  private static final String RULES = "/batch/rules";

  private final YamlDocument document;
  private final List<ValidationError> errors;

  RulesReader(YamlDocument document, List<ValidationError> errors) {
    this.document = document;
    this.errors = errors;
  }

  /** The rules, null where the file has none. */
  @Nullable PredictionRules read() {
    JsonNode rules = document.root().at(RULES);
    if (rules.isMissingNode()) {
      return null;
    }
    PredictionRules read =
        new PredictionRules(
            rows(limits(RULES + "/rows")),
            ofInput(),
            ratio(RULES + "/rows-of-last", limits(RULES + "/rows-of-last")),
            columns(rules.path("columns")));
    String verify = document.root().at("/batch/verify").asText("rows");
    if (verify.equals("none")) {
      report(
          RULES,
          "batch.rules checks the table of the predictions, but batch.verify is none, so no table is"
              + " read",
          "verify: rows or table, or no rules");
    } else if (verify.equals("table")) {
      refuseOfBatches(read);
    }
    return read;
  }

  /** Rows that don't name their batch can't be told from those that were there before. */
  private void refuseOfBatches(PredictionRules rules) {
    if (rules.ofLast() != null) {
      report(
          RULES + "/rows-of-last",
          "rows-of-last compares two batches, but with batch.verify table rows don't name theirs",
          "rows with min and max");
    }
    for (PredictionRules.Column column : rules.columns()) {
      if (column.drift() != null) {
        report(
            pointer(column.name()) + "/drift",
            "drift compares the batch with the champion's, but with batch.verify table rows don't"
                + " name their batch",
            "no drift, or verify: rows");
      }
    }
  }

  private PredictionRules.@Nullable OfInput ofInput() {
    String pointer = RULES + "/rows-of-input";
    String table = document.text(pointer + "/table");
    Limits limits = table == null ? null : limits(pointer);
    if (table == null) {
      return null;
    }
    if (limits == null) {
      if (document.knows(pointer + "/min") && document.knows(pointer + "/max")) {
        report(pointer, "rows-of-input has no limit", "min, max, or both");
      }
      return null;
    }
    ratio(pointer, limits);
    return new PredictionRules.OfInput(table, limits);
  }

  private List<PredictionRules.Column> columns(JsonNode columns) {
    List<PredictionRules.Column> all = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Map.Entry<String, JsonNode> column : columns.properties()) {
      String pointer = pointer(column.getKey());
      if (!names.add(column.getKey().toLowerCase(Locale.ROOT))) {
        report(pointer, "column " + column.getKey() + " has rules twice: case doesn't count", null);
      }
      List<String> values = new ArrayList<>();
      for (int i = 0; i < column.getValue().path("values").size(); i++) {
        values.add(document.written(pointer + "/values/" + i));
      }
      all.add(
          new PredictionRules.Column(
              column.getKey(),
              number(pointer + "/nulls"),
              limits(pointer),
              values.isEmpty() ? null : values,
              number(pointer + "/drift")));
    }
    return all;
  }

  private static String pointer(String column) {
    return RULES + "/columns/" + YamlDocument.escape(column);
  }

  /** A number of rows is whole, and none is a fault already. */
  private @Nullable Limits rows(@Nullable Limits limits) {
    if (limits != null) {
      refuse("min", limits.min(), 1);
      refuse("max", limits.max(), 1);
    }
    return limits;
  }

  private void refuse(String which, @Nullable Double value, int least) {
    if (value != null && (value < least || value != Math.rint(value))) {
      report(
          RULES + "/rows/" + which,
          "rows." + which + " is " + Numbers.text(value) + ", which is no number of rows",
          "a whole number from " + least + " on");
    }
  }

  private @Nullable Limits ratio(String pointer, @Nullable Limits limits) {
    if (limits != null
        && ((limits.min() != null && limits.min() < 0)
            || (limits.max() != null && limits.max() <= 0))) {
      report(
          pointer, "a batch can't have fewer than no rows", "0.9 for nine rows in ten, and so on");
    }
    return limits;
  }

  private @Nullable Limits limits(String pointer) {
    Double min = number(pointer + "/min");
    Double max = number(pointer + "/max");
    if (min != null && max != null && min > max) {
      report(
          pointer + "/max",
          "max is " + Numbers.text(max) + ", which is less than min, " + Numbers.text(min),
          "a max that is not less than min");
    }
    return min == null && max == null ? null : new Limits(min, max);
  }

  /** The schema lets through YAML's infinities and NaN, which limit nothing. */
  private @Nullable Double number(String pointer) {
    JsonNode node = document.root().at(pointer);
    if (!node.isNumber()) {
      return null;
    }
    if (!Double.isFinite(node.doubleValue())) {
      report(pointer, "\"" + document.written(pointer) + "\" is no limit", "a finite number");
      return null;
    }
    return node.doubleValue();
  }

  private void report(String pointer, String what, @Nullable String allowed) {
    errors.add(document.error(pointer, what, allowed, null));
  }
}
