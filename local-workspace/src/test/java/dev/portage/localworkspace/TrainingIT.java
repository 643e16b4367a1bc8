package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.compute.ClusterSpec;
import com.databricks.sdk.service.jobs.NotebookTask;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunResultState;
import com.databricks.sdk.service.jobs.Source;
import com.databricks.sdk.service.jobs.SubmitTask;
import com.databricks.sdk.service.sql.ColumnInfo;
import com.databricks.sdk.service.sql.ExecuteStatementRequest;
import com.databricks.sdk.service.sql.StatementParameterListItem;
import com.databricks.sdk.service.sql.StatementResponse;
import com.databricks.sdk.service.sql.StatementState;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.pools.ClusterPolicy;
import dev.portage.localworkspace.pools.InstancePool;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.sql.Warehouse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Notebooks that log to a real MLflow server and write real Delta tables, all through the
 * workspace.
 */
class TrainingIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String TOKEN = "token-of-ana";
  private static final String HEADER = "# Databricks notebook source\n";

  @TempDir static Path folder;
  private static MlflowServer mlflow;
  private static LocalWorkspace workspace;
  private static WorkspaceClient client;
  private static GitRepository repository;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    mlflow = MlflowServer.start(folder.resolve("mlflow"));
    workspace =
        LocalWorkspace.start(
            LocalWorkspaceSettings.named("dev", "1111111111111111", folder.resolve("state"))
                .python(Python.executable())
                .mlflow(mlflow.url())
                .pool(new InstancePool("ml-small", "pool-1", "Standard_D4ds_v5"))
                .policy(
                    new ClusterPolicy(
                        "jobs-only",
                        "policy-1",
                        """
                        {"node_type_id": {"type": "allowlist", "values": ["Standard_D4ds_v5"],
                          "defaultValue": "Standard_D4ds_v5"},
                         "num_workers": {"type": "range", "maxValue": 4, "defaultValue": 1},
                         "custom_tags.team": {"type": "fixed", "value": "ml"}}
                        """))
                .warehouse(new Warehouse("starter", "warehouse-1"))
                .volume("main.default.data")
                .token(Token.of(TOKEN, "ana@example.com", EnumSet.allOf(Right.class)))
                .build());
    client = Clients.of(workspace.host(), TOKEN);
    repository = GitRepository.in(folder.resolve("repository"));
  }

  @AfterAll
  static void stop() {
    workspace.close();
    mlflow.close();
  }

  @Test
  void theUriDatabricksMeansThisWorkspace() throws Exception {
    String commit =
        repository.commit(
            Map.of(
                "forest.py",
                HEADER
                    + """
                    import mlflow
                    from sklearn.ensemble import RandomForestClassifier
                    mlflow.set_tracking_uri("databricks")
                    mlflow.set_registry_uri("databricks-uc")
                    client = mlflow.MlflowClient(tracking_uri="databricks://PROFILE")
                    model = RandomForestClassifier(n_estimators=2).fit([[0], [1]], [0, 1])
                    with mlflow.start_run() as run:
                        mlflow.sklearn.log_model(model, name="model", input_example=[[0]])
                    client.get_run(run.info.run_id)
                    version = mlflow.register_model(f"runs:/{run.info.run_id}/model", "main.ml.forest")
                    loaded = mlflow.pyfunc.load_model(f"models:/main.ml.forest/{version.version}")
                    dbutils.notebook.exit(f"{version.name} {len(loaded.predict([[0]]))}")
                    """));

    Run run = run("forest", commit, null);

    assertThat(client.jobs().getRunOutput(Clients.taskRunId(run)).getNotebookOutput().getResult())
        .isEqualTo("main.ml.forest 1");
  }

  @Test
  void theRunOfANotebookThatKnowsNothingOfItsJobCarriesTheJobsTags() throws Exception {
    String commit =
        repository.commit(
            Map.of(
                "train.py",
                HEADER
                    + "import mlflow\nmlflow.set_experiment('/diabetes')\n"
                    + "with mlflow.start_run() as run:\n"
                    + "    mlflow.log_metric('rmse', 54.5)\n"
                    + "    mlflow.log_text('42' * 1000, 'report/notes.txt')\n"
                    + "dbutils.notebook.exit(run.info.run_id)\n"));

    Run run =
        run(
            "train",
            commit,
            new ClusterSpec()
                .setSparkVersion("16.4.x-cpu-ml-scala2.12")
                .setInstancePoolId("pool-1")
                .setNumWorkers(0L)
                .setSparkEnvVars(
                    Map.of(
                        "MLFLOW_RUN_CONTEXT",
                        "{\"portage.promotion\": \"promotion/diabetes/1\"}")));

    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
    String runId =
        client.jobs().getRunOutput(Clients.taskRunId(run)).getNotebookOutput().getResult();
    String found =
        mlflow(
            "POST",
            "/api/2.0/mlflow/runs/search",
            "{\"experiment_ids\": [\"1\"], \"filter\": \"tags.`mlflow.databricks.jobRunID` = '"
                + Clients.taskRunId(run)
                + "' and tags.`mlflow.databricks.jobID` = '"
                + run.getJobId()
                + "'\"}");
    assertThat(found)
        .contains("\"run_id\": \"" + runId + "\"")
        .contains("\"key\": \"mlflow.source.type\", \"value\": \"JOB\"")
        .contains("\"key\": \"mlflow.user\", \"value\": \"ana@example.com\"")
        .contains("\"key\": \"mlflow.databricks.workspaceID\", \"value\": \"1111111111111111\"")
        .contains("\"key\": \"portage.promotion\", \"value\": \"promotion/diabetes/1\"");
    assertThat(
            mlflow(
                "GET",
                "/api/2.0/mlflow-artifacts/artifacts/1/" + runId + "/artifacts/report/notes.txt",
                ""))
        .isEqualTo("42".repeat(1000));
  }

  @Test
  void aRunsTokenIsValidOnlyWhileItRuns() throws Exception {
    Path stolen = folder.resolve("stolen");
    String commit =
        repository.commit(
            Map.of(
                "steal.py",
                HEADER
                    + "import os\nopen('"
                    + stolen
                    + "', 'w').write(os.environ['MLFLOW_TRACKING_TOKEN'])\n"));

    Run run = run("steal", commit, null);

    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(workspace.host() + "/api/2.0/mlflow/experiments/get?experiment_id=0"))
            .header("Authorization", "Bearer " + Files.readString(stolen))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void statementsReadATableThatANotebookWrote() {
    String commit =
        repository.commit(
            Map.of(
                "score.py",
                HEADER
                    + "import os, pyarrow as pa\nfrom deltalake import write_deltalake\n"
                    + "table = pa.table({'prediction': [1.5, 2.5, None], 'model_version': ['7', '7', '6'],"
                    + " 'good': [True, False, None], 'id': [1, 2, 3]})\n"
                    + "write_deltalake(os.path.join(os.environ['LOCAL_WORKSPACE_TABLES'],"
                    + " dbutils.widgets.get('table')), table, mode='append')\n"));
    Run run = run("score", commit, null, Map.of("table", "prod.ml.predictions"));
    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.SUCCESS);

    StatementResponse all =
        select("SELECT id, prediction, model_version, good FROM `prod`.ml.predictions ORDER BY id");
    assertThat(all.getManifest().getSchema().getColumns())
        .extracting(ColumnInfo::getTypeText)
        .containsExactly("BIGINT", "DOUBLE", "STRING", "BOOLEAN");
    assertThat(all.getResult().getDataArray())
        .containsExactly(
            List.of("1", "1.5", "7", "true"),
            List.of("2", "2.5", "7", "false"),
            java.util.Arrays.asList("3", null, "6", null));
    assertThat(all.getManifest().getTotalRowCount()).isEqualTo(3);

    StatementResponse count =
        select(
            "SELECT count(*) AS n FROM prod.ml.predictions WHERE model_version = :version",
            new StatementParameterListItem().setName("version").setValue("7"));
    assertThat(count.getResult().getDataArray()).containsExactly(List.of("2"));

    StatementResponse none = select("SELECT * FROM prod.ml.gone");
    assertThat(none.getStatus().getState()).isEqualTo(StatementState.FAILED);
    assertThat(none.getStatus().getError().getMessage())
        .startsWith("[TABLE_OR_VIEW_NOT_FOUND] The table or view `prod`.`ml`.`gone`");
    StatementResponse column = select("SELECT nope FROM prod.ml.predictions");
    assertThat(column.getStatus().getError().getMessage()).startsWith("[UNRESOLVED_COLUMN");
  }

  @Test
  void databricksOwnPythonClientWorksUnchanged() throws Exception {
    Process probe = Python.run(List.of("-c", "import databricks.sdk")).start();
    assumeThat(probe.waitFor()).as("databricks-sdk is in the environment").isZero();
    String commit =
        repository.commit(
            Map.of(
                "hello.py",
                HEADER + "dbutils.notebook.exit('hello ' + dbutils.widgets.get('who'))\n"));
    Path script = folder.resolve("client.py");
    try (var in = TrainingIT.class.getResourceAsStream("/python-client.py")) {
      if (in == null) {
        throw new IOException("python-client.py is missing from the test resources");
      }
      Files.write(script, in.readAllBytes());
    }
    Path log = folder.resolve("client.log");
    ProcessBuilder builder =
        Python.run(List.of(script.toString(), repository.url(), commit))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("DATABRICKS_HOST", workspace.host().toString());
    builder.environment().put("DATABRICKS_TOKEN", TOKEN);

    int exit = builder.start().waitFor();

    assertThat(Files.readString(log, StandardCharsets.UTF_8)).contains("all of it works");
    assertThat(exit).isZero();
  }

  private static StatementResponse select(
      String statement, StatementParameterListItem... parameters) {
    return client
        .statementExecution()
        .executeStatement(
            new ExecuteStatementRequest()
                .setWarehouseId("warehouse-1")
                .setStatement(statement)
                .setWaitTimeout("50s")
                .setParameters(List.of(parameters)));
  }

  private static String mlflow(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(workspace.host() + path))
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      var answer = http.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      // Normalises white space, which depends on the server.
      return answer.body().replaceAll("\\s+", " ");
    }
  }

  private static Run run(
      String notebook, String commit, @org.jspecify.annotations.Nullable ClusterSpec cluster) {
    return run(notebook, commit, cluster, Map.of());
  }

  private static Run run(
      String notebook,
      String commit,
      @org.jspecify.annotations.Nullable ClusterSpec cluster,
      Map<String, String> parameters) {
    SubmitTask task =
        new SubmitTask()
            .setTaskKey("main")
            .setNotebookTask(
                new NotebookTask()
                    .setNotebookPath(notebook)
                    .setSource(Source.GIT)
                    .setBaseParameters(parameters));
    if (cluster != null) {
      task.setNewCluster(cluster);
    }
    long id = Clients.submit(client, notebook, repository, commit, task);
    return Clients.awaitEnd(client, id, LIMIT);
  }
}
