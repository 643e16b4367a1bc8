package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.compute.ClusterCompute;
import dev.portage.compute.Machines;
import dev.portage.compute.Workers;
import dev.portage.job.JobOrder;
import dev.portage.job.JobQuery;
import dev.portage.job.JobState;
import dev.portage.job.NotebookOrder;
import dev.portage.job.OthersQuery;
import dev.portage.job.OthersRun;
import dev.portage.job.ScoringRunOrder;
import dev.portage.job.Source;
import dev.portage.settings.Work;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The exact requests for scripts and wheels, and what is read back. */
class FormsSentTest {
  private static final String SUBMIT = "POST /api/2.2/jobs/runs/submit";
  private static final String RUN_NOW = "POST /api/2.2/jobs/run-now";
  private static final String WHEEL_FILE = "/Volumes/main/wheels/churn/{commit}/churn-1.0.whl";
  private static final String WHEEL_SENT = WHEEL_FILE.replace(Work.Wheel.COMMIT, Orders.COMMIT);
  private static final Duration HOUR = Duration.ofHours(1);

  @AutoClose
  private final FakeWorkspace workspace =
      FakeWorkspace.start()
          .on(SUBMIT, "{\"run_id\": 17}")
          .on(RUN_NOW, "{\"run_id\": 18}")
          .on("GET /api/2.2/jobs/runs/get", "{\"run_id\": 17}");

  private final FakeJobs there = new FakeJobs(workspace);

  @Test
  void aScriptIsAFileOfTheCommitWithItsArgumentsBeforeItsParametersInTheFilesOrder() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("seed", "42");
    parameters.put("data", "a b=c");

    JsonNode sent = submitted(script(List.of("fit", "-v"), parameters));

    assertThat(sent.path("git_source").path("git_commit").asText()).isEqualTo(Orders.COMMIT);
    JsonNode task = sent.path("tasks").path(0);
    assertThat(task.path("spark_python_task").toString())
        .isEqualTo(
            "{\"parameters\":[\"fit\",\"-v\",\"--seed=42\",\"--data=a b=c\"],"
                + "\"python_file\":\"src/train.py\",\"source\":\"GIT\"}");
    assertThat(task.has("notebook_task")).isFalse();
    assertThat(task.path("task_key").asText()).isEqualTo("script");
    assertThat(task.path("timeout_seconds").asLong()).isEqualTo(3600);
    assertThat(sent.path("idempotency_token").asText()).hasSize(64);
  }

  @Test
  void aScriptOfAProjectInAFolderIsNamedFromTheRepositorysRoot() {
    Source source = new Source(Orders.SOURCE.gitUrl(), "gitHub", Orders.COMMIT, "models/churn");

    Orders.jobs(workspace)
        .submitNotebook(
            NotebookOrder.of("dev", "k", "train", source, script(null, Map.of()), Map.of()));

    JsonNode python = workspace.calls(SUBMIT).getFirst().body().at("/tasks/0/spark_python_task");
    assertThat(python.path("python_file").asText()).isEqualTo("models/churn/src/train.py");
    assertThat(python.path("parameters")).isEmpty();
  }

  /** Serverless compute rejects libraries on a task, and a program without an environment. */
  @Test
  void onServerlessComputeAScriptAndAWheelHaveAnEnvironmentAndNoLibraries() {
    JsonNode script = submitted(script(null, Map.of()));
    JsonNode wheel = submitted(wheel(WHEEL_FILE, null));

    for (JsonNode sent : List.of(script, wheel)) {
      assertThat(sent.at("/tasks/0/environment_key").asText()).isEqualTo("default");
      assertThat(sent.at("/tasks/0").has("libraries")).isFalse();
      assertThat(sent.at("/environments/0/environment_key").asText()).isEqualTo("default");
      assertThat(sent.at("/environments/0/spec/environment_version").asText()).isEqualTo("4");
    }
    assertThat(script.at("/environments/0/spec").has("dependencies")).isFalse();
    assertThat(wheel.at("/environments/0/spec/dependencies").toString())
        .isEqualTo("[\"" + WHEEL_SENT + "\"]");
  }

  @Test
  void onAClusterAWheelIsALibraryOfItsTask() {
    workspace.compute(
        new ClusterCompute(
            Machines.ofType("Standard_DS3_v2"),
            Workers.fixed(1),
            "15.4.x-cpu-ml-scala2.12",
            null,
            Map.of(),
            Map.of(),
            List.of()));

    JsonNode task = submitted(wheel(WHEEL_FILE, null)).path("tasks").path(0);

    assertThat(task.path("libraries").toString()).isEqualTo("[{\"whl\":\"" + WHEEL_SENT + "\"}]");
    assertThat(task.has("environment_key")).isFalse();
    assertThat(task.has("new_cluster")).isTrue();
  }

  @Test
  void aWheelTakesItsValuesByNameOrAsItsCommandLineAndNeverBoth() {
    JsonNode byName = submitted(wheel(null, null)).at("/tasks/0/python_wheel_task");
    JsonNode inLine = submitted(wheel(null, List.of("fit"))).at("/tasks/0/python_wheel_task");

    assertThat(byName.toString())
        .isEqualTo(
            "{\"entry_point\":\"train\",\"named_parameters\":{\"seed\":\"42\"},"
                + "\"package_name\":\"churn\"}");
    assertThat(inLine.toString())
        .isEqualTo(
            "{\"entry_point\":\"train\",\"package_name\":\"churn\","
                + "\"parameters\":[\"fit\",\"--seed=42\"]}");
  }

  @Test
  void aScoringJobOfEachFormReportsItsVersionAndItsPromotionAgain() {
    for (Work work :
        List.of(
            script(null, Map.of()),
            script(List.of("--model_version=1", "score"), Map.of()),
            wheel(null, null),
            wheel(WHEEL_FILE, List.of("score")))) {
      there.settings.clear();
      apply("promotion/churn/a", "1", work);
      apply("promotion/churn/b", "2", work);

      JobState state =
          Orders.jobs(workspace).findJob(new JobQuery("dev", "churn-batch", "churn")).orElseThrow();
      assertThat(state.modelVersion()).as(work.toString()).isEqualTo("2");
      assertThat(state.promotion()).as(work.toString()).isEqualTo("promotion/churn/b");
      JsonNode task = there.only().path("tasks").path(0);
      assertThat(task.has("notebook_task")).isFalse();
    }
  }

  @Test
  void aScoringJobsOwnRunsAreABatchEach() {
    apply("promotion/churn/a", "1", script(List.of("score"), Map.of()));
    assertThat(words(there.only().at("/tasks/0/spark_python_task/parameters")))
        .containsExactly(
            "score",
            "--batch_id={{job.run_id}}",
            "--data=../data/churn.csv",
            "--model_uri=models:/churn/1",
            "--model_version=1",
            "--promotion_id=",
            "--table=churn_predictions");

    there.settings.clear();
    apply("promotion/churn/a", "1", wheel(WHEEL_FILE, null));
    JsonNode wheel = there.only();
    assertThat(wheel.at("/tasks/0/python_wheel_task/named_parameters/batch_id").asText())
        .isEqualTo("{{job.run_id}}");
    assertThat(wheel.at("/environments/0/spec/dependencies/0").asText()).isEqualTo(WHEEL_SENT);
  }

  @Test
  void aScoringJobThatPlacesItsValuesGetsThemOnlyThere() {
    apply(
        "promotion/churn/a",
        "3",
        script(List.of("--model", "{model_uri}", "{batch_id}"), Map.of()));

    assertThat(words(there.only().at("/tasks/0/spark_python_task/parameters")))
        .containsExactly(
            "--model", "models:/churn/3", "{{job.run_id}}", "--data=../data/churn.csv");
  }

  @Test
  void aRunOfAScoringJobGetsItsValuesAsItsTaskTakesThem() {
    assertThat(ran(script(List.of("score"), Map.of())).path("python_params").toString())
        .isEqualTo("[\"score\",\"--batch_id=first\",\"--model_version=7\"]");
    assertThat(ran(wheel(null, null)).path("python_named_params").toString())
        .isEqualTo("{\"batch_id\":\"first\",\"model_version\":\"7\"}");
    JsonNode inLine = ran(wheel(null, List.of("score")));
    assertThat(inLine.path("python_params").toString())
        .isEqualTo("[\"score\",\"--batch_id=first\",\"--model_version=7\"]");
    assertThat(inLine.has("python_named_params")).isFalse();
    assertThat(inLine.has("notebook_params")).isFalse();
  }

  @Test
  void aCommandLineBeyondTheApisLimitIsRefusedBeforehandArgumentsIncluded() {
    assertThatThrownBy(() -> ran(script(List.of("x".repeat(10_000)), Map.of())))
        .hasMessageContaining("10000 are allowed");
    assertThat(workspace.calls(RUN_NOW)).isEmpty();
  }

  @Test
  void leftoverRunsAreRecognisedByEachKindOfParameters() {
    workspace.on(
        "GET /api/2.2/jobs/runs/list",
        """
        {"runs": [
          {"run_id": 1, "overriding_parameters": {"notebook_params": {},
            "python_named_params": {"promotion_id": "promotion/churn/other"}}},
          {"run_id": 2, "overriding_parameters": {"python_params":
            ["--promotion_id=promotion/churn/mine", "--promotion_id=promotion/churn/other"]}},
          {"run_id": 3, "overriding_parameters": {"python_params":
            ["--promotion_id=promotion/churn/ours"]}},
          {"run_id": 4, "overriding_parameters": {"python_params": ["promotion_id", "other"]}}]}\
        """);

    assertThat(Orders.jobs(workspace).othersRuns(new OthersQuery("dev", 7, "promotion/churn/ours")))
        .extracting(OthersRun::promotion)
        .containsExactly("promotion/churn/other", "promotion/churn/other");
  }

  private JsonNode submitted(Work work) {
    Orders.jobs(workspace)
        .submitNotebook(
            NotebookOrder.of("dev", "key", "train churn", Orders.SOURCE, work, Map.of()));
    return workspace.calls(SUBMIT).getLast().body();
  }

  private JsonNode ran(Work work) {
    Orders.jobs(workspace)
        .runJob(
            new ScoringRunOrder(
                "dev", 5, "key", Map.of("model_version", "7", "batch_id", "first"), null, work));
    return workspace.calls(RUN_NOW).getLast().body();
  }

  private void apply(String promotion, String version, Work work) {
    JobOrder order = Orders.scoring(promotion, version);
    Orders.jobs(workspace).applyJob(order.toBuilder().work(work).build());
  }

  private static List<String> words(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static Work script(@Nullable List<String> arguments, Map<String, String> parameters) {
    return new Work.Script("src/train.py", parameters, arguments, HOUR, null);
  }

  private static Work wheel(@Nullable String file, @Nullable List<String> arguments) {
    return new Work.Wheel("churn", "train", file, Map.of("seed", "42"), arguments, HOUR, null);
  }
}
