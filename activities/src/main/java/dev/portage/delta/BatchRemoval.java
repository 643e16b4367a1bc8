package dev.portage.delta;

import dev.portage.databricks.Statements;
import dev.portage.databricks.Statements.Column;
import dev.portage.databricks.Statements.Outcome;
import dev.portage.scoring.RemoveOrder;
import dev.portage.scoring.Removed;
import dev.portage.text.Bounded;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes a batch out of the table that readers see: by one statement, so that they see all of its
 * rows or none.
 *
 * @see <a href="https://docs.databricks.com/en/sql/language-manual/delta-delete-from.html">DELETE
 *     FROM</a>
 */
final class BatchRemoval {

  /** What a view, or a table that is none of Delta's, answers to a DELETE. */
  private static final Pattern NO_DELETE =
      Pattern.compile(
          "UNSUPPORTED_FEATURE|EXPECT_TABLE_NOT_VIEW|_VIEW\\b|is a view|NOT_A_DELTA"
              + "|DELTA_ONLY_OPERATION|does not support (DELETE|row level)",
          Pattern.CASE_INSENSITIVE);

  private final Statements statements;
  private final LiveTables tables;

  BatchRemoval(Statements statements, LiveTables tables) {
    this.statements = statements;
    this.tables = tables;
  }

  Removed remove(RemoveOrder order) {
    if (!StagingTables.BATCH_ID.matcher(order.batchId()).matches()) {
      return Removed.never(0, "that is not a valid batch id");
    }
    Optional<List<Column>> columns = tables.columns(order.workspace(), order.table());
    if (columns.isEmpty()) {
      return new Removed(0, null);
    }
    if (PredictionColumns.missing(columns.get()).contains(PredictionColumns.BATCH)) {
      return Removed.never(0, "the table has no column " + PredictionColumns.BATCH);
    }
    Removed removed = rows(order);
    String version = order.version();
    boolean tells =
        columns.get().stream()
            .anyMatch(column -> column.name().equalsIgnoreCase(PredictionColumns.VERSION));
    return version == null || !tells ? removed : removed.besides(others(order, version));
  }

  private Removed rows(RemoveOrder order) {
    String tried = "remove batch " + order.batchId() + " from " + order.table();
    String where =
        " FROM "
            + LiveTables.quoted(order.table(), order.workspace())
            + " WHERE "
            + PredictionColumns.BATCH
            + " = '"
            + order.batchId()
            + "'";
    Outcome counted =
        statements.run(order.workspace(), tried, "SELECT count(*) AS n" + where, Map.of());
    if (counted instanceof Outcome.Refused(String message)) {
      return kept(order, tried, 0, message);
    }
    long rows = Cells.of((Outcome.Rows) counted, order.workspace(), tried).count();
    if (rows == 0) {
      return new Removed(0, null);
    }
    return statements.run(order.workspace(), tried, "DELETE" + where, Map.of())
            instanceof Outcome.Refused(String message)
        ? kept(order, tried, rows, message)
        : new Removed(rows, null);
  }

  private static Removed kept(RemoveOrder order, String tried, long rows, String message) {
    if (LiveTables.passes(message)) {
      throw LiveTables.refusal(order.workspace(), tried, message, "Portage retries.");
    }
    String said = Bounded.line(message, 300);
    return NO_DELETE.matcher(message).find()
        ? Removed.never(rows, "the table doesn't support DELETE: " + said)
        : new Removed(rows, said);
  }

  /** Rows of a version that other batches wrote; null if they can't be counted, as they may be. */
  private @Nullable Long others(RemoveOrder order, String version) {
    String tried = "count the rows of version " + version + " in " + order.table();
    Outcome counted =
        statements.run(
            order.workspace(),
            tried,
            "SELECT count(*) AS n FROM "
                + LiveTables.quoted(order.table(), order.workspace())
                + " WHERE CAST("
                + PredictionColumns.VERSION
                + " AS STRING) = :model_version AND ("
                + PredictionColumns.BATCH
                + " IS NULL OR "
                + PredictionColumns.BATCH
                + " <> '"
                + order.batchId()
                + "')",
            Map.of("model_version", version));
    // It is only told.
    return counted instanceof Outcome.Rows rows
        ? Long.valueOf(Cells.of(rows, order.workspace(), tried).count())
        : null;
  }
}
