package dev.portage.delta;

import dev.portage.databricks.Statements;
import dev.portage.databricks.Statements.Column;
import dev.portage.databricks.Statements.Outcome;
import dev.portage.scoring.TableColumn;
import dev.portage.scoring.TableShape;
import dev.portage.text.Bounded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether rows fit into a table that they are to be published into, column by column and row by
 * row: types, lost digits, lengths, nulls, identity and generated columns, constraints. Publishing
 * would refuse them, and then the champion has moved already.
 */
final class RowFit {
  private static final int MOST = 12;

  /** What is computed of these is compared as the table would hold it. */
  private static final String PUBLISHED = "published";

  private final Statements statements;
  private final String workspace;
  private final String table;
  private final List<Column> staged;
  private final TableShape wanted;
  private final List<String> misfits = new ArrayList<>();

  private RowFit(
      Statements statements,
      String workspace,
      String table,
      List<Column> staged,
      TableShape wanted) {
    this.statements = statements;
    this.workspace = workspace;
    this.table = table;
    this.staged = staged;
    this.wanted = wanted;
  }

  /**
   * What does not fit, a sentence for each column or constraint; empty where all does.
   *
   * @param workspace where the rows are
   * @param table full name of the table that holds them
   * @param staged its columns
   * @param wanted what the table takes that they are to be published into
   */
  static List<String> misfits(
      Statements statements,
      String workspace,
      String table,
      List<Column> staged,
      TableShape wanted) {
    if (!wanted.isKnown()) {
      return List.of();
    }
    RowFit fit = new RowFit(statements, workspace, table, staged, wanted);
    fit.lookAtColumns();
    fit.lookAtConstraints();
    List<String> all = fit.misfits;
    return all.size() <= MOST
        ? all
        : Stream.concat(all.stream().limit(MOST), Stream.of("and " + (all.size() - MOST) + " more"))
            .toList();
  }

  /** Columns that publishing adds, since the table lacks them. */
  static List<String> added(List<Column> staged, TableShape wanted) {
    return wanted.isKnown()
        ? staged.stream()
            .filter(own -> wanted.columns().stream().noneMatch(column -> isSame(column, own)))
            .map(Column::name)
            .toList()
        : List.of();
  }

  /**
   * Rows that are counted, and what it means that there are some.
   *
   * @param condition of a row that does not fit
   * @param column that it is about, for what the engine refuses to compare
   */
  private record Check(String condition, String column, LongFunction<String> sentence) {
    String counted() {
      return "count(CASE WHEN " + condition + " THEN 1 END)";
    }
  }

  private void lookAtColumns() {
    List<Check> checks = new ArrayList<>();
    for (TableColumn column : wanted.columns()) {
      Optional<Column> own = own(column);
      if (column.isIdentity()) {
        misfits.add(
            "column "
                + column.name()
                + " is "
                + column.computed()
                + ", which the statement that publishes can't leave to the table");
      } else if (own.isEmpty()) {
        if (column.required()) {
          misfits.add("column " + column.name() + " takes no nulls, and the run doesn't write it");
        }
      } else {
        checks.addAll(checks(column, own.get()));
      }
    }
    for (Column own : staged) {
      if (SqlTypes.isVoid(own.type())) {
        misfits.add(
            "column "
                + own.name()
                + " holds nothing but nulls and has no type; give it one, as by a cast");
      }
    }
    count(quoted(), checks);
  }

  private static List<Check> checks(TableColumn column, Column own) {
    List<Check> checks = new ArrayList<>();
    String name = name(own.name());
    if (!SqlTypes.isSame(own.type(), column.type()) && !SqlTypes.isVoid(own.type())) {
      String cast = "TRY_CAST(" + name + " AS " + column.type() + ")";
      checks.add(
          new Check(
              name + " IS NOT NULL AND " + cast + " IS NULL",
              column.name(),
              rows ->
                  rows
                      + " rows have a "
                      + own.type()
                      + " in column "
                      + own.name()
                      + " that is not a valid "
                      + column.type()));
      if (SqlTypes.cuts(column.type()) && !SqlTypes.isText(own.type())) {
        checks.add(
            new Check(
                "TRY_CAST(" + cast + " AS " + own.type() + ") <> " + name,
                column.name(),
                rows ->
                    rows
                        + " rows have a "
                        + own.type()
                        + " in column "
                        + own.name()
                        + " of which "
                        + column.type()
                        + " would lose a part"));
      }
    }
    SqlTypes.length(column.type())
        .ifPresent(most ->
            checks.add(
                new Check(
                    "length(CAST(" + name + " AS STRING)) > " + most,
                    column.name(),
                    rows ->
                        rows
                            + " rows have a text in column "
                            + own.name()
                            + " that is too long for "
                            + column.type())));
    if (column.required()) {
      checks.add(
          new Check(
              name + " IS NULL",
              column.name(),
              rows ->
                  rows + " rows have no value in column " + own.name() + ", which takes no nulls"));
    }
    return checks;
  }

  /** By the values that the table would hold, where a column that is not written is null. */
  private void lookAtConstraints() {
    List<Check> checks = new ArrayList<>();
    for (TableColumn column : wanted.columns()) {
      String computed = column.computed();
      int open = computed == null ? -1 : computed.indexOf('(');
      if (computed != null && open >= 0 && !column.isIdentity()) {
        checks.add(
            new Check(
                name(column.name()) + " IS DISTINCT FROM " + computed.substring(open),
                column.name(),
                rows ->
                    rows
                        + " rows have another value in column "
                        + column.name()
                        + " than the table computes, "
                        + computed
                        + "; the run has to write that value"));
      }
    }
    wanted
        .constraints()
        .forEach((name, expression) ->
            checks.add(
                new Check(
                    "NOT coalesce((" + expression + "), false)",
                    "of constraint " + name,
                    rows -> rows + " rows violate constraint " + name + ": " + expression)));
    if (!checks.isEmpty()) {
      String values =
          wanted.columns().stream().map(this::published).collect(Collectors.joining(", "));
      count("(SELECT " + values + " FROM " + quoted() + ") AS " + PUBLISHED, checks);
    }
  }

  private String published(TableColumn column) {
    String value =
        own(column)
            .map(own ->
                SqlTypes.isSame(own.type(), column.type())
                    ? name(own.name())
                    : "TRY_CAST(" + name(own.name()) + " AS " + column.type() + ")")
            .orElse("CAST(NULL AS " + column.type() + ")");
    return value + " AS " + name(column.name());
  }

  private void count(String from, List<Check> checks) {
    if (checks.isEmpty()) {
      return;
    }
    String counts = checks.stream().map(Check::counted).collect(Collectors.joining(", "));
    switch (run("SELECT " + counts + " FROM " + from)) {
      case Outcome.Rows rows -> {
        List<@Nullable String> row = rows.rows().isEmpty() ? List.of() : rows.rows().getFirst();
        for (int i = 0; i < checks.size(); i++) {
          found(checks.get(i), i < row.size() ? row.get(i) : null);
        }
      }
      case Outcome.Refused(String message) -> refused(from, checks, message);
    }
  }

  private void found(Check check, @Nullable String number) {
    if (number != null && number.matches("\\d{1,18}") && !number.equals("0")) {
      misfits.add(check.sentence().apply(Long.parseLong(number)));
    }
  }

  /** What can't even be compared doesn't fit: each is asked for on its own to tell which it is. */
  private void refused(String from, List<Check> checks, String message) {
    if (checks.size() > 1) {
      checks.forEach(check -> count(from, List.of(check)));
      return;
    }
    String said = Bounded.text(message, 300);
    if (LiveTables.passes(message)) {
      throw LiveTables.refusal(workspace, tried(), message, "Portage retries.");
    }
    misfits.add("column " + checks.getFirst().column() + " can't be compared: " + said);
  }

  private Outcome run(String sql) {
    return statements.run(workspace, tried(), sql, Map.of());
  }

  private String tried() {
    return "check that the rows of " + table + " fit";
  }

  private Optional<Column> own(TableColumn wanted) {
    return staged.stream().filter(own -> isSame(wanted, own)).findFirst();
  }

  private static boolean isSame(TableColumn column, Column own) {
    return column.name().equalsIgnoreCase(own.name());
  }

  private String quoted() {
    return LiveTables.quoted(table, workspace);
  }

  /** A name may hold a backtick, which is then written twice. */
  private static String name(String column) {
    return "`" + column.replace("`", "``") + "`";
  }
}
