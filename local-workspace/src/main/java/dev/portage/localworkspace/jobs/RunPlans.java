package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.jobs.RunPlan.Parameter;
import dev.portage.localworkspace.jobs.RunPlan.TaskPlan;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Builds the plan of a run from the request. */
final class RunPlans {
  private RunPlans() {}

  /** The plan of {@code runs/submit}. */
  static RunPlan ofSubmission(JsonNode body, long ephemeralJobId, String creator) {
    ObjectNode git = Json.part(body, "git_source");
    List<TaskPlan> tasks = tasks(body, List.of(), Overrides.NONE);
    if (tasks.isEmpty()) {
      throw ApiRefusal.invalidParameter("A run needs at least one task");
    }
    String name = Json.text(body, "run_name");
    return new RunPlan(
        new RunPlan.Requested(true, ephemeralJobId, name == null ? "Untitled" : name, creator),
        tasks,
        git,
        Json.array(),
        List.of(),
        null,
        new RunPlan.Limits(
            Duration.ofSeconds(Json.number(body, "timeout_seconds", 0)), Long.MAX_VALUE, false));
  }

  /** The plan of {@code run-now}. */
  static RunPlan ofJob(Job job, JsonNode body, String creator) {
    ObjectNode settings = job.settings();
    ObjectNode git = Json.part(settings, "git_source");
    Overrides overrides = Overrides.of(body, !Json.list(settings, "parameters").isEmpty());
    List<Parameter> parameters = parameters(job, body);
    List<TaskPlan> tasks = tasks(settings, parameters, overrides);
    if (tasks.isEmpty()) {
      throw ApiRefusal.invalidParameter("Job " + job.id() + " has no tasks.");
    }
    JsonNode queue = body.hasNonNull("queue") ? body.get("queue") : settings.path("queue");
    return new RunPlan(
        new RunPlan.Requested(false, job.id(), job.name(), creator),
        tasks,
        git,
        Json.list(settings, "job_clusters"),
        parameters,
        overrides.json(),
        new RunPlan.Limits(
            Duration.ofSeconds(Json.number(settings, "timeout_seconds", 0)),
            Json.number(settings, "max_concurrent_runs", 1),
            Json.flag(queue, "enabled", false)));
  }

  private static List<Parameter> parameters(Job job, JsonNode body) {
    Map<String, String> given = Json.texts(body, "job_parameters");
    List<Parameter> parameters = new ArrayList<>();
    for (JsonNode definition : Json.list(job.settings(), "parameters")) {
      String name = definition.get("name").asText();
      String byDefault = definition.get("default").asText();
      String value = given.remove(name);
      parameters.add(new Parameter(name, byDefault, value == null ? byDefault : value));
    }
    if (!given.isEmpty()) {
      throw ApiRefusal.invalidParameter(
          "Job " + job.id() + " has no parameter " + String.join(", ", given.keySet()) + ".");
    }
    return parameters;
  }

  private static List<TaskPlan> tasks(
      JsonNode settings, List<Parameter> parameters, Overrides overrides) {
    List<TaskPlan> tasks = new ArrayList<>();
    for (JsonNode task : Json.list(settings, "tasks")) {
      List<String> dependsOn = new ArrayList<>();
      Json.list(task, "depends_on").forEach(d -> dependsOn.add(d.get("task_key").asText()));
      tasks.add(
          new TaskPlan(
              task.get("task_key").asText(),
              task.deepCopy(),
              work(task, settings.hasNonNull("git_source"), parameters, overrides),
              dependsOn,
              "ALL_DONE".equals(Json.text(task, "run_if")),
              Duration.ofSeconds(Json.number(task, "timeout_seconds", 0)),
              clusterSettings(settings, task),
              libraries(settings, task)));
    }
    return tasks;
  }

  private static Work work(
      JsonNode task, boolean hasGit, List<Parameter> parameters, Overrides overrides) {
    ObjectNode notebook = Json.part(task, "notebook_task");
    if (notebook != null) {
      // A job's parameters reach every notebook and win over the task's own of the same name.
      Map<String, String> values = new LinkedHashMap<>(Json.texts(notebook, "base_parameters"));
      values.putAll(overrides.notebook());
      parameters.forEach(parameter -> values.put(parameter.name(), parameter.value()));
      return new Work.Notebook(
          notebook.get("notebook_path").asText(), values, JobRules.isOfWorkspace(notebook, hasGit));
    }
    ObjectNode wheel = Json.part(task, "python_wheel_task");
    if (wheel != null) {
      return new Work.Wheel(
          wheel.get("package_name").asText(),
          wheel.get("entry_point").asText(),
          overrides.commandLine(wheel, parameters));
    }
    JsonNode python = task.get("spark_python_task");
    return new Work.PythonFile(
        python.get("python_file").asText(),
        overrides.commandLine(python, List.of()),
        JobRules.isOfWorkspace(python, hasGit));
  }

  private static List<String> libraries(JsonNode settings, JsonNode task) {
    List<String> libraries = new ArrayList<>();
    for (JsonNode library : Json.list(task, "libraries")) {
      String index = Json.text(library.path("pypi"), "repo");
      if (index != null && !libraries.contains("--index-url " + index)) {
        libraries.add("--index-url " + index);
      }
      String pypi = Json.text(library.path("pypi"), "package");
      String requirements = Json.text(library, "requirements");
      Stream.of(
              pypi,
              Json.text(library, "whl"),
              Json.text(library, "jar"),
              requirements == null ? null : "-r " + requirements)
          .filter(Objects::nonNull)
          .forEach(libraries::add);
    }
    String key = Json.text(task, "environment_key");
    for (JsonNode environment : Json.list(settings, "environments")) {
      if (environment.get("environment_key").asText().equals(key)) {
        Json.list(environment.path("spec"), "dependencies")
            .forEach(dependency -> libraries.add(dependency.asText()));
      }
    }
    return libraries;
  }

  private static ClusterSettings clusterSettings(JsonNode settings, JsonNode task) {
    JsonNode cluster = Json.part(task, "new_cluster");
    String key = Json.text(task, "job_cluster_key");
    for (JsonNode jobCluster : Json.list(settings, "job_clusters")) {
      if (jobCluster.get("job_cluster_key").asText().equals(key)) {
        cluster = jobCluster.get("new_cluster");
      }
    }
    return cluster == null
        ? ClusterSettings.NONE
        : ClusterSettings.asSent(
            Json.texts(cluster, "spark_env_vars"), Json.texts(cluster, "spark_conf"));
  }
}
