package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as the tracking server tells it.
 *
 * @param id MLflow's id
 * @param experimentId its experiment
 * @param name its name, empty when it has none
 * @param status {@code RUNNING}, {@code FINISHED}, {@code FAILED}…
 * @param startTime milliseconds since 1970, null when unknown
 * @param endTime milliseconds since 1970, null until it ended
 * @param artifactUri where its artifacts lie
 * @param active false when it is deleted
 * @param metrics last value of each
 * @param params as strings
 * @param tags all of them
 * @param modelIds logged models that it put out
 * @param datasets its inputs, as the server tells them
 */
public record Run(
    String id,
    String experimentId,
    String name,
    String status,
    @Nullable Long startTime,
    @Nullable Long endTime,
    String artifactUri,
    boolean active,
    List<Metric> metrics,
    Map<String, String> params,
    Map<String, String> tags,
    List<String> modelIds,
    List<JsonNode> datasets) {

  public Run {
    metrics = List.copyOf(metrics);
    params = Map.copyOf(params);
    tags = Map.copyOf(tags);
    modelIds = List.copyOf(modelIds);
    datasets = List.copyOf(datasets);
  }

  /** Whether it ended well. */
  public boolean isFinished() {
    return status.equals("FINISHED");
  }
}
