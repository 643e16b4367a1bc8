package dev.portage.scoring;

import io.temporal.activity.ActivityInterface;

/** Reads what batch scoring wrote. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface ScoringActivities {

  /**
   * Counts the batch's rows by the SQL statements API. A missing table, or one from before that
   * lacks columns, is an answer, not a failure.
   */
  PredictionCount countPredictions(PredictionQuery query);
}
