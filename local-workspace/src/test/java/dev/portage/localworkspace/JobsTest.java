package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.core.error.platform.InvalidParameterValue;
import com.databricks.sdk.core.error.platform.NotFound;
import com.databricks.sdk.core.error.platform.PermissionDenied;
import com.databricks.sdk.service.compute.ClusterSpec;
import com.databricks.sdk.service.jobs.BaseJob;
import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.CronSchedule;
import com.databricks.sdk.service.jobs.Job;
import com.databricks.sdk.service.jobs.JobCluster;
import com.databricks.sdk.service.jobs.JobEnvironment;
import com.databricks.sdk.service.jobs.JobParameterDefinition;
import com.databricks.sdk.service.jobs.JobSettings;
import com.databricks.sdk.service.jobs.ListJobsRequest;
import com.databricks.sdk.service.jobs.PauseStatus;
import com.databricks.sdk.service.jobs.PythonWheelTask;
import com.databricks.sdk.service.jobs.ResetJob;
import com.databricks.sdk.service.jobs.RunNow;
import com.databricks.sdk.service.jobs.Task;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.jobs.Work;
import dev.portage.localworkspace.protocol.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs, through Databricks' own client. */
class JobsTest {
  private static final String GIT =
      "\"git_source\":{\"git_url\":\"https://git.example.com/ml\",\"git_provider\":\"gitHub\","
          + "\"git_commit\":\""
          + TestWorkspace.COMMIT
          + "\"}";

  @AutoClose private final TestWorkspace test;

  JobsTest(@TempDir Path folder) throws IOException {
    test = TestWorkspace.in(folder);
  }

  @Test
  void aJobIsReturnedAsCreated() {
    long id =
        test.client
            .jobs()
            .create(
                new CreateJob()
                    .setName("diabetes-batch")
                    .setGitSource(TestWorkspace.git())
                    .setTags(Map.of("portage.model", "diabetes"))
                    .setSchedule(
                        new CronSchedule()
                            .setQuartzCronExpression("0 0 6 ? * MON-FRI")
                            .setTimezoneId("Europe/Berlin")
                            .setPauseStatus(PauseStatus.PAUSED))
                    .setJobClusters(
                        List.of(
                            new JobCluster()
                                .setJobClusterKey("main")
                                .setNewCluster(
                                    new ClusterSpec()
                                        .setSparkVersion("16.4.x-cpu-ml-scala2.12")
                                        .setInstancePoolId("pool-1")
                                        .setNumWorkers(0L))))
                    .setTasks(List.of(TestWorkspace.task("score").setJobClusterKey("main"))))
            .getJobId();

    Job job = test.client.jobs().get(id);

    assertThat(job.getCreatorUserName()).isEqualTo("ana@example.com");
    assertThat(job.getSettings().getName()).isEqualTo("diabetes-batch");
    assertThat(job.getSettings().getTags()).containsEntry("portage.model", "diabetes");
    assertThat(job.getSettings().getSchedule().getPauseStatus()).isEqualTo(PauseStatus.PAUSED);
    assertThat(job.getSettings().getMaxConcurrentRuns()).isEqualTo(1);
    Task task = job.getSettings().getTasks().iterator().next();
    assertThat(task.getNotebookTask().getNotebookPath()).isEqualTo("notebooks/train");
    assertThat(
            job.getSettings()
                .getJobClusters()
                .iterator()
                .next()
                .getNewCluster()
                .getInstancePoolId())
        .isEqualTo("pool-1");
  }

  @Test
  void theSameBodyTwiceCreatesTwoJobsForLackOfAnIdempotencyToken() {
    long first = create("twin");
    long second = create("twin");

    assertThat(first).isNotEqualTo(second);
    assertThat(list(new ListJobsRequest().setName("TWIN"))).hasSize(2);
  }

  @Test
  void listsArePagedNewestFirstAndShowTasksOnRequest() {
    for (int i = 0; i < 5; i++) {
      create("job-" + i);
    }

    assertThat(list(new ListJobsRequest().setLimit(2L)))
        .extracting(job -> job.getSettings().getName())
        .containsExactly("job-4", "job-3", "job-2", "job-1", "job-0");
    assertThat(list(new ListJobsRequest().setName("job-3")).getFirst().getSettings().getTasks())
        .isNull();
    assertThat(
            list(new ListJobsRequest().setName("job-3").setExpandTasks(true))
                .getFirst()
                .getSettings()
                .getTasks())
        .hasSize(1);
    assertThat(list(new ListJobsRequest().setName("job"))).isEmpty();
  }

  @Test
  void resetReplacesAllSettingsAndKeepsTheJob() {
    long id =
        test.client
            .jobs()
            .create(new CreateJob().setName("before").setTags(Map.of("a", "b")))
            .getJobId();

    test.client
        .jobs()
        .reset(new ResetJob().setJobId(id).setNewSettings(new JobSettings().setName("after")));

    Job job = test.client.jobs().get(id);
    assertThat(job.getSettings().getName()).isEqualTo("after");
    assertThat(job.getSettings().getTags()).isNull();
  }

  @Test
  void aDeletedJobIsGone() {
    long id = create("gone");

    test.client.jobs().delete(id);

    assertThatThrownBy(() -> test.client.jobs().get(id))
        .isInstanceOf(NotFound.class)
        .hasMessageContaining("Job " + id + " does not exist");
    assertThatThrownBy(() -> test.client.jobs().delete(id)).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> Clients.of(test.workspace.host(), TestWorkspace.VIEWER).jobs().get(id))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("permissions on job " + id);
  }

  @Test
  void aPoolsSettingsAreReturnedAndRefusedAsInput() throws IOException, InterruptedException {
    String cluster =
        "{\"spark_version\":\"16.4.x-cpu-ml-scala2.12\",\"instance_pool_id\":\"pool-1\","
            + "\"num_workers\":1,\"apply_policy_default_values\":true}";
    long id = idOf(send("/api/2.2/jobs/create", job(cluster)).body());

    JsonNode settings = read(id, "").path("settings");

    JsonNode given = settings.at("/job_clusters/0/new_cluster");
    assertThat(given.path("node_type_id").asText()).isEqualTo("Standard_D4ds_v5");
    assertThat(given.path("enable_elastic_disk").asBoolean()).isTrue();
    assertThat(given.has("azure_attributes")).isTrue();
    assertThat(given.has("apply_policy_default_values")).isFalse();
    HttpResponse<String> refused =
        send("/api/2.2/jobs/reset", "{\"job_id\":" + id + ",\"new_settings\":" + settings + "}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("cannot be supplied when an instance pool ID is provided");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"aws_attributes\":{\"zone_id\":\"us-east-1c\"}",
        "\"azure_attributes\":{\"first_on_demand\":1}",
        "\"gcp_attributes\":{\"availability\":\"ON_DEMAND_GCP\"}",
        "\"enable_elastic_disk\":false",
        "\"driver_node_type_id\":\"Standard_D4ds_v5\""
      })
  void settingsOfAPoolMayNotBeGivenNextToIt(String field) throws IOException, InterruptedException {
    String cluster =
        "{\"spark_version\":\"16.4.x-cpu-ml-scala2.12\",\"instance_pool_id\":\"pool-1\","
            + field
            + "}";
    assertThat(send("/api/2.2/jobs/create", job(cluster)).body())
        .contains("cannot be supplied when an instance pool ID is provided");
  }

  @Test
  void aJobWithManyTasksIsPagedAndLaterPagesHaveOnlyTasks()
      throws IOException, InterruptedException {
    StringBuilder tasks = new StringBuilder();
    for (int i = 0; i < 150; i++) {
      tasks
          .append(i == 0 ? "" : ",")
          .append(
              "{\"task_key\":\"t%03d\",\"notebook_task\":{\"notebook_path\":\"n\"}".formatted(i))
          .append(
              i < 3 ? "}" : ",\"depends_on\":[{\"task_key\":\"t002\"},{\"task_key\":\"t001\"}]}");
    }
    long id =
        idOf(
            send(
                    "/api/2.2/jobs/create",
                    "{"
                        + GIT
                        + ",\"parameters\":[{\"name\":\"day\",\"default\":\"today\"}],\"tasks\":["
                        + tasks
                        + "]}")
                .body());

    JsonNode first = read(id, "");
    JsonNode second = read(id, "&page_token=" + first.path("next_page_token").asText());

    assertThat(first.path("has_more").asBoolean()).isTrue();
    assertThat(first.at("/settings/tasks")).hasSize(100);
    assertThat(first.at("/settings/tasks/5/depends_on/0/task_key").asText()).isEqualTo("t001");
    assertThat(second.at("/settings/tasks")).hasSize(50);
    assertThat(second.at("/settings/parameters")).isEmpty();
    assertThat(second.has("next_page_token")).isFalse();
  }

  @Test
  void theRunAsIdentitySurvivesAReset() throws IOException, InterruptedException {
    long id =
        idOf(
            send(
                    "/api/2.2/jobs/create",
                    "{\"name\":\"x\",\"run_as\":{\"user_name\":\"sam@example.com\"}}")
                .body());

    send("/api/2.2/jobs/reset", "{\"job_id\":" + id + ",\"new_settings\":{\"name\":\"y\"}}");

    JsonNode job = read(id, "");
    assertThat(job.at("/settings/name").asText()).isEqualTo("y");
    assertThat(job.at("/settings/run_as/user_name").asText()).isEqualTo("sam@example.com");
    assertThat(job.path("run_as_user_name").asText()).isEqualTo("sam@example.com");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "portage_key | a#b | AWS",
        "portage_key | a/b | Google Cloud",
        "portage_key | 0123456789012345678901234567890123456789012345678901234567890123 | Google Cloud",
        "portage_key | ends_ | Google Cloud",
        "portage_key | 模型 | AWS",
        "a/b | x | Azure",
        "-a | x | Google Cloud"
      })
  void aTagThatOneCloudRefusesIsRefused(String key, String value, String cloud)
      throws IOException, InterruptedException {
    String tags = Json.object().put(key, value).toString();

    assertThat(send("/api/2.2/jobs/create", "{\"tags\":" + tags + "}").body())
        .contains("INVALID_PARAMETER_VALUE", "is refused by " + cloud);
    assertThat(
            send(
                    "/api/2.2/jobs/create",
                    job(
                        "{\"spark_version\":\"16.4.x-cpu-ml-scala2.12\",\"instance_pool_id\":\"pool-1\","
                            + "\"custom_tags\":"
                            + tags
                            + "}"))
                .body())
        .contains("'custom_tags'", "is refused by " + cloud);
  }

  private static String job(String cluster) {
    return "{\"job_clusters\":[{\"job_cluster_key\":\"main\",\"new_cluster\":" + cluster + "}]}";
  }

  private HttpResponse<String> send(String path, String body)
      throws IOException, InterruptedException {
    return test.send("POST", path, TestWorkspace.ALL, body);
  }

  private JsonNode read(long id, String more) throws IOException, InterruptedException {
    return Json.read(
        test.send("GET", "/api/2.2/jobs/get?job_id=" + id + more, TestWorkspace.ALL, "")
            .body()
            .getBytes(StandardCharsets.UTF_8));
  }

  private static long idOf(String body) {
    return Json.read(body.getBytes(StandardCharsets.UTF_8)).path("job_id").asLong();
  }

  @Test
  void aWheelTakesNamedOrPositionalParametersAndARunsReplaceThem() {
    long byName = wheel(new PythonWheelTask().setNamedParameters(Map.of("seed", "1")));
    long inLine = wheel(new PythonWheelTask().setParameters(List.of("fit", "{{job.id}}")));

    assertThat(arguments(new RunNow().setJobId(byName))).containsExactly("--seed=1");
    assertThat(arguments(new RunNow().setJobId(byName).setPythonNamedParams(Map.of("alpha", "2"))))
        .containsExactly("--alpha=2");
    assertThat(arguments(new RunNow().setJobId(inLine))).containsExactly("fit", "" + inLine);
    assertThat(arguments(new RunNow().setJobId(inLine).setPythonParams(List.of("score"))))
        .containsExactly("score");
  }

  @Test
  void kindsOfParametersThatExcludeEachOtherAreRefused() {
    long wheel = wheel(new PythonWheelTask().setNamedParameters(Map.of("seed", "1")));
    RunNow mixed =
        new RunNow()
            .setJobId(wheel)
            .setPythonNamedParams(Map.of("a", "1"))
            .setPythonParams(List.of("a"));
    RunNow ofTheJob =
        new RunNow()
            .setJobId(wheel)
            .setPythonNamedParams(Map.of("a", "1"))
            .setJobParameters(Map.of("a", "1"));

    assertThatThrownBy(() -> test.client.jobs().runNow(mixed))
        .hasMessageContaining("Only one of python_params and python_named_params");
    assertThatThrownBy(() -> test.client.jobs().runNow(ofTheJob))
        .hasMessageContaining("use job_parameters");
  }

  private List<String> arguments(RunNow run) {
    test.client.jobs().runNow(run);
    if (test.runner.next().launch().work() instanceof Work.Wheel wheel) {
      return wheel.arguments();
    }
    throw new AssertionError("it runs no wheel");
  }

  private long wheel(PythonWheelTask task) {
    return test.client
        .jobs()
        .create(
            new CreateJob()
                .setName("wheel")
                .setMaxConcurrentRuns(10L)
                .setEnvironments(List.of(new JobEnvironment().setEnvironmentKey("default")))
                .setTasks(
                    List.of(
                        new Task()
                            .setTaskKey("main")
                            .setEnvironmentKey("default")
                            .setPythonWheelTask(
                                task.setPackageName("churn").setEntryPoint("train")))))
        .getJobId();
  }

  @Test
  void jobParametersReachTheNotebookAndReferencesAreFilledIn() {
    long id =
        test.client
            .jobs()
            .create(
                new CreateJob()
                    .setName("score")
                    .setGitSource(TestWorkspace.git())
                    .setParameters(
                        List.of(
                            new JobParameterDefinition().setName("model_version").setDefault("1"),
                            new JobParameterDefinition()
                                .setName("table")
                                .setDefault("predictions")))
                    .setTasks(
                        List.of(
                            new Task()
                                .setTaskKey("score")
                                .setNotebookTask(
                                    TestWorkspace.notebook()
                                        .setBaseParameters(
                                            Map.of(
                                                "table", "own",
                                                "run",
                                                    "{{job.run_id}} of {{job.parameters.model_version}}"))))))
            .getJobId();

    long run =
        test.client
            .jobs()
            .runNow(new RunNow().setJobId(id).setJobParameters(Map.of("model_version", "7")))
            .getResponse()
            .getRunId();

    assertThat(test.runner.next().launch().work())
        .isEqualTo(
            new Work.Notebook(
                "notebooks/train",
                Map.of("model_version", "7", "table", "predictions", "run", run + " of 7"),
                false));
    assertThatThrownBy(() ->
            test.client
                .jobs()
                .runNow(new RunNow().setJobId(id).setJobParameters(Map.of("modle_version", "7"))))
        .isInstanceOf(InvalidParameterValue.class)
        .hasMessageContaining("has no parameter modle_version");
  }

  private long create(String name) {
    return test.client
        .jobs()
        .create(
            new CreateJob()
                .setName(name)
                .setGitSource(TestWorkspace.git())
                .setTasks(List.of(TestWorkspace.task("main"))))
        .getJobId();
  }

  private List<BaseJob> list(ListJobsRequest request) {
    return StreamSupport.stream(test.client.jobs().list(request).spliterator(), false).toList();
  }
}
