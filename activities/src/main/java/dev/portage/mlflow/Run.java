package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as the tracking server reports it.
 *
 * @param id MLflow's id
 * @param experimentId its experiment
 * @param name its name, empty when it has none
 * @param status {@code RUNNING}, {@code FINISHED}, {@code FAILED}…
 * @param startTime milliseconds since 1970, null when unknown
 * @param endTime milliseconds since 1970, null until it ended
 * @param artifactUri where its artifacts are stored
 * @param active false when it is deleted
 * @param metrics last value of each
 * @param params as strings
 * @param tags all of them
 * @param outputs logged models that it put out
 * @param datasets its inputs, as the server reports them
 * @param user who the server says made it, empty for nobody
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
    List<ModelOutput> outputs,
    List<JsonNode> datasets,
    String user) {

  public Run {
    metrics = List.copyOf(metrics);
    params = Map.copyOf(params);
    tags = Map.copyOf(tags);
    outputs = List.copyOf(outputs);
    datasets = List.copyOf(datasets);
  }

  /** Logged models that it put out, by their ids. */
  public List<String> modelIds() {
    return outputs.stream().map(ModelOutput::modelId).toList();
  }

  /** The run without what it measured and was made from, which may be thousands of entries. */
  Run withoutFacts() {
    Map<String, String> few = new HashMap<>();
    tags.forEach((key, value) -> {
      if (key.startsWith("mlflow.") && !key.equals("mlflow.note.content")) {
        few.put(key, value);
      }
    });
    return new Run(
        id,
        experimentId,
        name,
        status,
        startTime,
        endTime,
        artifactUri,
        active,
        List.of(),
        Map.of(),
        few,
        outputs,
        List.of(),
        user);
  }

  /** Whether it ended well. */
  public boolean isFinished() {
    return status.equals("FINISHED");
  }
}
