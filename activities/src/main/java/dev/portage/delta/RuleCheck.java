package dev.portage.delta;

import dev.portage.databricks.Statements;
import dev.portage.databricks.Statements.Column;
import dev.portage.databricks.Statements.Outcome;
import dev.portage.scoring.RuleResult;
import dev.portage.scoring.RulesChecked;
import dev.portage.scoring.RulesQuery;
import dev.portage.settings.Limits;
import dev.portage.settings.PredictionRules;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whether predictions keep the rules of {@code promotion.yaml}. Everything is counted by the
 * engine, where the rows are: no row is read.
 */
final class RuleCheck {
  private final Statements statements;
  private final LiveTables tables;
  private final RulesQuery query;
  private final List<RuleResult> results = new ArrayList<>();

  private RuleCheck(Statements statements, LiveTables tables, RulesQuery query) {
    this.statements = statements;
    this.tables = tables;
    this.query = query;
  }

  /** The answer to each rule, in the file's order. */
  static RulesChecked of(Statements statements, LiveTables tables, RulesQuery query) {
    RuleCheck check = new RuleCheck(statements, tables, query);
    check.checkAll();
    return new RulesChecked(check.results);
  }

  private void checkAll() {
    PredictionRules rules = query.rules();
    Optional<List<Column>> read = tables.columns(query.workspace(), query.rows().table());
    List<Column> known = read.isPresent() ? read.get() : List.of();
    List<RuledColumn> columns =
        rules.columns().stream().map(rule -> RuledColumn.of(rule, known)).toList();
    Counted counted = count(columns);
    if (rules.rows() != null) {
      ofRows("rows", rules.rows(), "", counted.rows() + " rows", (double) counted.rows());
    }
    if (rules.ofInput() != null) {
      ofInput(rules.ofInput(), counted.rows());
    }
    if (rules.ofLast() != null) {
      ofLast(rules.ofLast(), counted.rows());
    }
    for (RuledColumn column : columns) {
      column.answer(counted, results);
      Double drift = column.rule().drift();
      if (drift != null) {
        results.add(drift(column, drift));
      }
    }
  }

  private void ofRows(String rule, Limits limits, String times, String measured, double value) {
    results.add(
        new RuleResult(
            rule,
            limits.hold(value) ? RuleResult.Outcome.PASS : RuleResult.Outcome.FAIL,
            measured,
            limits.words(times)));
  }

  private void ofInput(PredictionRules.OfInput input, long rows) {
    String rule = "rows of input";
    String times = "the rows of " + input.table();
    String sql = "SELECT count(*) AS n FROM " + LiveTables.quoted(input.table(), query.workspace());
    String tried = "count the rows of " + input.table();
    switch (statements.run(query.workspace(), tried, sql, Map.of())) {
      case Outcome.Rows answer -> {
        long all = Cells.of(answer, query.workspace(), tried).count();
        if (all == 0) {
          results.add(notMeasured(rule, input.table() + " is empty", input.limits().words(times)));
        } else {
          ofRows(
              rule,
              input.limits(),
              times,
              rows + " rows from " + all + " of " + input.table(),
              (double) rows / all);
        }
      }
      case Outcome.Refused(String message) when message.contains(DeltaTables.NO_TABLE) ->
          results.add(
              notMeasured(rule, "there is no table " + input.table(), input.limits().words(times)));
      case Outcome.Refused(String message) ->
          throw LiveTables.refusal(
              query.workspace(), tried, message, LiveTables.grant("SELECT", input.table()));
    }
  }

  private void ofLast(Limits limits, long rows) {
    String rule = "rows of last batch";
    String times = "the rows last written into " + query.live();
    OptionalLong last = tables.lastWritten(query.workspace(), query.live());
    if (last.isEmpty()) {
      results.add(
          new RuleResult(
              rule,
              RuleResult.Outcome.NOTHING_TO_COMPARE,
              rows + " rows, and nothing is known to have been written into " + query.live(),
              limits.words(times)));
      return;
    }
    ofRows(
        rule,
        limits,
        times,
        rows + " rows after " + last.getAsLong(),
        (double) rows / last.getAsLong());
  }

  private RuleResult drift(RuledColumn column, double most) {
    String rule = "drift of " + column.name();
    RulesQuery.Rows champion = query.champion();
    if (champion == null) {
      String failed = query.failed();
      return new RuleResult(
          rule,
          failed == null ? RuleResult.Outcome.NOTHING_TO_COMPARE : RuleResult.Outcome.INCONCLUSIVE,
          failed == null ? "there is no other champion to compare with" : failed,
          "at most " + Limits.text(most) + " from the champion");
    }
    String unfit = column.unfitForDrift();
    if (unfit != null) {
      return new RuleResult(rule, RuleResult.Outcome.FAIL, unfit, "at most " + Limits.text(most));
    }
    return new Drift(statements, query.workspace(), query.rows(), champion).of(rule, column, most);
  }

  private Counted count(List<RuledColumn> columns) {
    List<String> selected = new ArrayList<>();
    selected.add("count(*)");
    Map<String, String> parameters = Where.parameters(query.rows());
    for (RuledColumn column : columns) {
      column.count(selected, parameters);
    }
    String tried = "check the predictions in " + query.rows().table();
    String sql =
        "SELECT "
            + String.join(", ", selected)
            + " FROM "
            + Where.from(query.rows(), query.workspace());
    return switch (statements.run(query.workspace(), tried, sql, parameters)) {
      case Outcome.Rows answer -> new Counted(Cells.of(answer, query.workspace(), tried));
      case Outcome.Refused(String message) -> throw refused(tried, message);
    };
  }

  private ApplicationFailure refused(String tried, String message) {
    return LiveTables.refusal(
        query.workspace(),
        tried,
        message,
        "Correct batch.rules in promotion.yaml; or, if a permission is missing, "
            + LiveTables.grant("SELECT", query.rows().table()));
  }

  private static RuleResult notMeasured(String rule, String why, String required) {
    return new RuleResult(rule, RuleResult.Outcome.INCONCLUSIVE, why, required);
  }

  /**
   * The numbers of one statement, in the order in which they were asked for.
   *
   * @param cells the row
   */
  record Counted(Cells cells) {
    /** Rows in all; asked for first. */
    long rows() {
      return cells.count();
    }
  }
}
