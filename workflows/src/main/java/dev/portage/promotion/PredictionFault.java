package dev.portage.promotion;

import dev.portage.scoring.LiveWrites;
import dev.portage.scoring.PredictionCount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the rows of a batch are as they should be, in production as in a rehearsal. Pure. */
final class PredictionFault {

  private PredictionFault() {}

  /**
   * What is wrong with them; null for nothing.
   *
   * @param table the one that the run was told to write
   */
  static @Nullable String of(
      String table, PredictionCount before, PredictionCount after, String batchId, String version) {
    if (!after.exists()) {
      return noTable(table);
    }
    if (!after.missingColumns().isEmpty()) {
      return "the run succeeded, but the table has no column "
          + String.join(", ", after.missingColumns())
          + ", which it must write";
    }
    if (after.rows() == 0) {
      return "the run succeeded, but the table has no row of batch " + batchId;
    }
    if (after.ofThisVersion() != after.rows()) {
      return (after.rows() - after.ofThisVersion())
          + " of "
          + after.rows()
          + " rows name another model version than "
          + version;
    }
    if (after.withoutPrediction() > 0) {
      return after.withoutPrediction() + " of " + after.rows() + " rows have no prediction";
    }
    if (before.rows() > 0 && after.rows() == 2 * before.rows()) {
      return "the batch was appended twice: " + before.rows() + " rows became " + after.rows();
    }
    return null;
  }

  /** That a run wrote no table where it was told to. */
  static String noTable(String table) {
    return "the run succeeded, but there is no table "
        + table
        + ", which its parameter table told it to write";
  }

  /** What a run wrote into the live table, with the lines of the commit that may have done it. */
  static String ignoredItsTable(String live, LiveWrites wrote, List<String> lines) {
    return "the run was given its own table, but "
        + live
        + ", which readers see, has changed: "
        + String.join("; ", wrote.writes())
        + (lines.isEmpty() ? "" : ". It is written at " + String.join(", ", lines));
  }
}
