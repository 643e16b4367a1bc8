package dev.portage.job;

import java.util.Map;

/**
 * One run of the batch scoring job, by key.
 *
 * @param workspace where it runs
 * @param jobId the job
 * @param key from workflow id, step and business attempt; hashed into the idempotency token
 * @param parameters values of the widgets: model_uri, model_version, table, batch_id, promotion_id
 */
public record ScoringRunOrder(
    String workspace, long jobId, String key, Map<String, String> parameters) {

  public ScoringRunOrder {
    parameters = Map.copyOf(parameters);
  }
}
