package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.failure.FailureKind;
import java.util.ArrayList;
import java.util.List;

/** A run as a server answers it. */
final class RunJson {
  private RunJson() {}

  /**
   * Reads one.
   *
   * @param server that answered
   * @param tried what was tried, for messages
   */
  static Run read(MlflowServer server, JsonNode node, String tried) {
    JsonNode info = node.path("info");
    JsonNode data = node.path("data");
    String id = Json.text(info, "run_id");
    if (id.isEmpty()) {
      throw server.failure(
          FailureKind.PLATFORM, tried, "a response without a run id", "Portage retries.");
    }
    List<Metric> metrics = new ArrayList<>();
    data.path("metrics").forEach(metric -> metrics.add(Json.metric(metric)));
    List<ModelOutput> models = new ArrayList<>();
    node.path("outputs")
        .path("model_outputs")
        .forEach(output ->
            models.add(
                new ModelOutput(Json.text(output, "model_id"), Json.number(output, "step", 0))));
    List<JsonNode> datasets = new ArrayList<>();
    node.path("inputs").path("dataset_inputs").forEach(datasets::add);
    return new Run(
        new Run.RunInfo(
            id,
            Json.text(info, "experiment_id"),
            Json.text(info, "run_name"),
            Json.text(info, "status"),
            Json.number(info, "start_time"),
            Json.number(info, "end_time"),
            Json.text(info, "artifact_uri"),
            Json.text(info, "lifecycle_stage").equals("active")),
        Json.text(info, "user_id"),
        new Facts(metrics, Json.map(data.path("params")), Json.map(data.path("tags"))),
        models,
        datasets);
  }
}
