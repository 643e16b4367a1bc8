package dev.portage.delta;

import dev.portage.databricks.Statements;
import dev.portage.databricks.Statements.Column;
import dev.portage.databricks.Statements.Outcome;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.scoring.WithdrawOrder;
import dev.portage.scoring.Withdrawn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes published predictions out of the table that readers see: by one statement, so that readers
 * see all rows of the batch or none.
 *
 * @see <a href="https://docs.databricks.com/en/sql/language-manual/delta-delete-from.html">DELETE
 *     FROM</a>
 */
final class Withdrawals {

  /** What a view, or a table that is none of Delta's, answers to a DELETE. */
  private static final Pattern NO_DELETE =
      Pattern.compile(
          "UNSUPPORTED_FEATURE|EXPECT_TABLE_NOT_VIEW|_VIEW\\b|is a view|NOT_A_DELTA"
              + "|DELTA_ONLY_OPERATION|does not support (DELETE|row level)",
          Pattern.CASE_INSENSITIVE);

  private final Statements statements;
  private final LiveTables tables;

  Withdrawals(Statements statements, LiveTables tables) {
    this.statements = statements;
    this.tables = tables;
  }

  Withdrawn withdraw(WithdrawOrder order) {
    Optional<List<Column>> columns = tables.columns(order.workspace(), order.table());
    if (columns.isEmpty()) {
      return new Withdrawn(0L, null, null);
    }
    List<String> missing = PredictionColumns.missing(columns.get());
    if (missing.contains(PredictionColumns.BATCH)) {
      return new Withdrawn(
          null, null, "the table has no column " + PredictionColumns.BATCH + " to tell them apart");
    }
    Long others = missing.contains(PredictionColumns.VERSION) ? null : others(order);
    long rows = count(order, "batch_id", order.batchId());
    if (rows == 0) {
      return new Withdrawn(0L, others, null);
    }
    String tried = "remove batch " + order.batchId() + " from " + order.table();
    Outcome outcome =
        statements.run(
            order.workspace(),
            tried,
            "DELETE FROM "
                + LiveTables.quoted(order.table(), order.workspace())
                + " WHERE "
                + PredictionColumns.BATCH
                + " = :batch_id",
            Map.of("batch_id", order.batchId()));
    return switch (outcome) {
      case Outcome.Rows _ -> new Withdrawn(rows, others, null);
      case Outcome.Refused(String message) when NO_DELETE.matcher(message).find() ->
          new Withdrawn(null, others, "the table takes no DELETE: " + message);
      case Outcome.Refused(String message) ->
          throw LiveTables.refusal(
              order.workspace(), tried, message, LiveTables.grant("MODIFY", order.table()));
    };
  }

  /** Rows of the same version that other batches wrote. */
  private @Nullable Long others(WithdrawOrder order) {
    Outcome counted =
        statements.run(
            order.workspace(),
            "count the rows of version " + order.version() + " in " + order.table(),
            "SELECT count(*) AS n FROM "
                + LiveTables.quoted(order.table(), order.workspace())
                + " WHERE CAST("
                + PredictionColumns.VERSION
                + " AS STRING) = :model_version AND (batch_id IS NULL OR CAST("
                + PredictionColumns.BATCH
                + " AS STRING) <> :batch_id)",
            Map.of("model_version", order.version(), "batch_id", order.batchId()));
    // It is only told.
    return counted instanceof Outcome.Rows rows ? number(rows) : null;
  }

  private long count(WithdrawOrder order, String column, String value) {
    String tried = "count the rows of batch " + order.batchId() + " in " + order.table();
    Outcome counted =
        statements.run(
            order.workspace(),
            tried,
            "SELECT count(*) AS n FROM "
                + LiveTables.quoted(order.table(), order.workspace())
                + " WHERE CAST("
                + column
                + " AS STRING) = :"
                + column,
            Map.of(column, value));
    if (counted instanceof Outcome.Refused(String message)) {
      throw LiveTables.refusal(
          order.workspace(), tried, message, LiveTables.grant("SELECT", order.table()));
    }
    Long number = counted instanceof Outcome.Rows rows ? number(rows) : null;
    if (number == null) {
      throw Failures.of(
          Problem.of(
              FailureKind.PLATFORM,
              tried,
              "workspace " + order.workspace(),
              "the response holds no number",
              "Portage retries."));
    }
    return number;
  }

  private static @Nullable Long number(Outcome.Rows rows) {
    String text =
        rows.rows().isEmpty() || rows.rows().getFirst().isEmpty()
            ? null
            : rows.rows().getFirst().getFirst();
    return text != null && text.matches("\\d{1,18}") ? Long.valueOf(text) : null;
  }
}
