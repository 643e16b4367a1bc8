package dev.portage.mlflow;

import java.util.List;
import java.util.Map;

/**
 * A logged model of MLflow 3.
 *
 * @param id {@code m-…}
 * @param name its name, such as "model"
 * @param artifactUri where its files are stored
 * @param status {@code LOGGED_MODEL_READY} when complete
 * @param modelType may be empty
 * @param origin what made it
 * @param facts what was written down about it; its metrics are part of those of runs
 */
public record LoggedModel(
    String id,
    String name,
    String artifactUri,
    String status,
    String modelType,
    Origin origin,
    Facts facts) {

  /**
   * What made a logged model.
   *
   * @param experimentId its experiment
   * @param runId run that made it, empty when none did
   * @param at milliseconds since 1970
   */
  public record Origin(String experimentId, String runId, long at) {}

  /** Its experiment. */
  public String experimentId() {
    return origin.experimentId();
  }

  /** Run that made it, empty when none did. */
  public String sourceRunId() {
    return origin.runId();
  }

  /** Milliseconds since 1970. */
  public long createdAt() {
    return origin.at();
  }

  /** All its params, as strings. */
  public Map<String, String> params() {
    return facts.params();
  }

  /** All its tags. */
  public Map<String, String> tags() {
    return facts.tags();
  }

  /** Values that were measured for it. */
  public List<Metric> metrics() {
    return facts.metrics();
  }

  /** Whether its files are complete. */
  public boolean isReady() {
    return status.equals("LOGGED_MODEL_READY");
  }
}
