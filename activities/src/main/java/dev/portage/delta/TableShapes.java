package dev.portage.delta;

import dev.portage.databricks.CatalogTables;
import dev.portage.databricks.CatalogTables.Seen;
import dev.portage.databricks.Statements;
import dev.portage.databricks.Statements.Column;
import dev.portage.databricks.Statements.Outcome;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.scoring.TableColumn;
import dev.portage.scoring.TableQuery;
import dev.portage.scoring.TableShape;
import dev.portage.text.Bounded;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What tables take: from Unity Catalog, which costs no warehouse, or else by the table's own
 * statement.
 */
final class TableShapes {
  /** History holds a shape once for each later workspace. */
  private static final int MOST_LETTERS = 60_000;

  private final CatalogTables catalog;
  private final Statements statements;

  TableShapes(CatalogTables catalog, Statements statements) {
    this.catalog = catalog;
    this.statements = statements;
  }

  /** A table that can't be read, or is none of Delta's, is an answer. */
  TableShape describe(TableQuery query) {
    try {
      return bounded(read(query));
    } catch (ApplicationFailure failure) {
      if (FailureKind.ofType(failure.getType()) == FailureKind.PLATFORM) {
        throw failure;
      }
      Problem problem = failure.getDetails().get(Problem.class);
      return TableShape.unknown(Bounded.line(problem.cameBack(), 300));
    }
  }

  private TableShape read(TableQuery query) {
    TableName name = TableName.of(query.table(), query.workspace());
    Optional<Seen> seen =
        name.parts().size() == 3
            ? catalog.look(query.workspace(), query.table())
            : Optional.empty();
    return seen.isPresent() ? shape(seen.get()) : bySql(query, name);
  }

  private static TableShape shape(Seen seen) {
    return switch (seen) {
      case Seen.Table table -> table.shape();
      case Seen.NotThere _, Seen.NoSchema _ -> TableShape.none();
    };
  }

  private TableShape bySql(TableQuery query, TableName name) {
    String tried = "read what table " + query.table() + " takes";
    Outcome outcome =
        statements.run(query.workspace(), tried, "SHOW CREATE TABLE " + name.quoted(), Map.of());
    return switch (outcome) {
      case Outcome.Rows _ -> {
        Optional<TableShape> described = described(outcome);
        yield described.isPresent() ? described.get() : columnsOnly(query, name, tried);
      }
      case Outcome.Refused(String message) when message.contains(DeltaTables.NO_TABLE) ->
          TableShape.none();
      case Outcome.Refused(String message) when LiveTables.passes(message) ->
          throw LiveTables.refusal(query.workspace(), tried, message, "Portage retries.");
      case Outcome.Refused _ -> columnsOnly(query, name, tried);
    };
  }

  /** What {@code SHOW CREATE TABLE} came to; empty unless it can be read. */
  static Optional<TableShape> described(Outcome outcome) {
    return outcome instanceof Outcome.Rows rows && !rows.rows().isEmpty()
        ? Stream.ofNullable(rows.rows().getFirst())
            .filter(row -> !row.isEmpty() && row.getFirst() != null)
            .map(row -> String.valueOf(row.getFirst()))
            .findFirst()
            .flatMap(TableDdl::read)
        : Optional.empty();
  }

  /** Of names and types alone. */
  static TableShape ofColumns(List<Column> columns) {
    return TableShape.of(
        columns.stream().map(column -> new TableColumn(column.name(), column.type())).toList(),
        Map.of());
  }

  static Column plain(TableColumn column) {
    return new Column(column.name(), column.type());
  }

  /** Better than nothing: names and types, as of a view. */
  private TableShape columnsOnly(TableQuery query, TableName name, String tried) {
    Outcome outcome =
        statements.run(
            query.workspace(), tried, "SELECT * FROM " + name.quoted() + " LIMIT 0", Map.of());
    return switch (outcome) {
      case Outcome.Rows rows -> ofColumns(rows.columns());
      case Outcome.Refused(String message) when message.contains(DeltaTables.NO_TABLE) ->
          TableShape.none();
      case Outcome.Refused(String message) ->
          throw LiveTables.refusal(
              query.workspace(), tried, message, LiveTables.grant("SELECT", query.table()));
    };
  }

  private static TableShape bounded(TableShape shape) {
    int letters =
        shape.columns().stream().mapToInt(column -> column.toString().length()).sum()
            + shape.constraints().toString().length();
    return letters <= MOST_LETTERS
        ? shape
        : TableShape.unknown(
            "the description of its " + shape.columns().size() + " columns is too long");
  }
}
