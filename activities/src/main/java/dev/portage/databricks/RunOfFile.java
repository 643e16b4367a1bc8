package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.settings.Work;
import io.temporal.failure.ApplicationFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of the tasks of a team's scoring job, without the job. Such a run has no job clusters and
 * no parameters of a job, so each task gets its own.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/submit">jobs/runs/submit</a>
 */
final class RunOfFile {
  /** What a one-time run takes of a job's settings. */
  private static final List<String> OF_A_RUN =
      List.of(
          "git_source",
          "environments",
          "timeout_seconds",
          "queue",
          "health",
          "budget_policy_id",
          "usage_policy_id",
          "performance_target");

  /** What people asked to be told of the job, and not of a rehearsal. */
  private static final List<String> NOTIFICATIONS =
      List.of("email_notifications", "webhook_notifications", "notification_settings");

  /** What a task of a job may have, and one of a one-time run has not. */
  private static final List<String> OF_A_JOB =
      List.of(
          "max_retries",
          "min_retry_interval_millis",
          "retry_on_timeout",
          "disable_auto_optimization",
          "disabled");

  /** Tasks that start something else, which no rehearsal can keep apart. */
  private static final List<String> ELSEWHERE =
      List.of(
          "run_job_task",
          "pipeline_task",
          "dashboard_task",
          "alert_task",
          "power_bi_task",
          "dbt_cloud_task",
          "dbt_platform_task");

  /** Tasks that get the parameters of their job without asking for them. */
  private static final List<String> PUSHED_DOWN =
      List.of(
          "/notebook_task/base_parameters",
          "/python_wheel_task/named_parameters",
          "/sql_task/parameters");

  private static final Pattern REFERENCE =
      Pattern.compile("\\{\\{\\s*job\\.parameters\\.([\\w.-]+?)\\s*}}");

  private RunOfFile() {}

  /**
   * The run, without its name and token.
   *
   * @param job the file
   * @param settings its settings, complete
   * @param description what each task says of itself
   */
  static ObjectNode of(
      DatabricksApi api, Work.Defined job, ObjectNode settings, String description) {
    refuseElsewhere(api, job, settings);
    Map<String, String> parameters = new HashMap<>();
    settings
        .path("parameters")
        .forEach(one -> parameters.put(one.path("name").asText(), one.path("default").asText()));
    Map<String, JsonNode> clusters = new HashMap<>();
    settings
        .path("job_clusters")
        .forEach(
            one -> clusters.put(one.path("job_cluster_key").asText(), one.path("new_cluster")));
    ObjectNode run = settings.deepCopy().retain(OF_A_RUN);
    run.set("tasks", settings.path("tasks").deepCopy());
    for (ObjectNode task : JobOfFile.tasks(run)) {
      task.remove(NOTIFICATIONS);
      task.remove(OF_A_JOB);
      task.put("description", description);
      JsonNode key = task.remove("job_cluster_key");
      if (key != null) {
        task.set(
            "new_cluster",
            Objects.requireNonNull(clusters.get(key.asText()), "a cluster of the file").deepCopy());
      }
      pushDown(task, parameters);
    }
    run.set("tasks", resolved(run.path("tasks"), parameters));
    return run;
  }

  private static void refuseElsewhere(DatabricksApi api, Work.Defined job, ObjectNode settings) {
    for (ObjectNode task : JobOfFile.tasks(settings)) {
      for (String kind : ELSEWHERE) {
        if (task.has(kind)) {
          throw refused(
              api,
              job,
              task,
              "is a " + kind + ", which starts something that a rehearsal can't keep apart",
              "Leave such tasks to a job of their own, or set rehearse: false.");
        }
      }
      if (task.path("disabled").asBoolean()) {
        throw refused(
            api,
            job,
            task,
            "is disabled, and a run without its job would run it",
            "Leave it out of the file, or set rehearse: false.");
      }
    }
  }

  private static ApplicationFailure refused(
      DatabricksApi api, Work.Defined job, ObjectNode task, String why, String remedy) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            "rehearse " + job.named(),
            api.workspace().where(),
            "task " + task.path("task_key").asText() + " " + why,
            remedy));
  }

  private static void pushDown(ObjectNode task, Map<String, String> parameters) {
    for (String pointer : PUSHED_DOWN) {
      String[] names = pointer.substring(1).split("/", -1);
      if (task.get(names[0]) instanceof ObjectNode code) {
        boolean takes = !names[0].equals("python_wheel_task") || code.has(names[1]);
        if (takes && !parameters.isEmpty()) {
          ObjectNode given = code.withObjectProperty(names[1]);
          parameters.forEach(given::put);
        }
      }
    }
  }

  /** References to parameters of the job, which the run does not have, by their values. */
  private static JsonNode resolved(JsonNode node, Map<String, String> parameters) {
    if (node instanceof ObjectNode object) {
      object.properties().forEach(field -> field.setValue(resolved(field.getValue(), parameters)));
      return object;
    }
    if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        list.set(i, resolved(list.get(i), parameters));
      }
      return list;
    }
    return node.isTextual()
        ? TextNode.valueOf(
            REFERENCE
                .matcher(node.textValue())
                .replaceAll(found ->
                    Matcher.quoteReplacement(
                        parameters.getOrDefault(found.group(1), found.group()))))
        : node;
  }
}
