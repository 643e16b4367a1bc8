package dev.portage.delta;

import dev.portage.databricks.Statements;
import dev.portage.databricks.Statements.Outcome;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.scoring.PredictionCount;
import dev.portage.scoring.PredictionQuery;
import dev.portage.scoring.ScoringActivities;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what batch scoring wrote. The table is expected to have the columns {@code prediction},
 * {@code model_version}, {@code batch_id} and {@code promotion_id}.
 */
public final class DeltaTables implements ScoringActivities {
  /** Error classes of Spark: docs.databricks.com/en/error-messages/error-classes.html */
  private static final String NO_TABLE = "TABLE_OR_VIEW_NOT_FOUND";

  private static final String NO_COLUMN = "UNRESOLVED_COLUMN";

  private final Statements statements;

  /** Tables that are read by these statements. */
  public DeltaTables(Statements statements) {
    this.statements = statements;
  }

  @Override
  public PredictionCount countPredictions(PredictionQuery query) {
    TableName table = TableName.of(query.table(), query.workspace());
    String tried = "count the predictions in " + query.table();
    Outcome outcome =
        statements.run(
            query.workspace(),
            tried,
            statement(table),
            Map.of(
                "batch_id", query.batchId(),
                "model_version", query.modelVersion(),
                "promotion_id", query.promotion()));
    return switch (outcome) {
      case Outcome.Rows rows -> count(rows.rows(), query, tried);
      case Outcome.Refused refused -> refused(refused.message(), query, tried);
    };
  }

  /**
   * Counts of what is a CASE work in every engine that reads Delta, and give 0, not null, for no
   * rows. Versions are compared as text, whichever type the notebook chose for them.
   */
  private static String statement(TableName table) {
    return """
    SELECT count(*) AS all_rows,
      count(CASE WHEN CAST(model_version AS STRING) = :model_version
        AND CAST(promotion_id AS STRING) = :promotion_id THEN 1 END) AS of_this_version,
      count(CASE WHEN prediction IS NULL THEN 1 END) AS without_prediction
    FROM %s WHERE CAST(batch_id AS STRING) = :batch_id\
    """
        .formatted(table.quoted());
  }

  private static PredictionCount count(
      List<List<@Nullable String>> rows, PredictionQuery query, String tried) {
    if (rows.size() != 1 || rows.getFirst().size() != 3) {
      throw unreadable(query, tried);
    }
    List<@Nullable String> row = rows.getFirst();
    return new PredictionCount(
        true,
        number(row.get(0), query, tried),
        number(row.get(1), query, tried),
        number(row.get(2), query, tried));
  }

  private static long number(@Nullable String value, PredictionQuery query, String tried) {
    if (value == null || !value.matches("\\d{1,18}")) {
      throw unreadable(query, tried);
    }
    return Long.parseLong(value);
  }

  private static PredictionCount refused(String message, PredictionQuery query, String tried) {
    if (message.contains(NO_TABLE)) {
      return new PredictionCount(false, 0, 0, 0);
    }
    String remedy =
        message.contains(NO_COLUMN)
            ? "Have the scoring notebook write the columns prediction, model_version, batch_id and"
                + " promotion_id."
            : "See that the login may read the table: GRANT SELECT ON TABLE "
                + query.table()
                + " TO `<login>`.";
    throw Failures.of(
        Problem.of(
            FailureKind.USER,
            tried,
            "workspace " + query.workspace(),
            message.length() <= 1000 ? message : message.substring(0, 1000) + "…",
            remedy));
  }

  private static ApplicationFailure unreadable(PredictionQuery query, String tried) {
    return Failures.of(
        Problem.of(
            FailureKind.PLATFORM,
            tried,
            "workspace " + query.workspace(),
            "the answer does not hold the three numbers that were asked for",
            "It is asked again."));
  }
}
