package dev.portage.delta;

import dev.portage.scoring.RulesQuery;
import java.util.HashMap;
import java.util.Map;

/** The rows that a rule is about, in a statement. */
final class Where {
  private static final String PARAMETER = "batch_id";

  private Where() {}

  /** What comes after FROM. */
  static String from(RulesQuery.Rows rows, String workspace) {
    String table = LiveTables.quoted(rows.table(), workspace);
    return rows.batchId() == null
        ? table
        : table + " WHERE CAST(" + PredictionColumns.BATCH + " AS STRING) = :" + PARAMETER;
  }

  /** Its parameters, to which more may be added. */
  static Map<String, String> parameters(RulesQuery.Rows rows) {
    Map<String, String> parameters = new HashMap<>();
    String batch = rows.batchId();
    if (batch != null) {
      parameters.put(PARAMETER, batch);
    }
    return parameters;
  }
}
