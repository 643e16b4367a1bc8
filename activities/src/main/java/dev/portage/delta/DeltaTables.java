package dev.portage.delta;

import dev.portage.databricks.CatalogTables;
import dev.portage.databricks.Statements;
import dev.portage.databricks.Statements.Outcome;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.scoring.DropOrder;
import dev.portage.scoring.LiveTable;
import dev.portage.scoring.LiveWrites;
import dev.portage.scoring.LiveWritesQuery;
import dev.portage.scoring.PredictionCount;
import dev.portage.scoring.PredictionQuery;
import dev.portage.scoring.PublishOrder;
import dev.portage.scoring.Published;
import dev.portage.scoring.RemoveOrder;
import dev.portage.scoring.Removed;
import dev.portage.scoring.RulesChecked;
import dev.portage.scoring.RulesQuery;
import dev.portage.scoring.ScoringActivities;
import dev.portage.scoring.StagingOrder;
import dev.portage.scoring.TableQuery;
import dev.portage.scoring.TableShape;
import dev.portage.scoring.TargetTable;
import dev.portage.settings.PredictionCheck;
import io.temporal.failure.ApplicationFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what batch scoring wrote, and publishes it. The table should have the columns {@code
 * prediction}, {@code model_version}, {@code batch_id} and {@code promotion_id}; an older table may
 * lack some, and then those are not counted.
 */
public final class DeltaTables implements ScoringActivities {
  /** Error classes of Spark: docs.databricks.com/en/error-messages/error-classes.html */
  static final String NO_TABLE = "TABLE_OR_VIEW_NOT_FOUND";

  /** A column that is not there, or is of a type that can't be compared. */
  private static final List<String> OTHER_COLUMNS =
      List.of("UNRESOLVED_COLUMN", "DATATYPE_MISMATCH");

  private final Statements statements;
  private final LiveTables live;
  private final StagingTables staging;
  private final TableShapes shapes;
  private final Leftovers leftovers;
  private final BatchRemoval removal;

  /**
   * Tables that are read and written by these statements.
   *
   * @param catalog describes tables without a warehouse
   * @param leftovers ends what promotions that are over have left
   */
  public DeltaTables(Statements statements, CatalogTables catalog, Leftovers leftovers) {
    this.statements = statements;
    this.leftovers = leftovers;
    this.live = new LiveTables(statements);
    this.shapes = new TableShapes(catalog, statements);
    this.staging = new StagingTables(statements, live, shapes);
    this.removal = new BatchRemoval(statements, live);
  }

  @Override
  public TableShape describeTable(TableQuery query) {
    return shapes.describe(query);
  }

  @Override
  public LiveTable prepareStaging(StagingOrder order) {
    List<String> told = leftovers.end(order);
    return staging.prepare(order).leaving(told);
  }

  @Override
  public LiveWrites findLiveWrites(LiveWritesQuery query) {
    return live.writes(query);
  }

  @Override
  public void auditStaging(StagingOrder order) {
    staging.audit(order);
  }

  @Override
  public Published publishPredictions(PublishOrder order) {
    return staging.publish(order);
  }

  @Override
  public void dropStaging(DropOrder order) {
    staging.drop(order);
  }

  @Override
  public PredictionCount countPredictions(PredictionQuery query) {
    String tried = "count the predictions in " + query.table();
    if (query.check() == PredictionCheck.TABLE) {
      return countAll(query, tried);
    }
    PredictionCount count =
        switch (ask(query, tried, List.of())) {
          case Outcome.Rows rows -> count(rows.rows(), query, tried, List.of());
          case Outcome.Refused refused -> refused(refused.message(), query, tried);
        };
    List<TargetTable> targets = query.targets();
    return targets == null || !count.exists()
        ? count
        : count.fitting(staging.fits(query.workspace(), query.table(), targets));
  }

  @Override
  public Removed removeBatch(RemoveOrder order) {
    return removal.remove(order);
  }

  @Override
  public RulesChecked checkPredictions(RulesQuery query) {
    return RuleCheck.of(statements, live, query);
  }

  private PredictionCount countAll(PredictionQuery query, String tried) {
    TableName table = TableName.of(query.table(), query.workspace());
    String statement =
        """
        SELECT count(*) AS all_rows, 0 AS of_this_version, 0 AS without_prediction FROM %s\
        """
            .formatted(table.quoted());
    return switch (statements.run(query.workspace(), tried, statement, Map.of())) {
      case Outcome.Rows rows -> count(rows.rows(), query, tried, List.of());
      case Outcome.Refused refused -> refused(refused.message(), query, tried);
    };
  }

  private Outcome ask(PredictionQuery query, String tried, List<String> missing) {
    TableName table = TableName.of(query.table(), query.workspace());
    Map<String, String> parameters = new HashMap<>(Map.of("batch_id", query.batchId()));
    if (!missing.contains(PredictionColumns.VERSION)
        && !missing.contains(PredictionColumns.PROMOTION)) {
      parameters.put("model_version", query.modelVersion());
      parameters.put("promotion_id", query.promotion());
    }
    return statements.run(query.workspace(), tried, statement(table, missing), parameters);
  }

  /**
   * CASE counts work in every engine that reads Delta, and give 0 rather than null for no rows.
   * Versions are compared as text, whatever type the notebook chose for them.
   *
   * @param missing columns that must not be queried
   */
  private static String statement(TableName table, List<String> missing) {
    boolean tells =
        !missing.contains(PredictionColumns.VERSION)
            && !missing.contains(PredictionColumns.PROMOTION);
    return """
    SELECT count(*) AS all_rows,
      %s AS of_this_version,
      %s AS without_prediction
    FROM %s WHERE CAST(batch_id AS STRING) = :batch_id\
    """
        .formatted(
            tells
                ? "count(CASE WHEN CAST(model_version AS STRING) = :model_version\n"
                    + "    AND CAST(promotion_id AS STRING) = :promotion_id THEN 1 END)"
                : "count(CASE WHEN 1 = 0 THEN 1 END)",
            missing.contains(PredictionColumns.PREDICTION)
                ? "count(*)"
                : "count(CASE WHEN prediction IS NULL THEN 1 END)",
            table.quoted());
  }

  /** A table from before: what it has is counted, and what it lacks is named. */
  private PredictionCount withoutAll(PredictionQuery query, String said, String tried) {
    TableName table = TableName.of(query.table(), query.workspace());
    Outcome looked =
        statements.run(
            query.workspace(),
            "read the columns of " + query.table(),
            "SELECT * FROM " + table.quoted() + " LIMIT 0",
            Map.of());
    List<String> missing =
        looked instanceof Outcome.Rows rows && !rows.columns().isEmpty()
            ? PredictionColumns.missing(rows.columns())
            : List.of();
    if (missing.isEmpty()) {
      throw refusal(said, query, tried);
    }
    if (missing.contains(PredictionColumns.BATCH)) {
      return new PredictionCount(true, 0, 0, 0, missing);
    }
    return switch (ask(query, tried, missing)) {
      case Outcome.Rows rows -> count(rows.rows(), query, tried, missing);
      case Outcome.Refused refused -> throw refusal(refused.message(), query, tried);
    };
  }

  private static PredictionCount count(
      List<List<@Nullable String>> rows,
      PredictionQuery query,
      String tried,
      List<String> missing) {
    if (rows.size() != 1 || rows.getFirst().size() != 3) {
      throw unreadable(query, tried);
    }
    List<@Nullable String> row = rows.getFirst();
    return new PredictionCount(
        true,
        number(row.get(0), query, tried),
        number(row.get(1), query, tried),
        number(row.get(2), query, tried),
        missing.isEmpty() ? null : missing);
  }

  private static long number(@Nullable String value, PredictionQuery query, String tried) {
    if (value == null || !value.matches("\\d{1,18}")) {
      throw unreadable(query, tried);
    }
    return Long.parseLong(value);
  }

  private PredictionCount refused(String message, PredictionQuery query, String tried) {
    if (message.contains(NO_TABLE)) {
      return new PredictionCount(false, 0, 0, 0);
    }
    if (OTHER_COLUMNS.stream().anyMatch(message::contains)) {
      return withoutAll(query, message, tried);
    }
    throw refusal(message, query, tried);
  }

  private static ApplicationFailure refusal(String message, PredictionQuery query, String tried) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            tried,
            "workspace " + query.workspace(),
            message.length() <= 1000 ? message : message.substring(0, 1000) + "…",
            OTHER_COLUMNS.stream().anyMatch(message::contains)
                ? "Have the scoring notebook write the columns "
                    + String.join(", ", PredictionColumns.ALL)
                    + "."
                : "Grant the login read access to the table: GRANT SELECT ON TABLE "
                    + query.table()
                    + " TO `<login>`."));
  }

  private static ApplicationFailure unreadable(PredictionQuery query, String tried) {
    return Failures.of(
        Problem.of(
            FailureKind.PLATFORM,
            tried,
            "workspace " + query.workspace(),
            "the response lacks the three requested numbers",
            "Portage retries."));
  }
}
