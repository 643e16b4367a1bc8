package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.failure.Failures;
import dev.portage.scoring.RemoveOrder;
import dev.portage.scoring.Removed;
import dev.portage.scoring.ScoringActivities;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a run wrote where readers see them, before the champion moved. If the hop is put back,
 * they are removed where the table can tell batches apart, and people learn what may have been read
 * in the meantime.
 */
final class DirectRows {

  /** The warehouse has just answered, and others wait for the turn. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Journey journey;
  private final Station target;
  private final String step;
  private @Nullable Written written;

  /**
   * Rows in the live table.
   *
   * @param table full name of the table
   * @param batchId the batch
   * @param since when the run that writes them began
   */
  record Written(String table, String batchId, Instant since) {}

  DirectRows(Journey journey, Station target) {
    this.journey = journey;
    this.target = target;
    this.step = StepNames.hop(target, "batch");
    String kept = StepNames.hop(target, "rows in the live table");
    written = journey.journal().find(kept, Written.class).orElse(null);
    journey.journal().keep(kept, () -> written);
  }

  /** A run has begun that writes the table itself. */
  void begin(String table, String batchId) {
    if (written == null) {
      written = new Written(table, batchId, now());
      journey
          .progress()
          .outcome()
          .leaves(
              step,
              "what was scored into "
                  + table
                  + " of "
                  + target.workspace()
                  + " as batch "
                  + batchId);
    }
  }

  /** They are the champion's from here on. */
  void keep() {
    written = null;
  }

  /** Removes them; also after a cancel. What can't be removed is named, with the statement. */
  void remove() {
    Written rows = written;
    if (rows != null) {
      Workflow.newDetachedCancellationScope(() -> remove(rows)).run();
    }
  }

  private void remove(Written rows) {
    try {
      Removed removed =
          Stubs.statement(
                  ScoringActivities.class,
                  Queues.of(target.workspace()),
                  LONGEST,
                  "remove batch " + rows.batchId() + " from " + rows.table())
              .removeBatch(
                  new RemoveOrder(
                      target.workspace(), rows.table(), rows.batchId(), journey.turns().inHand()));
      String kept = removed.kept();
      if (kept != null) {
        stays(rows, kept, removed.rows() > 0);
        return;
      }
      written = null;
      journey.progress().outcome().leaves(step, null);
      if (removed.rows() > 0) {
        journey
            .progress()
            .notice(
                removed.rows()
                    + " rows of batch "
                    + rows.batchId()
                    + " were removed from "
                    + rows.table()
                    + " in "
                    + target.workspace()
                    + "; readers may have taken them between "
                    + rows.since()
                    + " and "
                    + now());
      }
    } catch (TemporalFailure failure) {
      stays(rows, Failures.line(failure), true);
    }
  }

  /**
   * @param told whether the table tells the batch apart, so that a statement can remove it
   */
  private void stays(Written rows, String why, boolean told) {
    journey
        .progress()
        .notice(
            "rows of batch "
                + rows.batchId()
                + " may be in "
                + rows.table()
                + " in "
                + target.workspace()
                + " since "
                + rows.since()
                + ", where readers see them, and were not removed: "
                + why
                + (told
                    ? "; to remove them: DELETE FROM "
                        + rows.table()
                        + " WHERE batch_id = '"
                        + rows.batchId()
                        + "'"
                    : ""));
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
