package dev.portage.databricks;

import com.databricks.sdk.service.jobs.JobSettings;
import com.databricks.sdk.service.jobs.NotebookTask;
import com.databricks.sdk.service.jobs.Task;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.job.Source;
import dev.portage.settings.JobPlaces;
import dev.portage.settings.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A scoring job whose settings are a file of the team's, as one workspace takes it: with the ids of
 * the pools and policies that it names, the commit, and compute for the tasks that have none.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/create">jobs/create</a>
 */
final class JobOfFile {
  /** Key of the environment that Portage adds. */
  private static final String ENVIRONMENT = "portage";

  private static final List<String> COMPUTE =
      List.of(
          "new_cluster", "job_cluster_key", "existing_cluster_id", "environment_key", "compute");

  /** Tasks that run code on compute of their own. */
  private static final List<String> CODE =
      List.of("notebook_task", "spark_python_task", "python_wheel_task");

  private final DatabricksApi api;
  private final Work.Defined file;
  private final Source source;

  /** That of one file, for one workspace. */
  JobOfFile(DatabricksApi api, Work.Defined file, Source source) {
    this.api = api;
    this.file = file;
    this.source = source;
  }

  /**
   * The settings of the file, complete.
   *
   * @param values what stands for the remaining placeholders, by name
   * @param timeout after which a run is ended where the file does not say
   */
  ObjectNode settings(Map<String, String> values, Duration timeout) {
    Map<String, String> all = new HashMap<>(values);
    all.put(JobPlaces.COMMIT, source.commit());
    all.put(JobPlaces.FOLDER, source.filePath(""));
    JsonNode its = file.read();
    Compute compute = new Compute(api);
    JobPlaces.namedThings(its).forEach(named -> all.put(named, compute.idOf(named)));
    ObjectNode settings = (ObjectNode) JobPlaces.filled(its, all);
    settings.set("git_source", api.json(Sources.git(source, api.workspace().name())));
    if (settings.path("timeout_seconds").asLong() <= 0) {
      settings.put("timeout_seconds", timeout.toSeconds());
    }
    if (!settings.has("queue")) {
      settings.putObject("queue").put("enabled", true);
    }
    if (!settings.has("max_concurrent_runs")) {
      settings.put("max_concurrent_runs", 1);
    }
    addCompute(settings, compute);
    // A workspace refuses next to a pool what it returned itself, as in a job that was exported.
    PoolAdditions.remove(settings);
    return settings;
  }

  private void addCompute(ObjectNode settings, Compute compute) {
    @Nullable TaskCompute word =
        file.compute() == null ? null : compute.of(file.compute(), source, Map.of());
    TaskCompute its = word == null ? TaskCompute.serverless(null, List.of()) : word;
    for (ObjectNode task : tasks(settings)) {
      if (COMPUTE.stream().anyMatch(task::has) || CODE.stream().noneMatch(task::has)) {
        continue;
      }
      Task made = new Task().setNotebookTask(task.has("notebook_task") ? new NotebookTask() : null);
      JobSettings beside = new JobSettings();
      its.putOn(made, beside);
      ObjectNode fields = (ObjectNode) api.json(made);
      fields.remove("notebook_task");
      if (fields.has("environment_key")) {
        fields.put("environment_key", ENVIRONMENT);
        addEnvironment(settings, api.json(beside).path("environments").path(0));
      }
      fields.properties().forEach(field -> task.putIfAbsent(field.getKey(), field.getValue()));
    }
  }

  private static void addEnvironment(ObjectNode settings, JsonNode environment) {
    ArrayNode all = settings.withArrayProperty("environments");
    for (JsonNode one : all) {
      if (one.path("environment_key").asText().equals(ENVIRONMENT)) {
        return;
      }
    }
    all.add(((ObjectNode) environment.deepCopy()).put("environment_key", ENVIRONMENT));
  }

  /** All tasks of settings, also those that another repeats. */
  static List<ObjectNode> tasks(JsonNode settings) {
    List<ObjectNode> tasks = new ArrayList<>();
    for (JsonNode task : settings.path("tasks")) {
      Stream.of(task, task.at("/for_each_task/task"))
          .filter(ObjectNode.class::isInstance)
          .map(ObjectNode.class::cast)
          .forEach(tasks::add);
    }
    return tasks;
  }
}
