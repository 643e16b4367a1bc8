package dev.portage.scoring;

/**
 * What the predictions of a batch must look like.
 *
 * @param workspace where the table is
 * @param table full name
 * @param batchId the batch
 * @param modelVersion version that every row must name
 * @param promotion promotion that every row must name
 */
public record PredictionQuery(
    String workspace, String table, String batchId, String modelVersion, String promotion) {}
