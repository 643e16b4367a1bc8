package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as the tracking server reports it.
 *
 * @param info what it is
 * @param user who the server says made it, empty for nobody
 * @param facts what it wrote down
 * @param outputs logged models that it put out
 * @param datasets its inputs, as the server reports them
 */
public record Run(
    RunInfo info, String user, Facts facts, List<ModelOutput> outputs, List<JsonNode> datasets) {

  public Run {
    outputs = List.copyOf(outputs);
    datasets = List.copyOf(datasets);
  }

  /**
   * What a run is.
   *
   * @param id MLflow's id
   * @param experimentId its experiment
   * @param name its name, empty when it has none
   * @param status {@code RUNNING}, {@code FINISHED}, {@code FAILED}…
   * @param startTime milliseconds since 1970, null when unknown
   * @param endTime milliseconds since 1970, null until it ended
   * @param artifactUri where its artifacts are stored
   * @param active false when it is deleted
   */
  public record RunInfo(
      String id,
      String experimentId,
      String name,
      String status,
      @Nullable Long startTime,
      @Nullable Long endTime,
      String artifactUri,
      boolean active) {}

  /** MLflow's id. */
  public String id() {
    return info.id();
  }

  /** Its experiment. */
  public String experimentId() {
    return info.experimentId();
  }

  /** Its name, empty when it has none. */
  public String name() {
    return info.name();
  }

  /** {@code RUNNING}, {@code FINISHED}, {@code FAILED}… */
  public String status() {
    return info.status();
  }

  /** Milliseconds since 1970, null when unknown. */
  public @Nullable Long startTime() {
    return info.startTime();
  }

  /** Milliseconds since 1970, null until it ended. */
  public @Nullable Long endTime() {
    return info.endTime();
  }

  /** False when it is deleted. */
  public boolean active() {
    return info.active();
  }

  /** Where its artifacts are stored. */
  public String artifactUri() {
    return info.artifactUri();
  }

  /** Last value of each metric. */
  public List<Metric> metrics() {
    return facts.metrics();
  }

  /** All its params, as strings. */
  public Map<String, String> params() {
    return facts.params();
  }

  /** All its tags. */
  public Map<String, String> tags() {
    return facts.tags();
  }

  /** Logged models that it put out, by their ids. */
  public List<String> modelIds() {
    return outputs.stream().map(ModelOutput::modelId).toList();
  }

  /** The run without what it measured and was made from, which may be thousands of entries. */
  Run withoutFacts() {
    Map<String, String> few = new HashMap<>();
    tags()
        .forEach((key, value) -> {
          if (key.startsWith("mlflow.") && !key.equals("mlflow.note.content")) {
            few.put(key, value);
          }
        });
    return new Run(info, user, new Facts(List.of(), Map.of(), few), outputs, List.of());
  }

  /** Whether it ended well. */
  public boolean isFinished() {
    return info.status().equals("FINISHED");
  }
}
