package dev.portage.scoring;

import io.temporal.activity.ActivityInterface;

/**
 * Reads what batch scoring wrote, and publishes it. All by the SQL statements API; on task queue
 * {@code portage/<workspace>}. Failures carry a {@link dev.portage.failure.Problem}.
 */
@ActivityInterface
public interface ScoringActivities {

  /**
   * Counts the batch's rows. A missing table, or one from before that lacks columns, is an answer,
   * not a failure.
   */
  PredictionCount countPredictions(PredictionQuery query);

  /**
   * Whether predictions keep the rules of {@code promotion.yaml}, counted where they are. That a
   * rule can't be measured is an answer, not a failure.
   */
  RulesChecked checkPredictions(RulesQuery query);

  /**
   * What a table takes. One that can't be read, as without the right to, is an answer, not a
   * failure.
   */
  TableShape describeTable(TableQuery query);

  /**
   * Makes the table that a run is to write: empty, with the columns of the live one, or of the one
   * that the order describes; none where there is no such table, since then the run makes it. What
   * promotions that are over have left beside it goes first: their tables, and their runs that are
   * still active. Repeating is harmless.
   *
   * @return the live table as it is
   */
  LiveTable prepareStaging(StagingOrder order);

  /** What has been written into the live table since. */
  LiveWrites findLiveWrites(LiveWritesQuery query);

  /**
   * Whether the rows fit into the live table as it is; changes nothing. That they do not is a
   * user's failure.
   */
  void auditStaging(StagingOrder order);

  /** Makes a batch visible, by one statement. Repeating changes nothing. */
  Published publishPredictions(PublishOrder order);

  /**
   * Removes the rows of a batch by one statement, where the table can tell them apart. That it
   * can't, or that the login may not, is an answer, as is a missing table. Repeating changes
   * nothing.
   */
  Removed removeBatch(RemoveOrder order);

  /** Drops the run's own table; that there is none is as well. */
  void dropStaging(DropOrder order);
}
