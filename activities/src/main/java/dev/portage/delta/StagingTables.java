package dev.portage.delta;

import dev.portage.databricks.Statements;
import dev.portage.databricks.Statements.Column;
import dev.portage.databricks.Statements.Outcome;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.scoring.DropOrder;
import dev.portage.scoring.Fit;
import dev.portage.scoring.LiveTable;
import dev.portage.scoring.PublishOrder;
import dev.portage.scoring.Published;
import dev.portage.scoring.StagingOrder;
import dev.portage.scoring.StagingTable;
import dev.portage.scoring.TableQuery;
import dev.portage.scoring.TableShape;
import dev.portage.scoring.TargetTable;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Tables that a run writes next to the live one. One statement adds a batch to the live table, so
 * readers see all of it or nothing, and it replaces by batch id, so repeating it adds nothing.
 *
 * @see <a
 *     href="https://docs.databricks.com/en/sql/language-manual/sql-ref-syntax-dml-insert-into.html">
 *     INSERT INTO … REPLACE WHERE</a>
 */
final class StagingTables {
  private static final String THERE_ALREADY = "ALREADY_EXISTS";

  /** Ids of batches are ours: promotion and workspace. */
  static final Pattern BATCH_ID = Pattern.compile("[\\p{L}\\p{N} _./:+@#-]{1,1000}");

  private final Statements statements;
  private final LiveTables tables;
  private final TableShapes shapes;

  StagingTables(Statements statements, LiveTables tables, TableShapes shapes) {
    this.statements = statements;
    this.shapes = shapes;
    this.tables = tables;
  }

  LiveTable prepare(StagingOrder order) {
    LiveTable live = tables.look(order.workspace(), order.live(), order.publishes());
    if (madeLike(order)) {
      return live;
    }
    if (live.exists()) {
      String tried = "create table " + order.staging() + " with the columns of " + order.live();
      change(
          order.workspace(),
          tried,
          "CREATE TABLE IF NOT EXISTS "
              + quoted(order.staging(), order.workspace())
              + " AS SELECT *"
              + added(live.missingColumns())
              + " FROM "
              + quoted(order.live(), order.workspace())
              + " WHERE 1 = 0",
          remedy(order.live()));
    }
    return live;
  }

  /**
   * Makes it with another table's columns, as the run in that workspace finds them.
   *
   * @return false if that is not asked for, or if this engine has no such types
   */
  private boolean madeLike(StagingOrder order) {
    TableShape like = order.like();
    if (like == null || !like.isKnown()) {
      return false;
    }
    List<Column> columns =
        like.columns().stream().map(each -> new Column(each.name(), each.type())).toList();
    String nulls =
        columns.stream()
            .map(column -> "CAST(NULL AS " + column.type() + ") AS " + name(column))
            .collect(Collectors.joining(", "));
    String tried = "create table " + order.staging();
    Outcome outcome =
        statements.run(
            order.workspace(),
            tried,
            "CREATE TABLE IF NOT EXISTS "
                + quoted(order.staging(), order.workspace())
                + " AS SELECT "
                + nulls
                + added(PredictionColumns.missing(columns))
                + " WHERE 1 = 0",
            Map.of());
    if (outcome instanceof Outcome.Refused(String message) && LiveTables.passes(message)) {
      throw LiveTables.refusal(order.workspace(), tried, message, remedy(order.live()));
    }
    return outcome instanceof Outcome.Rows;
  }

  /**
   * A table that predates Portage lacks the columns that distinguish batches: the run's own table
   * has them, and the live one gets them with the batch. Only the run itself knows the prediction's
   * type.
   */
  private static String added(List<String> missing) {
    return missing.stream()
        .filter(name -> !name.equals(PredictionColumns.PREDICTION))
        .map(name -> ", CAST(NULL AS STRING) AS " + name)
        .collect(Collectors.joining());
  }

  /** Looks whether each row fits into the live table as it is now. */
  void audit(StagingOrder order) {
    TableShape live = shapes.describe(new TableQuery(order.workspace(), order.live()));
    if (!live.isKnown()) {
      return;
    }
    List<String> misfits =
        RowFit.misfits(
            statements,
            order.workspace(),
            order.staging(),
            staged(order.workspace(), order.staging()),
            live);
    if (!misfits.isEmpty()) {
      throw failure(
          order.workspace(),
          "check that the predictions fit into " + order.live(),
          String.join("; ", misfits),
          "Make scoring write what the live table takes, or change the live table.");
    }
  }

  /** How the rows of a table fit into those of later workspaces. */
  List<Fit> fits(String workspace, String table, List<TargetTable> targets) {
    List<Column> staged = staged(workspace, table);
    return targets.stream()
        .map(target ->
            new Fit(
                target.shown(),
                RowFit.misfits(statements, workspace, table, staged, target.shape()),
                RowFit.added(staged, target.shape())))
        .toList();
  }

  Published publish(PublishOrder order) {
    String tried = "publish batch " + order.batchId() + " in " + order.live();
    if (!BATCH_ID.matcher(order.batchId()).matches()) {
      throw failure(order.workspace(), tried, "that is not a valid batch id", "Start it again.");
    }
    Optional<List<Column>> live = tables.columns(order.workspace(), order.live());
    if (live.isEmpty()) {
      String create =
          "CREATE TABLE "
              + quoted(order.live(), order.workspace())
              + " AS SELECT * FROM "
              + batch(order);
      switch (statements.run(order.workspace(), tried, create, Map.of())) {
        case Outcome.Rows _ -> {
          return new Published(true, List.of());
        }
        case Outcome.Refused(String message) -> {
          // An earlier attempt may have made it whose answer was lost.
          live =
              message.contains(THERE_ALREADY)
                  ? tables.columns(order.workspace(), order.live())
                  : Optional.empty();
          if (live.isEmpty()) {
            throw LiveTables.refusal(order.workspace(), tried, message, remedy(order.live()));
          }
        }
      }
    }
    return insert(order, tried, live.get());
  }

  private Published insert(PublishOrder order, String tried, List<Column> live) {
    List<Column> staged = staged(order.workspace(), order.staging());
    List<Column> added = staged.stream().filter(own -> find(live, own).isEmpty()).toList();
    if (!added.isEmpty()) {
      change(
          order.workspace(),
          tried,
          "ALTER TABLE "
              + quoted(order.live(), order.workspace())
              + " ADD COLUMNS ("
              + added.stream()
                  .map(column -> name(column) + " " + column.type())
                  .collect(Collectors.joining(", "))
              + ")",
          remedy(order.live()));
    }
    List<Column> all = new ArrayList<>(live);
    all.addAll(added);
    String values =
        all.stream().map(column -> value(column, staged)).collect(Collectors.joining(", "));
    change(
        order.workspace(),
        tried,
        "INSERT INTO "
            + quoted(order.live(), order.workspace())
            + " REPLACE WHERE "
            + PredictionColumns.BATCH
            + " = '"
            + order.batchId()
            + "' SELECT "
            + values
            + " FROM "
            + batch(order),
        remedy(order.live()));
    return new Published(false, added.stream().map(Column::name).toList());
  }

  /** By the live table's own columns, in its order: the statement takes them by position. */
  private static String value(Column column, List<Column> staged) {
    Optional<Column> own = find(staged, column);
    if (own.isEmpty()) {
      return "CAST(NULL AS " + column.type() + ") AS " + name(column);
    }
    return SqlTypes.isSame(own.get().type(), column.type())
        ? name(column)
        : "CAST(" + name(own.get()) + " AS " + column.type() + ") AS " + name(column);
  }

  private static String batch(PublishOrder order) {
    return quoted(order.staging(), order.workspace())
        + " WHERE "
        + PredictionColumns.BATCH
        + " = '"
        + order.batchId()
        + "'";
  }

  void drop(DropOrder order) {
    if (!StagingTable.isOne(order.staging())) {
      throw failure(
          order.workspace(),
          "drop table " + order.staging(),
          "that is not a table of a promotion's run",
          "Nothing was dropped.");
    }
    String table = quoted(order.staging(), order.workspace());
    change(
        order.workspace(),
        "drop table " + order.staging(),
        "DROP TABLE IF EXISTS " + table,
        "Drop it: DROP TABLE "
            + table
            + ". To drop tables of a job that runs as someone else, the login needs: GRANT MANAGE ON SCHEMA <schema> TO `<login>`.");
  }

  private List<Column> staged(String workspace, String table) {
    return tables
        .columns(workspace, table)
        .orElseThrow(() ->
            failure(
                workspace,
                "read the columns of " + table,
                "[" + DeltaTables.NO_TABLE + "] the run's own table is gone",
                "Write it again with portage resume or portage start --again."));
  }

  private void change(String workspace, String tried, String sql, String remedy) {
    if (statements.run(workspace, tried, sql, Map.of()) instanceof Outcome.Refused(String said)) {
      throw LiveTables.refusal(workspace, tried, said, remedy);
    }
  }

  private static Optional<Column> find(List<Column> columns, Column wanted) {
    return columns.stream()
        .filter(column -> column.name().equalsIgnoreCase(wanted.name()))
        .findFirst();
  }

  /** A name may hold a backtick, which is then written twice. */
  private static String name(Column column) {
    return "`" + column.name().replace("`", "``") + "`";
  }

  private static String quoted(String table, String workspace) {
    return LiveTables.quoted(table, workspace);
  }

  private static String remedy(String live) {
    String schema = live.contains(".") ? live.substring(0, live.lastIndexOf('.')) : "<schema>";
    return "If a permission is missing: GRANT CREATE TABLE, SELECT, MODIFY ON SCHEMA "
        + schema
        + " TO `<login>`, and the same to the identity that the scoring job runs as.";
  }

  private static ApplicationFailure failure(
      String workspace, String tried, String cameBack, String remedy) {
    return Failures.of(
        Problem.of(FailureKind.USER, tried, "workspace " + workspace, cameBack, remedy));
  }
}
