package dev.portage.delta;

import dev.portage.databricks.Statements.Column;
import dev.portage.scoring.RuleResult;
import dev.portage.settings.Limits;
import dev.portage.settings.PredictionRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A column that has rules: what is counted of it, and what the numbers mean. */
final class RuledColumn {
  private final PredictionRules.Column rule;
  private final @Nullable Column column;

  /** Where its numbers begin in the answer. */
  private int at;

  private RuledColumn(PredictionRules.Column rule, @Nullable Column column) {
    this.rule = rule;
    this.column = column;
  }

  /**
   * The column that a rule names, which need not exist.
   *
   * @param known the table's columns
   */
  static RuledColumn of(PredictionRules.Column rule, List<Column> known) {
    for (Column column : known) {
      if (column.name().equalsIgnoreCase(rule.name())) {
        return new RuledColumn(rule, column);
      }
    }
    return new RuledColumn(rule, null);
  }

  PredictionRules.Column rule() {
    return rule;
  }

  String name() {
    return rule.name();
  }

  boolean isNumber() {
    return column != null && SqlTypes.isNumber(column.type());
  }

  /** Its value as a number; NULL for NaN. Only of a number. */
  String number() {
    String value = "CAST(" + quoted() + " AS DOUBLE)";
    return "CASE WHEN NOT isnan(" + value + ") THEN " + value + " END";
  }

  /** Its value as text. */
  String text() {
    return "CAST(" + quoted() + " AS STRING)";
  }

  /** Why its values can't be compared with others; null where they can. */
  @Nullable String unfitForDrift() {
    return column == null ? missing() : SqlTypes.isPlain(column.type()) ? null : nested();
  }

  /** Adds what has to be counted of it to a statement. */
  void count(List<String> selected, Map<String, String> parameters) {
    at = selected.size();
    if (column == null) {
      return;
    }
    selected.add("count(CASE WHEN " + value() + " IS NULL THEN 1 END)");
    Limits range = rule.range();
    if (range != null && isNumber()) {
      selected.add("count(CASE WHEN " + outside(range) + " THEN 1 END)");
      selected.add("min(" + number() + ")");
      selected.add("max(" + number() + ")");
    }
    List<String> values = rule.values();
    if (values != null && SqlTypes.isPlain(column.type())) {
      selected.add("count(CASE WHEN " + foreign(values, parameters) + " THEN 1 END)");
    }
  }

  private String outside(Limits range) {
    List<String> conditions = new ArrayList<>();
    if (range.min() != null) {
      conditions.add(number() + " < " + range.min());
    }
    if (range.max() != null) {
      conditions.add(number() + " > " + range.max());
    }
    return String.join(" OR ", conditions);
  }

  /** Values are parameters: a text's quotes are the engine's to know. */
  private String foreign(List<String> values, Map<String, String> parameters) {
    List<String> names = new ArrayList<>();
    for (String value : values) {
      String name = "v" + parameters.size();
      if (!isNumber()) {
        parameters.put(name, isBoolean() ? value.toLowerCase(Locale.ROOT) : value);
        names.add(":" + name);
      } else if (isNumber(value)) {
        parameters.put(name, value);
        names.add("CAST(:" + name + " AS DOUBLE)");
      }
    }
    String all = String.join(", ", names);
    return names.isEmpty()
        ? value() + " IS NOT NULL"
        : (isNumber() ? number() : text()) + " NOT IN (" + all + ")";
  }

  private boolean isBoolean() {
    return column != null && SqlTypes.plain(column.type()).equals("BOOLEAN");
  }

  private static boolean isNumber(String value) {
    try {
      return Double.isFinite(Double.parseDouble(value));
    } catch (NumberFormatException _) {
      return false;
    }
  }

  /** Reads the numbers that {@link #count} asked for. */
  void answer(RuleCheck.Counted counted, List<RuleResult> results) {
    int next = at;
    long rows = counted.rows();
    long without = column == null ? 0 : counted.cells().count(next++);
    Double nulls = rule.nulls();
    if (nulls != null) {
      results.add(
          result(
              "nulls",
              column == null ? missing() : null,
              without <= nulls * rows,
              without + " of " + rows + " rows have no value",
              "at most " + Shares.text(nulls)));
    }
    Limits range = rule.range();
    if (range != null) {
      String fault = column == null ? missing() : isNumber() ? null : notANumber();
      long outside = fault == null ? counted.cells().count(next++) : 0;
      OptionalDouble lowest =
          fault == null ? counted.cells().number(next++) : OptionalDouble.empty();
      OptionalDouble highest =
          fault == null ? counted.cells().number(next++) : OptionalDouble.empty();
      results.add(
          result(
              "range",
              fault,
              outside == 0,
              (outside == 0 ? "" : outside + " of " + rows + " rows are outside: ")
                  + (lowest.isEmpty() || highest.isEmpty()
                      ? "no values"
                      : "from "
                          + Limits.text(lowest.getAsDouble())
                          + " to "
                          + Limits.text(highest.getAsDouble())),
              range.words()));
    }
    List<String> values = rule.values();
    if (values != null) {
      String fault = unfitForDrift();
      long foreign = fault == null ? counted.cells().count(next) : 0;
      results.add(
          result(
              "values",
              fault,
              foreign == 0,
              foreign + " of " + rows + " rows have another value",
              "one of " + String.join(", ", values)));
    }
  }

  private RuleResult result(
      String what, @Nullable String fault, boolean holds, String measured, String required) {
    return new RuleResult(
        what + " of " + rule.name(),
        fault == null && holds ? RuleResult.Outcome.PASS : RuleResult.Outcome.FAIL,
        fault == null ? measured : fault,
        required);
  }

  private String value() {
    return isNumber() ? number() : quoted();
  }

  private String quoted() {
    return "`" + (column == null ? rule.name() : column.name()).replace("`", "``") + "`";
  }

  private String missing() {
    return "the table has no column " + rule.name();
  }

  private String notANumber() {
    return "column " + rule.name() + " is no number: " + type();
  }

  private String nested() {
    return "the values of column " + rule.name() + " can't be compared: " + type();
  }

  private String type() {
    return column == null ? "" : column.type();
  }
}
