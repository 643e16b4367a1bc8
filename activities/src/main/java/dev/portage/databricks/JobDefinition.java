package dev.portage.databricks;

import com.databricks.sdk.service.jobs.CronSchedule;
import com.databricks.sdk.service.jobs.JobSettings;
import com.databricks.sdk.service.jobs.PauseStatus;
import com.databricks.sdk.service.jobs.QueueSettings;
import com.databricks.sdk.service.jobs.Task;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.job.JobOrder;
import dev.portage.job.JobState;
import dev.portage.registry.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a batch scoring job.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/create">jobs/create</a>
 */
final class JobDefinition {
  /** A scheduled run is a batch of its own; a promotion's run names its batch. */
  private static final String SCHEDULED_BATCH = "{{job.run_id}}";

  private JobDefinition() {}

  /** The settings that an order asks for, tagged with their own hash. */
  static ObjectNode settings(DatabricksApi api, JobOrder order) {
    Task task =
        new Task()
            .setTaskKey("score")
            .setNotebookTask(Sources.notebook(order.source(), order.notebook(), widgets(order)))
            .setTimeoutSeconds(order.timeout().toSeconds());
    new Compute(api)
        .cluster(Map.of())
        .ifPresentOrElse(task::setNewCluster, () -> task.setDisableAutoOptimization(true));
    JobSettings settings =
        new JobSettings()
            .setName(order.name())
            .setDescription(
                "Scores with model "
                    + order.model()
                    + " version "
                    + order.modelVersion()
                    + ". Kept by Portage: changes by hand last until the next promotion.")
            .setGitSource(Sources.git(order.source(), order.workspace()))
            .setTasks(List.of(task))
            .setTags(tags(order))
            .setTimeoutSeconds(order.timeout().toSeconds())
            .setQueue(new QueueSettings().setEnabled(true))
            .setMaxConcurrentRuns(1L);
    if (order.schedule() != null) {
      settings.setSchedule(
          new CronSchedule()
              .setQuartzCronExpression(order.schedule())
              .setTimezoneId(order.timezone())
              .setPauseStatus(PauseStatus.UNPAUSED));
    }
    ObjectNode json = (ObjectNode) api.json(settings);
    json.withObjectProperty("tags").put(JobTags.SETTINGS, SettingsJson.hash(json));
    return json;
  }

  /** A job as it is. */
  static JobState state(long jobId, JsonNode settings, DatabricksApi api) {
    JsonNode widgets = settings.path("tasks").path(0).path("notebook_task").path("base_parameters");
    return new JobState(
        jobId,
        settings.path("name").asText(),
        SettingsJson.hash(settings),
        text(widgets.path("model_version")),
        text(settings.path("git_source").path("git_commit")),
        RunReader.pageOf(api.page("/jobs/" + jobId)),
        JobTags.of(settings, Tags.PROMOTION),
        JobTags.of(settings, JobTags.BEFORE),
        JobTags.of(settings, JobTags.UNDO));
  }

  private static @Nullable String text(JsonNode value) {
    return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : null;
  }

  private static Map<String, String> widgets(JobOrder order) {
    // What a person names in promotion.yaml can't replace what makes the rows told apart.
    Map<String, String> widgets = new TreeMap<>(order.parameters());
    widgets.put("model_uri", order.modelUri());
    widgets.put("model_version", order.modelVersion());
    widgets.put("table", order.table());
    widgets.put("batch_id", SCHEDULED_BATCH);
    widgets.put("promotion_id", order.promotion());
    return widgets;
  }

  private static Map<String, String> tags(JobOrder order) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(Tags.MODEL, JobTags.value(order.model()));
    tags.put(Tags.PROMOTION, JobTags.value(order.promotion()));
    tags.put(Tags.KEY, JobTags.value(order.key()));
    tags.put(Tags.COMMIT, order.source().commit());
    return tags;
  }
}
