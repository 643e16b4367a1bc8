package dev.portage.scoring;

/**
 * What the table holds of a batch, read by SQL and not believed from the notebook.
 *
 * @param exists whether there is such a table
 * @param rows rows of the batch
 * @param ofThisVersion those of them that name the expected version and promotion
 * @param withoutPrediction those of them whose prediction is null
 */
public record PredictionCount(
    boolean exists, long rows, long ofThisVersion, long withoutPrediction) {}
