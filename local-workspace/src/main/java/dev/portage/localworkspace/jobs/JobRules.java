package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.objects.WorkspaceTree;
import dev.portage.localworkspace.pools.Compute;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rules across the fields of a job or a submission, once each field has its {@link JobShapes
 * shape}: keys that refer to something, one kind of work and at most one kind of compute per task,
 * known pools and versions.
 */
final class JobRules {
  private final Compute compute;
  private final InstantSource clock;

  JobRules(Compute compute, InstantSource clock) {
    this.compute = compute;
    this.clock = clock;
  }

  /**
   * Checks job settings or a submission.
   *
   * @throws ApiRefusal INVALID_PARAMETER_VALUE, naming field and value
   */
  void check(JsonNode settings) {
    CloudTags.check("tags", settings.path("tags"));
    PoolFields.clusters(settings)
        .forEach(cluster -> CloudTags.check("custom_tags", cluster.path("custom_tags")));
    checkGit(Json.part(settings, "git_source"));
    JobStarts.check(settings);
    JsonNode schedule = Json.part(settings, "schedule");
    if (schedule != null) {
      QuartzCron.check(
          schedule.get("quartz_cron_expression").asText(),
          schedule.get("timezone_id").asText(),
          clock);
    }
    Set<String> clusters = new HashSet<>();
    for (JsonNode cluster : Json.list(settings, "job_clusters")) {
      addKey(clusters, "job_cluster_key", cluster);
      checkCluster(cluster.get("new_cluster"));
    }
    Set<String> environments = new HashSet<>();
    for (JsonNode environment : Json.list(settings, "environments")) {
      addKey(environments, "environment_key", environment);
      String version = Json.text(environment.path("spec"), "environment_version");
      if (version != null && !version.matches("[1-5]")) {
        throw ApiRefusal.invalidParameter(
            "Environment version '" + version + "' is not supported. Supported versions: 1 to 5");
      }
    }
    Set<String> parameters = new HashSet<>();
    for (JsonNode parameter : Json.list(settings, "parameters")) {
      addKey(parameters, "name", parameter);
    }
    Map<String, JsonNode> tasks = new LinkedHashMap<>();
    for (JsonNode task : Json.list(settings, "tasks")) {
      String key = task.get("task_key").asText();
      if (tasks.put(key, task) != null) {
        throw ApiRefusal.invalidParameter("The task_key '" + key + "' is used twice");
      }
      checkWork(task, settings.hasNonNull("git_source"));
      checkCompute(task, clusters, environments);
    }
    checkDependencies(tasks);
  }

  private static void addKey(Set<String> keys, String field, JsonNode node) {
    if (!keys.add(node.get(field).asText())) {
      throw ApiRefusal.invalidParameter(
          "The " + field + " '" + node.get(field).asText() + "' is used twice");
    }
  }

  private static void checkGit(@Nullable JsonNode git) {
    if (git == null) {
      return;
    }
    int references = 0;
    for (String field : new String[] {"git_branch", "git_tag", "git_commit"}) {
      references += git.hasNonNull(field) ? 1 : 0;
    }
    if (references != 1) {
      throw ApiRefusal.invalidParameter(
          "'git_source' must have exactly one of git_branch, git_tag and git_commit, not "
              + references);
    }
  }

  private static void checkWork(JsonNode task, boolean hasGit) {
    String key = task.get("task_key").asText();
    JsonNode notebook = Json.part(task, "notebook_task");
    JsonNode python = Json.part(task, "spark_python_task");
    JsonNode wheel = Json.part(task, "python_wheel_task");
    if (Stream.of(notebook, python, wheel).filter(Objects::nonNull).count() != 1) {
      throw ApiRefusal.invalidParameter(
          "Task '"
              + key
              + "' must have exactly one of notebook_task, spark_python_task and python_wheel_task");
    }
    if (wheel != null) {
      if (wheel.hasNonNull("parameters") && wheel.hasNonNull("named_parameters")) {
        throw ApiRefusal.invalidParameter(
            "Task '" + key + "' may have only one of parameters and named_parameters");
      }
      return;
    }
    JsonNode work = notebook != null ? notebook : python;
    if (work != null) {
      checkPath(key, work, hasGit);
    }
  }

  /**
   * Whether a task's code is in the workspace; by default it is in the Git source, if there is one.
   */
  static boolean isOfWorkspace(JsonNode work, boolean hasGit) {
    String source = Json.text(work, "source");
    return source == null ? !hasGit : source.equals("WORKSPACE");
  }

  private static void checkPath(String key, JsonNode work, boolean hasGit) {
    String path = work.path(work.has("notebook_path") ? "notebook_path" : "python_file").asText();
    if (isOfWorkspace(work, hasGit)) {
      if (!path.startsWith("/")) {
        throw ApiRefusal.invalidParameter(
            "Task '"
                + key
                + "': only absolute paths of the workspace are supported here, which begin with '/', not '"
                + path
                + "'");
      }
      WorkspaceTree.below(path);
      return;
    }
    if (!hasGit) {
      throw ApiRefusal.invalidParameter(
          "Task '" + key + "' has source GIT, but there is no 'git_source'");
    }
    if (path.startsWith("/") || path.isBlank()) {
      throw ApiRefusal.invalidParameter(
          "Task '"
              + key
              + "': with source GIT the path is relative to the repository's root, not '"
              + path
              + "'");
    }
  }

  private void checkCompute(JsonNode task, Set<String> clusters, Set<String> environments) {
    String key = task.get("task_key").asText();
    int kinds = 0;
    for (String field : new String[] {"job_cluster_key", "new_cluster", "existing_cluster_id"}) {
      kinds += task.hasNonNull(field) ? 1 : 0;
    }
    String environment = Json.text(task, "environment_key");
    if (kinds + (environment == null ? 0 : 1) > 1) {
      throw ApiRefusal.invalidParameter(
          "Task '"
              + key
              + "' may have only one of job_cluster_key, new_cluster, existing_cluster_id and environment_key");
    }
    String jobCluster = Json.text(task, "job_cluster_key");
    if (jobCluster != null && !clusters.contains(jobCluster)) {
      throw ApiRefusal.invalidParameter(
          "Task '" + key + "' names the unknown job_cluster_key '" + jobCluster + "'");
    }
    if (environment != null && !environments.contains(environment)) {
      throw ApiRefusal.invalidParameter(
          "Task '" + key + "' names the unknown environment_key '" + environment + "'");
    }
    if (kinds == 0 && environment == null && !task.hasNonNull("notebook_task")) {
      throw ApiRefusal.invalidParameter(
          "Task '"
              + key
              + "': an environment_key is required for a Python "
              + (task.hasNonNull("python_wheel_task") ? "wheel" : "file")
              + " on serverless compute");
    }
    if (kinds == 0 && !Json.list(task, "libraries").isEmpty()) {
      throw ApiRefusal.invalidParameter(
          "Libraries field is not supported for serverless task '"
              + key
              + "', please specify libraries in environment.");
    }
    String existing = Json.text(task, "existing_cluster_id");
    if (existing != null) {
      throw ApiRefusal.invalidParameter("Cluster " + existing + " does not exist");
    }
    JsonNode cluster = Json.part(task, "new_cluster");
    if (cluster != null) {
      checkCluster(cluster);
    }
  }

  private void checkCluster(JsonNode asked) {
    if (asked.hasNonNull("instance_pool_id")) {
      PoolFields.check(asked);
    } else if (asked.hasNonNull("driver_instance_pool_id")) {
      throw ApiRefusal.invalidParameter(
          "A driver from an instance pool needs workers from one: 'instance_pool_id' is missing");
    }
    JsonNode cluster = compute.filled(asked);
    compute.check(cluster);
    if (cluster.hasNonNull("num_workers") && cluster.hasNonNull("autoscale")) {
      throw ApiRefusal.invalidParameter(
          "A new_cluster may have only one of 'num_workers' and 'autoscale'");
    }
  }

  private static void checkDependencies(Map<String, JsonNode> tasks) {
    Set<String> ready = new HashSet<>();
    tasks.forEach((key, task) -> {
      for (JsonNode dependency : Json.list(task, "depends_on")) {
        String upstream = dependency.get("task_key").asText();
        if (!tasks.containsKey(upstream)) {
          throw ApiRefusal.invalidParameter(
              "Task '" + key + "' depends on the unknown task '" + upstream + "'");
        }
      }
    });
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Map.Entry<String, JsonNode> task : tasks.entrySet()) {
        boolean free = true;
        for (JsonNode dependency : Json.list(task.getValue(), "depends_on")) {
          free &= ready.contains(dependency.get("task_key").asText());
        }
        moved |= free && ready.add(task.getKey());
      }
    }
    if (ready.size() < tasks.size()) {
      throw ApiRefusal.invalidParameter("The tasks depend on each other in a cycle");
    }
  }
}
