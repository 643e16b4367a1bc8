package dev.portage.delta;

import dev.portage.databricks.Statements;
import dev.portage.databricks.Statements.Outcome;
import dev.portage.scoring.RuleResult;
import dev.portage.scoring.RulesQuery;
import dev.portage.settings.Limits;
import dev.portage.text.Bounded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far the values of a column are from those that the champion predicted for the same batch.
 * Numbers are compared by the population stability index over ranges that each hold a tenth of the
 * champion's values; other values by the share of rows that would have to change theirs.
 */
final class Drift {
  /** With fewer rows, chance alone moves either measure by more than any sensible limit. */
  private static final int FEWEST = 50;

  private static final int RANGES = 10;
  private static final int MOST_VALUES = 1_000;

  /** An empty range would make the index infinite. */
  private static final double LEAST_SHARE = 0.0001;

  private final Statements statements;
  private final String workspace;
  private final RulesQuery.Rows rows;
  private final RulesQuery.Rows champion;

  Drift(Statements statements, String workspace, RulesQuery.Rows rows, RulesQuery.Rows champion) {
    this.statements = statements;
    this.workspace = workspace;
    this.rows = rows;
    this.champion = champion;
  }

  /**
   * Measures it.
   *
   * @param rule name of the result
   * @param column one whose values can be compared
   * @param most the most that is allowed
   */
  RuleResult of(String rule, RuledColumn column, double most) {
    return column.isNumber() ? ofNumbers(rule, column, most) : ofValues(rule, column, most);
  }

  private RuleResult ofNumbers(String rule, RuledColumn column, double most) {
    String required = "a population stability index of at most " + Limits.text(most);
    Cells known =
        row(
            champion,
            column,
            "count(*), avg(" + column.number() + ")" + quantiles(column.number()));
    long all = known.count();
    TreeSet<Double> bounds = new TreeSet<>();
    for (int i = 0; i < RANGES - 1; i++) {
      known.number(2 + i).ifPresent(bounds::add);
    }
    String counts = "count(*), avg(" + column.number() + ")" + counts(column.number(), bounds);
    Cells theirs = row(champion, column, counts);
    Cells ours = row(rows, column, counts);
    String few = few(ours.count(), all);
    if (few != null) {
      return new RuleResult(rule, RuleResult.Outcome.INCONCLUSIVE, few, required);
    }
    double index = 0;
    for (int i = 0; i < bounds.size() + 2; i++) {
      double our = share(ours, 2 + i);
      double their = share(theirs, 2 + i);
      index += (our - their) * Math.log(our / their);
    }
    return result(
        rule,
        index,
        most,
        "population stability index "
            + rounded(index)
            + ": "
            + ours.count()
            + " rows of version "
            + rows.version()
            + mean(ours)
            + ", "
            + all
            + " of champion "
            + champion.version()
            + mean(theirs),
        required);
  }

  private static String mean(Cells cells) {
    OptionalDouble mean = cells.number(1);
    return mean.isEmpty() ? "" : " with mean " + rounded(mean.getAsDouble());
  }

  private static double share(Cells cells, int at) {
    return Math.max(LEAST_SHARE, (double) cells.count(at) / cells.count());
  }

  private static String quantiles(String value) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < RANGES; i++) {
      text.append(", approx_percentile(").append(value).append(", 0.").append(i).append(')');
    }
    return text.toString();
  }

  /** Up to each bound, beyond the last one, and without a value. */
  private static String counts(String value, SortedSet<Double> bounds) {
    StringBuilder text = new StringBuilder();
    Double before = null;
    for (Double bound : bounds) {
      text.append(", count(CASE WHEN ")
          .append(before == null ? "" : value + " > " + before + " AND ")
          .append(value)
          .append(" <= ")
          .append(bound)
          .append(" THEN 1 END)");
      before = bound;
    }
    String beyond = before == null ? value + " IS NOT NULL" : value + " > " + before;
    return text.append(", count(CASE WHEN ")
        .append(beyond)
        .append(" THEN 1 END), count(CASE WHEN ")
        .append(value)
        .append(" IS NULL THEN 1 END)")
        .toString();
  }

  private RuleResult ofValues(String rule, RuledColumn column, double most) {
    String required = "a distance of frequencies of at most " + Limits.text(most);
    Map<String, Long> ours = frequencies(rows, column);
    Map<String, Long> theirs = frequencies(champion, column);
    long our = sum(ours);
    long their = sum(theirs);
    String fault =
        ours.size() > MOST_VALUES || theirs.size() > MOST_VALUES
            ? "column " + column.name() + " has more than " + MOST_VALUES + " different values"
            : few(our, their);
    if (fault != null) {
      return new RuleResult(rule, RuleResult.Outcome.INCONCLUSIVE, fault, required);
    }
    List<Change> changes = new ArrayList<>();
    TreeSet<String> values = new TreeSet<>(ours.keySet());
    values.addAll(theirs.keySet());
    for (String value : values) {
      changes.add(
          new Change(
              value,
              (double) ours.getOrDefault(value, 0L) / our,
              (double) theirs.getOrDefault(value, 0L) / their));
    }
    double distance = changes.stream().mapToDouble(Change::size).sum() / 2;
    Change largest =
        changes.stream().max(Comparator.comparingDouble(Change::size)).orElse(new Change("", 0, 0));
    return result(
        rule,
        distance,
        most,
        "distance of frequencies "
            + rounded(distance)
            + ": "
            + our
            + " rows of version "
            + rows.version()
            + ", "
            + their
            + " of champion "
            + champion.version()
            + (largest.size() == 0
                ? ""
                : "; most of all "
                    + Bounded.line(largest.value(), 60)
                    + ": "
                    + Shares.text(largest.ours())
                    + ", champion "
                    + Shares.text(largest.theirs())),
        required);
  }

  /**
   * How often a value occurs.
   *
   * @param value the value
   * @param ours share of the candidate's rows
   * @param theirs share of the champion's
   */
  private record Change(String value, double ours, double theirs) {
    double size() {
      return Math.abs(ours - theirs);
    }
  }

  private Map<String, Long> frequencies(RulesQuery.Rows of, RuledColumn column) {
    String value = "substr(" + column.text() + ", 1, 200)";
    String sql =
        "SELECT value, count(*) AS n FROM (SELECT "
            + value
            + " AS value FROM "
            + Where.from(of, workspace)
            + ") AS predicted GROUP BY value ORDER BY n DESC, value LIMIT "
            + (MOST_VALUES + 1);
    Outcome.Rows answer = run(of, column, sql);
    Map<String, Long> found = new LinkedHashMap<>();
    for (List<@Nullable String> row : answer.rows()) {
      String name =
          row.isEmpty() || row.getFirst() == null ? "no value" : "\"" + row.getFirst() + "\"";
      found.put(name, new Cells(row, workspace, tried(of, column)).count(1));
    }
    return found;
  }

  private static long sum(Map<String, Long> frequencies) {
    return frequencies.values().stream().mapToLong(Long::longValue).sum();
  }

  private static @Nullable String few(long ours, long theirs) {
    return ours >= FEWEST && theirs >= FEWEST
        ? null
        : "too few rows to compare: "
            + ours
            + ", and "
            + theirs
            + " of the champion; "
            + FEWEST
            + " are the fewest";
  }

  private static RuleResult result(
      String rule, double value, double most, String measured, String required) {
    return new RuleResult(
        rule,
        value <= most ? RuleResult.Outcome.PASS : RuleResult.Outcome.FAIL,
        measured,
        required);
  }

  private static String rounded(double value) {
    return Limits.text(Math.round(value * 10_000) / 10_000.0);
  }

  private Cells row(RulesQuery.Rows of, RuledColumn column, String selected) {
    return Cells.of(
        run(of, column, "SELECT " + selected + " FROM " + Where.from(of, workspace)),
        workspace,
        tried(of, column));
  }

  private Outcome.Rows run(RulesQuery.Rows of, RuledColumn column, String sql) {
    String tried = tried(of, column);
    return switch (statements.run(workspace, tried, sql, Where.parameters(of))) {
      case Outcome.Rows answer -> answer;
      case Outcome.Refused(String message) ->
          throw LiveTables.refusal(
              workspace, tried, message, LiveTables.grant("SELECT", of.table()));
    };
  }

  private static String tried(RulesQuery.Rows of, RuledColumn column) {
    return "measure the drift of " + column.name() + " in " + of.table();
  }
}
