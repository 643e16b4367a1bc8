package dev.portage.job;

import java.time.Duration;
import java.util.Map;

/**
 * One run of a notebook, asked for by key: the same key is the same run, however often it is asked
 * for.
 *
 * @param workspace where it runs
 * @param key from workflow id, step and business attempt; hashed into the API's idempotency token
 * @param name shown as the run's name
 * @param source commit and repository
 * @param notebook relative to {@code promotion.yaml}, as {@code notebooks/train.py}
 * @param parameters values of the notebook's widgets
 * @param tags written on the MLflow run by way of MLFLOW_RUN_CONTEXT, where the compute lets us set
 *     variables
 * @param timeout after which the workspace ends the run
 */
public record NotebookOrder(
    String workspace,
    String key,
    String name,
    Source source,
    String notebook,
    Map<String, String> parameters,
    Map<String, String> tags,
    Duration timeout) {

  public NotebookOrder {
    parameters = Map.copyOf(parameters);
    tags = Map.copyOf(tags);
  }
}
