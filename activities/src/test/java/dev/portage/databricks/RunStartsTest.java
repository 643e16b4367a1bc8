package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.service.compute.SparkVersion;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.compute.ClusterCompute;
import dev.portage.compute.ComputeSettings;
import dev.portage.compute.Machines;
import dev.portage.compute.Workers;
import dev.portage.job.NotebookOrder;
import dev.portage.job.OthersQuery;
import dev.portage.job.OthersRun;
import dev.portage.job.RunRef;
import dev.portage.job.ScoringRunOrder;
import dev.portage.job.Source;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RunStartsTest {
  private static final String SUBMIT = "POST /api/2.2/jobs/runs/submit";
  private static final String POOLS = "GET /api/2.0/instance-pools/list";
  private static final String RUNTIMES = "GET /api/2.1/clusters/spark-versions";
  private static final String RUNS = "GET /api/2.2/jobs/runs/list";
  private static final String OURS = "promotion/churn/0123456789ab";
  private static final String OTHER = "promotion/churn/ba9876543210";
  private static final String RUN_NOW = "POST /api/2.2/jobs/run-now";

  @AutoClose
  private final FakeWorkspace workspace =
      FakeWorkspace.start()
          .on(SUBMIT, "{\"run_id\": 17}")
          .on(RUN_NOW, "{\"run_id\": 18, \"number_in_job\": 18}")
          .on(
              "GET /api/2.2/jobs/runs/get",
              "{\"run_id\": 17, \"run_page_url\": \"https://dev.example.com/run/17\"}")
          .on(
              POOLS,
              """
              {"instance_pools": [
                {"instance_pool_id": "id-of-small", "instance_pool_name": "ml-small",
                 "state": "ACTIVE"},
                {"instance_pool_id": "id-of-large", "instance_pool_name": "ml-large",
                 "state": "ACTIVE"}]}\
              """)
          .on(
              RUNTIMES,
              """
              {"versions": [
                {"key": "9.1.x-cpu-ml-scala2.12", "name": "9.1 LTS ML (Spark 3.1)"},
                {"key": "16.4.x-cpu-ml-scala2.12", "name": "16.4 LTS ML (Spark 3.5)"},
                {"key": "16.4.x-gpu-ml-scala2.12", "name": "16.4 LTS ML (GPU)"},
                {"key": "17.1.x-cpu-ml-scala2.13", "name": "17.1 ML (Spark 4)"},
                {"key": "16.4.x-scala2.12", "name": "16.4 LTS (Spark 3.5)"}]}\
              """);

  @Test
  void leftoverRunsAreThoseThatNameAnotherPromotion() {
    workspace.on(
        RUNS,
        """
        {"runs": [
          {"run_id": 1, "overriding_parameters": {"notebook_params": {"promotion_id": "OURS"}}},
          {"run_id": 2, "overriding_parameters": {"notebook_params": {"promotion_id": "OTHER"}}},
          {"run_id": 3, "overriding_parameters": {"notebook_params": {"table": "t"}}},
          {"run_id": 4}]}\
        """
            .replace("OURS", OURS)
            .replace("OTHER", OTHER));

    assertThat(Orders.jobs(workspace).othersRuns(new OthersQuery("dev", 7, OURS)))
        .containsExactly(new OthersRun(new RunRef("dev", 7L, 2, null), OTHER));
    assertThat(workspace.calls(RUNS)).hasSize(1);
  }

  /** In the settings of a team's own file the parameters have the team's names. */
  @Test
  void aLeftoverRunIsRecognizedWhateverItsParametersAreCalled() {
    workspace.on(
        RUNS,
        """
        {"runs": [
          {"run_id": 1, "trigger": "ONE_TIME", "job_parameters": [
            {"name": "model", "default": "models:/churn/2", "value": "models:/churn/3"},
            {"name": "promotion", "default": "", "value": "OTHER"}]},
          {"run_id": 2, "trigger": "ONE_TIME", "overriding_parameters": {"python_params":
            ["--promotion", "OTHER"]}},
          {"run_id": 3, "trigger": "ONE_TIME", "overriding_parameters": {"python_params":
            ["--by=OTHER"]}},
          {"run_id": 4, "trigger": "ONE_TIME", "overriding_parameters": {"python_named_params":
            {"batch": "OTHER/prod"}}},
          {"run_id": 5, "trigger": "ONE_TIME", "overriding_parameters": {"notebook_params":
            {"batch": "OURS/prod", "by": "OURS"}}},
          {"run_id": 6, "trigger": "ONE_TIME", "overriding_parameters": {"notebook_params":
            {"by": "ana", "path": "/data/promotion/churn/3"}}}]}\
        """
            .replace("OURS", OURS)
            .replace("OTHER", OTHER));

    assertThat(Orders.jobs(workspace).othersRuns(new OthersQuery("dev", 7, OURS)))
        .extracting(left -> left.run().runId() + " " + left.promotion())
        .containsExactly("1 " + OTHER, "2 " + OTHER, "3 " + OTHER, "4 " + OTHER);
  }

  /** It shows the values of its job's parameters as those of a run that was given them. */
  @Test
  void aRunThatStartedByItselfIsNotALeftover() {
    workspace.on(
        RUNS,
        """
        {"runs": [
          {"run_id": 1, "trigger": "PERIODIC", "job_parameters": [
            {"name": "promotion_id", "default": "OTHER", "value": "OTHER"}]},
          {"run_id": 2, "trigger": "CONTINUOUS", "job_parameters": [
            {"name": "promotion_id", "default": "OTHER", "value": "OTHER"}]},
          {"run_id": 3, "trigger": "ONE_TIME", "job_parameters": [
            {"name": "promotion_id", "default": "", "value": ""}]}]}\
        """
            .replace("OTHER", OTHER));

    assertThat(Orders.jobs(workspace).othersRuns(new OthersQuery("dev", 7, OURS))).isEmpty();
  }

  @Test
  void leftoverRunsOfATeamsFileNameTheirPromotionByAnyParameter() {
    workspace.on(
        "GET /api/2.2/jobs/runs/list",
        """
        {"runs": [
          {"run_id": 1, "trigger": "ONE_TIME", "job_parameters": [
            {"name": "batch", "default": "{{job.run_id}}", "value": "promotion/churn/4f2a6d1b90c3/dev"},
            {"name": "promotion", "default": "promotion/churn/4f2a6d1b90c3",
             "value": "promotion/churn/4f2a6d1b90c3"}]},
          {"run_id": 2, "overriding_parameters": {"python_params":
            ["--batch", "promotion/churn/v7/2/dev", "--promotion", "promotion/churn/v7/2"]}},
          {"run_id": 3, "overriding_parameters": {"python_named_params": {
            "who": "promotion/churn/r0a1b"}}},
          {"run_id": 4, "overriding_parameters": {"notebook_params": {"note": "promotion of churn"}}}]}\
        """);

    assertThat(Orders.jobs(workspace).othersRuns(new OthersQuery("dev", 7, "promotion/churn/9")))
        .extracting(OthersRun::promotion)
        .containsExactly(
            "promotion/churn/4f2a6d1b90c3", "promotion/churn/v7/2", "promotion/churn/r0a1b");
  }

  /** A job that an earlier promotion made has its id in a parameter of the job. */
  @Test
  void aPersonsRunOfAJobThatNamesItsPromotionIsNotALeftover() {
    workspace.on(
        RUNS,
        """
        {"runs": [
          {"run_id": 1, "trigger": "ONE_TIME", "job_parameters": [
            {"name": "promotion_id", "default": "OTHER", "value": "OTHER"},
            {"name": "batch_id", "default": "{{job.run_id}}", "value": "1"}]},
          {"run_id": 2, "trigger": "ONE_TIME", "job_parameters": [
            {"name": "promotion_id", "default": "OTHER", "value": "OTHER"},
            {"name": "batch_id", "default": "{{job.run_id}}", "value": "OTHER/prod"}]},
          {"run_id": 3, "trigger": "RETRY", "job_parameters": [
            {"name": "promotion_id", "default": "", "value": "OTHER"}]}]}\
        """
            .replace("OTHER", OTHER));

    assertThat(Orders.jobs(workspace).othersRuns(new OthersQuery("dev", 7, OURS)))
        .extracting(left -> left.run().runId() + " " + left.promotion())
        .containsExactly("2 " + OTHER, "3 " + OTHER);
  }

  @Test
  void anEndedRunIsNotALeftover() {
    workspace.on(
        RUNS,
        """
        {"runs": [
          {"run_id": 1, "state": {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS"},
           "overriding_parameters": {"notebook_params": {"promotion_id": "OTHER"}}},
          {"run_id": 2, "state": {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED"},
           "overriding_parameters": {"notebook_params": {"promotion_id": "OTHER"}}},
          {"run_id": 3, "status": {"state": "TERMINATED"},
           "overriding_parameters": {"notebook_params": {"promotion_id": "OTHER"}}},
          {"run_id": 4, "state": {"life_cycle_state": "TERMINATING"},
           "overriding_parameters": {"notebook_params": {"promotion_id": "OTHER"}}}]}\
        """
            .replace("OTHER", OTHER));

    assertThat(Orders.jobs(workspace).othersRuns(new OthersQuery("dev", 7, OURS)))
        .containsExactly(new OthersRun(new RunRef("dev", 7L, 4, null), OTHER));
  }

  @Test
  @Tag("S1.21")
  @Tag("S1.25")
  void aNotebookRunsAtTheExactCommitOnAClusterFromThePoolOfThatName() {
    workspace.compute(ComputeSettings.ofPool("ml-large"));

    RunRef run = Orders.jobs(workspace).submitNotebook(Orders.training());

    assertThat(run)
        .isEqualTo(new RunRef("dev", null, 17, URI.create("https://dev.example.com/run/17")));
    JsonNode sent = workspace.calls(SUBMIT).getFirst().body();
    assertThat(sent.path("run_name").asText()).isEqualTo("train churn");
    assertThat(sent.path("timeout_seconds").asLong()).isEqualTo(7200);
    JsonNode git = sent.path("git_source");
    assertThat(git.path("git_url").asText()).isEqualTo(Orders.SOURCE.gitUrl());
    assertThat(git.path("git_provider").asText()).isEqualTo("azureDevOpsServices");
    assertThat(git.path("git_commit").asText()).isEqualTo(Orders.COMMIT);
    assertThat(git.has("git_branch")).isFalse();
    // No folder of the workspace holds the code, and none is made.
    assertThat(workspace.calls())
        .extracting(FakeWorkspace.Call::name)
        .noneMatch(call -> call.contains("/repos") || call.contains("/workspace/"));
    JsonNode task = sent.path("tasks").path(0);
    JsonNode notebook = task.path("notebook_task");
    assertThat(notebook.path("notebook_path").asText()).isEqualTo("notebooks/train");
    assertThat(notebook.path("source").asText()).isEqualTo("GIT");
    assertThat(notebook.path("base_parameters").path("seed").asText()).isEqualTo("42");
    JsonNode cluster = task.path("new_cluster");
    assertThat(cluster.path("instance_pool_id").asText()).isEqualTo("id-of-large");
    assertThat(cluster.path("driver_instance_pool_id").asText()).isEqualTo("id-of-large");
    assertThat(cluster.path("spark_version").asText()).isEqualTo("16.4.x-cpu-ml-scala2.12");
    assertThat(cluster.path("num_workers").asInt(-1)).isZero();
    assertThat(cluster.path("spark_env_vars").path("MLFLOW_RUN_CONTEXT").asText())
        .isEqualTo("{\"portage_promotion\":\"promotion/churn/0123456789ab\"}");
  }

  @Test
  @Tag("S1.21")
  void withoutAPoolItRunsServerless() {
    Orders.jobs(workspace).submitNotebook(Orders.training());

    JsonNode task = workspace.calls(SUBMIT).getFirst().body().path("tasks").path(0);
    assertThat(task.has("new_cluster")).isFalse();
    assertThat(task.path("disable_auto_optimization").asBoolean()).isTrue();
    assertThat(workspace.calls(POOLS)).isEmpty();
    assertThat(workspace.calls(RUNTIMES)).isEmpty();
  }

  @Test
  void aNamedRuntimeIsUsedAndANodeTypeNeedsNoPool() {
    workspace.compute(
        new ClusterCompute(
            Machines.ofType("Standard_DS3_v2"),
            Workers.fixed(1),
            "15.4.x-cpu-ml-scala2.12",
            null,
            Map.of(),
            Map.of(),
            List.of()));

    Orders.jobs(workspace).submitNotebook(Orders.training());

    JsonNode cluster =
        workspace.calls(SUBMIT).getFirst().body().path("tasks").path(0).path("new_cluster");
    assertThat(cluster.path("node_type_id").asText()).isEqualTo("Standard_DS3_v2");
    assertThat(cluster.path("spark_version").asText()).isEqualTo("15.4.x-cpu-ml-scala2.12");
    assertThat(cluster.path("num_workers").asInt()).isEqualTo(1);
    assertThat(cluster.has("spark_conf")).isFalse();
  }

  @Test
  @Tag("S1.21")
  void anUnknownPoolIsRefusedBeforeAnythingRunsWithTheExistingOnes() {
    workspace.compute(ComputeSettings.ofPool("ml-smal"));

    assertThatThrownBy(() -> Orders.jobs(workspace).submitNotebook(Orders.training()))
        .isInstanceOf(ApplicationFailure.class)
        .hasMessageContaining("use pool ml-smal failed in workspace dev")
        .hasMessageContaining("there is: ml-large, ml-small");

    assertThat(workspace.calls(SUBMIT)).isEmpty();
  }

  @Test
  void theSameKeyGivesTheSameTokenWithinTheApisLimit() {
    DatabricksJobs jobs = Orders.jobs(workspace);
    String longKey = "promotion/" + "m".repeat(250) + "/0123456789ab/train/1";

    jobs.submitNotebook(Orders.training(longKey));
    jobs.submitNotebook(Orders.training(longKey));
    jobs.submitNotebook(Orders.training("promotion/churn/0123456789ab/train/2"));

    List<String> tokens =
        workspace.calls(SUBMIT).stream()
            .map(call -> call.body().path("idempotency_token").asText())
            .toList();
    assertThat(tokens.get(0)).hasSize(64).isEqualTo(tokens.get(1)).isNotEqualTo(tokens.get(2));
  }

  @Test
  void anApostropheInATagDoesNotEndTheShellsQuotes() {
    workspace.compute(ComputeSettings.ofPool("ml-small"));
    NotebookOrder order = Orders.training();

    Orders.jobs(workspace)
        .submitNotebook(
            new NotebookOrder(
                order.workspace(),
                order.key(),
                order.name(),
                order.source(),
                Objects.requireNonNull(order.notebook()),
                order.parameters(),
                Map.of("note", "ana's"),
                order.timeout()));

    assertThat(
            workspace
                .calls(SUBMIT)
                .getFirst()
                .body()
                .at("/tasks/0/new_cluster/spark_env_vars/MLFLOW_RUN_CONTEXT")
                .asText())
        .isEqualTo("{\"note\":\"ana\\u0027s\"}");
  }

  @Test
  void anUnavailablePageDoesNotLoseTheRun() {
    workspace.once(
        "GET /api/2.2/jobs/runs/get",
        FakeWorkspace.refusal(503, "TEMPORARILY_UNAVAILABLE", "later"));

    assertThat(Orders.jobs(workspace).submitNotebook(Orders.training()))
        .isEqualTo(new RunRef("dev", null, 17, null));
  }

  @Test
  void anUnknownGitProviderIsRefusedWithTheAllowedOnes() {
    NotebookOrder order = Orders.training();

    assertThatThrownBy(() ->
            Orders.jobs(workspace)
                .submitNotebook(
                    new NotebookOrder(
                        "dev",
                        order.key(),
                        order.name(),
                        new Source("https://git.example.com/a", "gitea", Orders.COMMIT, ""),
                        Objects.requireNonNull(order.notebook()),
                        Map.of(),
                        Map.of(),
                        Duration.ofHours(1))))
        .hasMessageContaining(
            "git provider gitea is not one of awsCodeCommit, azureDevOpsServices");
  }

  @Test
  void aJobRunsWithTheWidgetsOfThisBatchAndATokenOfItsKey() {
    RunRef run =
        Orders.jobs(workspace)
            .runJob(
                new ScoringRunOrder(
                    "dev", 5, "key", Map.of("model_version", "7", "batch_id", "first")));

    assertThat(run.jobId()).isEqualTo(5);
    assertThat(run.runId()).isEqualTo(18);
    JsonNode sent = workspace.calls(RUN_NOW).getFirst().body();
    assertThat(sent.path("job_id").asLong()).isEqualTo(5);
    assertThat(sent.path("notebook_params").path("model_version").asText()).isEqualTo("7");
    assertThat(sent.path("notebook_params").path("batch_id").asText()).isEqualTo("first");
    assertThat(sent.path("idempotency_token").asText())
        .isEqualTo("2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683");
  }

  @Test
  void widgetsOfAnyNameGetTheirValuesExactlyAsWritten() {
    Map<String, String> widgets =
        Map.of("1. Data", "1e6", "test-size", "true", "n", "007", "größe", " \"'\n");
    NotebookOrder training = Orders.training();
    DatabricksJobs jobs = Orders.jobs(workspace);

    jobs.submitNotebook(
        new NotebookOrder(
            training.workspace(),
            training.key(),
            training.name(),
            training.source(),
            "notebooks/train.ipynb",
            widgets,
            training.tags(),
            training.timeout()));
    jobs.runJob(new ScoringRunOrder("dev", 5, "key", widgets));

    JsonNode notebook =
        workspace.calls(SUBMIT).getFirst().body().path("tasks").path(0).path("notebook_task");
    JsonNode run = workspace.calls(RUN_NOW).getFirst().body();
    assertThat(notebook.path("notebook_path").asText()).isEqualTo("notebooks/train");
    widgets.forEach((name, value) -> {
      assertThat(notebook.path("base_parameters").path(name).textValue()).isEqualTo(value);
      assertThat(run.path("notebook_params").path(name).textValue()).isEqualTo(value);
    });
  }

  @Test
  void parametersBeyondTheApisLimitAreRefusedBeforehand() {
    assertThatThrownBy(() ->
            Orders.jobs(workspace)
                .runJob(new ScoringRunOrder("dev", 5, "key", Map.of("x", "y".repeat(10_000)))))
        .hasMessageContaining("10000 are allowed");
    assertThat(workspace.calls(RUN_NOW)).isEmpty();
  }

  @Test
  void versionsAreComparedAsNumbers() {
    assertThat(
            Runtimes.newestMl(
                List.of(
                    new SparkVersion().setKey("9.1.x-cpu-ml-scala2.12").setName("9.1 LTS ML"),
                    new SparkVersion().setKey("10.4.x-cpu-ml-scala2.12").setName("10.4 LTS ML"),
                    new SparkVersion().setKey("10.12.x-cpu-ml-scala2.12").setName("10.12 LTS ML"),
                    new SparkVersion().setKey("custom:x-cpu-ml-y").setName("LTS"),
                    new SparkVersion()),
                false))
        .hasValue("10.12.x-cpu-ml-scala2.12");
  }
}
