package dev.portage.sandbox.failures;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.sandbox.Witness;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;

/**
 * What there is of a model, seen from outside.
 *
 * @param dev stages of its versions in dev, by number
 * @param prod stages of its versions in prod, by number
 * @param jobs settings of its scoring jobs, by id
 * @param jobRuns runs of those
 * @param trainings runs of its training notebook
 * @param rows rows of its predictions, by "promotion version"
 * @param served shares of the traffic of its endpoint, by names of served versions; empty without
 *     one
 */
public record Standing(
    Map<String, String> dev,
    Map<String, String> prod,
    Map<String, JsonNode> jobs,
    List<JsonNode> jobRuns,
    List<JsonNode> trainings,
    Map<String, Integer> rows,
    Map<String, Integer> served) {

  /** As it is now. */
  public static Standing of(Crew crew) {
    Witness witness = crew.witness();
    String model = crew.model();
    Map<String, JsonNode> jobs = new TreeMap<>();
    witness
        .jobs("prod", model + "-batch")
        .forEach(job -> jobs.put(job.path("job_id").asText(), job.path("settings")));
    return new Standing(
        stages(witness.versions("dev", model)),
        stages(witness.versions("prod", model)),
        jobs,
        witness.jobRuns("prod", model + "-batch"),
        witness.submittedRuns("dev", model + " train"),
        witness.rows(model + "_predictions"),
        witness.served("prod", model));
  }

  private static Map<String, String> stages(List<ModelVersion> versions) {
    Map<String, String> stages = new TreeMap<>();
    versions.forEach(version -> stages.put(version.getVersion(), version.getCurrentStage()));
    return stages;
  }

  /** Versions in Production in prod. */
  public List<String> champions() {
    return in("Production", prod);
  }

  /** Versions in Production in dev. */
  public List<String> marked() {
    return in("Production", dev);
  }

  /** Versions in Staging in dev; what was terminated stays there. */
  public List<String> onTheirWay() {
    return in("Staging", dev);
  }

  /** Served versions that get traffic, and how much. */
  public Map<String, Integer> traffic() {
    Map<String, Integer> traffic = new TreeMap<>(served);
    traffic.values().removeIf(share -> share == 0);
    return traffic;
  }

  private static List<String> in(String stage, Map<String, String> stages) {
    return stages.entrySet().stream()
        .filter(version -> version.getValue().equals(stage))
        .map(Map.Entry::getKey)
        .toList();
  }
}
