package dev.portage.databricks;

import com.databricks.sdk.service.jobs.CronSchedule;
import com.databricks.sdk.service.jobs.JobSettings;
import com.databricks.sdk.service.jobs.PauseStatus;
import com.databricks.sdk.service.jobs.QueueSettings;
import com.databricks.sdk.service.jobs.Task;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.job.JobCode;
import dev.portage.job.JobOrder;
import dev.portage.job.JobState;
import dev.portage.registry.Tags;
import dev.portage.settings.ScheduleZone;
import dev.portage.settings.ScoringValues;
import dev.portage.settings.Work;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a batch scoring job.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/create">jobs/create</a>
 */
final class JobDefinition {
  /** A scheduled run is a batch of its own; a promotion's run names its batch. */
  private static final String SCHEDULED_BATCH = "{{job.run_id}}";

  /** Where tasks have theirs. */
  private static final List<String> PARAMETERS =
      List.of(
          "/notebook_task/base_parameters",
          "/spark_python_task/parameters",
          "/python_wheel_task/parameters",
          "/python_wheel_task/named_parameters");

  private JobDefinition() {}

  /** The settings that an order requires, tagged with their own hash. */
  static ObjectNode settings(DatabricksApi api, JobOrder order) {
    Map<String, String> values = values(order);
    ObjectNode json =
        order.scoring() instanceof Work.Defined file
            ? ofFile(new JobOfFile(api, file.lasting(), order.source()), order, values)
            : ofWork(api, order, ofItsOwnRuns(values));
    JobTags.mark(json, order);
    return json;
  }

  private static ObjectNode ofFile(JobOfFile file, JobOrder order, Map<String, String> values) {
    ObjectNode json = file.settings(values, order.timeout());
    json.put("name", order.name());
    if (!json.has("description")) {
      json.put("description", description(order));
    }
    json.withObjectProperty("tags").put(JobTags.VERSION, CloudTag.value(order.modelVersion()));
    return json;
  }

  private static String description(JobOrder order) {
    return "Scores with model "
        + order.model()
        + " version "
        + order.modelVersion()
        + ". Managed by Portage; the next promotion overwrites manual changes, except the run-as identity and permissions.";
  }

  private static ObjectNode ofWork(DatabricksApi api, JobOrder order, Map<String, String> values) {
    Work work = ScoringValues.withArguments(order.scoring(), values);
    TaskCode code =
        TaskCode.of(
            order.source(),
            work,
            new TreeMap<>(ScoringValues.parameters(order.scoring(), order.parameters(), values)));
    Task task =
        code.into(new Task().setTaskKey("score").setTimeoutSeconds(order.timeout().toSeconds()));
    JobSettings settings =
        new JobSettings()
            .setName(order.name())
            .setDescription(description(order))
            .setGitSource(Sources.git(order.source(), order.workspace()))
            .setTasks(List.of(task))
            .setTimeoutSeconds(order.timeout().toSeconds())
            .setQueue(new QueueSettings().setEnabled(true))
            .setMaxConcurrentRuns(1L);
    new Compute(api)
        .of(work.compute(), order.source(), Map.of())
        .withWheel(code.wheelFile())
        .putOn(task, settings);
    if (order.schedule() != null) {
      settings.setSchedule(
          new CronSchedule()
              .setQuartzCronExpression(order.schedule())
              .setTimezoneId(ScheduleZone.javaId(order.timezone()).orElse(order.timezone()))
              .setPauseStatus(PauseStatus.UNPAUSED));
    }
    return (ObjectNode) api.json(settings);
  }

  /**
   * A job as it is.
   *
   * @param remarks what people have to know of it besides
   * @param asking who asks: a promotion, whose id a tag may hold in another form; null for nobody
   *     in particular
   */
  static JobState state(
      StoredJob job, DatabricksApi api, List<String> remarks, @Nullable String asking) {
    return state(job, api, remarks, asking, ScoringCode.of(api, job.settings()));
  }

  /**
   * A job as it is after it was changed: that its code can't be read now does not fail the change.
   *
   * @param asking as for {@link #state}
   */
  static JobState changed(StoredJob job, DatabricksApi api, @Nullable String asking) {
    return state(job, api, List.of(), asking, ScoringCode.ifReadable(api, job.settings()));
  }

  private static JobState state(
      StoredJob job,
      DatabricksApi api,
      List<String> remarks,
      @Nullable String asking,
      @Nullable JobCode code) {
    JsonNode settings = job.settings();
    JobTags.Undo undo = JobTags.undo(settings);
    return JobState.of(job.id(), settings.path("name").asText(), SettingsJson.hash(settings))
        .scores(modelVersion(job), text(settings.path("git_source").path("git_commit")))
        .page(RunReader.pageOf(api.page("/jobs/" + job.id())))
        .madeBy(
            promotion(settings, asking),
            undo == null ? null : undo.hash(),
            undo == null ? null : undo.uri())
        .runAs(job.runAs())
        .remarks(remarks.isEmpty() ? null : remarks)
        .resumes(
            JobPause.resumes(settings),
            JobPause.resumes(settings) == null
                ? null
                : SettingsJson.hash(JobPause.resumed(settings)))
        .code(code)
        .build();
  }

  /** The version that a job scores with, null when it does not say. */
  static @Nullable String modelVersion(StoredJob job) {
    String tag = JobTags.of(job.settings(), JobTags.VERSION);
    return tag == null ? text(widgets(job.settings()).path("model_version")) : tag;
  }

  /** The values of all parameters, whatever their names. */
  static Stream<String> values(JsonNode settings) {
    Stream.Builder<String> values = Stream.builder();
    settings.path("parameters").forEach(one -> values.add(one.path("default").asText()));
    for (JsonNode task : settings.path("tasks")) {
      for (String pointer : PARAMETERS) {
        JsonNode given = task.at(pointer);
        given.forEach(value -> values.add(value.asText()));
        named(given).forEach(value -> values.add(value.asText()));
      }
    }
    return values.build();
  }

  /** A named value of a job's task, null where it has none of that name. */
  static @Nullable String widget(JsonNode settings, String name) {
    return text(widgets(settings).path(name));
  }

  /** What a workspace does not return about a job, so that nobody can restore it. */
  static List<String> notRestorable(StoredJob job) {
    return PoolAdditions.clusters(job.settings()).stream()
        .flatMap(cluster -> Stream.ofNullable(text(cluster.path("policy_id"))))
        .distinct()
        .sorted()
        .map(policy ->
            "the workspace does not tell whether its cluster takes the defaults of policy "
                + policy
                + " (apply_policy_default_values), so that is not restored if the promotion fails")
        .toList();
  }

  /**
   * One tag may hold a promotion's id cut, and others have it whole; on a job from before those,
   * its parameters do.
   */
  private static @Nullable String promotion(JsonNode settings, @Nullable String asking) {
    return Stream.of(
            Stream.ofNullable(JobTags.promotion(settings)),
            values(settings),
            Stream.ofNullable(asking))
        .flatMap(ids -> ids)
        .filter(whole -> JobTags.isOf(settings, whole))
        .findFirst()
        .orElse(JobTags.of(settings, Tags.PROMOTION));
  }

  /** The named values of the task, whatever it runs. */
  private static JsonNode widgets(JsonNode settings) {
    JsonNode task = settings.path("tasks").path(0);
    JsonNode wheel = task.path("python_wheel_task");
    if (wheel.isObject()) {
      JsonNode byName = wheel.path("named_parameters");
      return byName.isEmpty() ? named(wheel.path("parameters")) : byName;
    }
    return task.has("spark_python_task")
        ? named(task.path("spark_python_task").path("parameters"))
        : task.path("notebook_task").path("base_parameters");
  }

  private static JsonNode named(JsonNode arguments) {
    ObjectNode named = JsonNodeFactory.instance.objectNode();
    for (JsonNode argument : arguments) {
      String text = argument.asText();
      int equals = text.indexOf('=');
      if (text.startsWith("--") && equals > 2) {
        named.put(text.substring(2, equals), text.substring(equals + 1));
      }
    }
    return named;
  }

  private static @Nullable String text(JsonNode value) {
    return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : null;
  }

  /** A run of the schedule is no promotion's. */
  private static Map<String, String> ofItsOwnRuns(Map<String, String> values) {
    Map<String, String> own = new HashMap<>(values);
    own.put(ScoringValues.PROMOTION, "");
    return own;
  }

  private static Map<String, String> values(JobOrder order) {
    return Map.of(
        ScoringValues.MODEL_URI, order.modelUri(),
        ScoringValues.MODEL_VERSION, order.modelVersion(),
        ScoringValues.TABLE, order.table(),
        ScoringValues.BATCH, SCHEDULED_BATCH,
        ScoringValues.PROMOTION, order.promotion());
  }
}
