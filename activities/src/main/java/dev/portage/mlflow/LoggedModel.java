package dev.portage.mlflow;

import java.util.List;
import java.util.Map;

/**
 * A logged model of MLflow 3.
 *
 * @param id {@code m-…}
 * @param experimentId its experiment
 * @param name its name, such as "model"
 * @param artifactUri where its files are stored
 * @param status {@code LOGGED_MODEL_READY} when complete
 * @param modelType may be empty
 * @param sourceRunId run that made it, empty when none did
 * @param createdAt milliseconds since 1970
 * @param params as strings
 * @param tags all of them
 * @param metrics values that were measured for it, part of those of runs
 */
public record LoggedModel(
    String id,
    String experimentId,
    String name,
    String artifactUri,
    String status,
    String modelType,
    String sourceRunId,
    long createdAt,
    Map<String, String> params,
    Map<String, String> tags,
    List<Metric> metrics) {

  public LoggedModel {
    params = Map.copyOf(params);
    tags = Map.copyOf(tags);
    metrics = List.copyOf(metrics);
  }

  /** Whether its files are complete. */
  public boolean isReady() {
    return status.equals("LOGGED_MODEL_READY");
  }
}
