package dev.portage.localworkspace;

import static dev.portage.localworkspace.NotebookWorkspace.CELL;
import static dev.portage.localworkspace.NotebookWorkspace.HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.compute.ClusterSpec;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunOutput;
import com.databricks.sdk.service.jobs.SubmitTask;
import com.databricks.sdk.service.sql.ExecuteStatementRequest;
import com.databricks.sdk.service.sql.StatementResponse;
import com.databricks.sdk.service.sql.StatementState;
import com.databricks.sdk.service.workspace.CreateScope;
import com.databricks.sdk.service.workspace.PutSecret;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.sql.Warehouse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Notebooks that use Spark and write tables that the workspace's SQL statements read. Skipped where
 * Spark is not installed; {@code ./portage sandbox --spark} installs it.
 */
class SparkIT {
  /** A session takes 15 seconds to start on an idle machine. */
  private static final Duration LIMIT = Duration.ofMinutes(6);

  private static final String TOKEN = "token-of-ana";

  @TempDir static Path folder;
  private static MlflowServer mlflow;
  private static LocalWorkspace workspace;
  private static WorkspaceClient client;
  private static GitRepository repository;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Path spark = root().resolve(".portage/spark");
    assumeThat(installed(spark))
        .as("Spark is installed in " + spark + "; ./portage sandbox --spark does it")
        .isTrue();
    mlflow = MlflowServer.start(folder.resolve("mlflow"));
    workspace =
        LocalWorkspace.start(
            LocalWorkspaceSettings.named("dev", "1111111111111111", folder.resolve("state"))
                .python(Python.executable())
                .spark(spark)
                .mlflow(mlflow.url())
                .warehouse(new Warehouse("starter", "warehouse-1"))
                .token(Token.of(TOKEN, "ana@example.com", EnumSet.allOf(Right.class)))
                .build());
    client = Clients.of(workspace.host(), TOKEN);
    repository = GitRepository.in(folder.resolve("repository"));
  }

  @AfterAll
  static void stop() {
    if (workspace != null) {
      workspace.close();
      mlflow.close();
    }
  }

  @Test
  void theChurnExampleScoresWithSparkAndStatementsReadWhatItWrote() throws IOException {
    Path notebooks = root().resolve("examples/churn/notebooks");
    String commit =
        repository.commit(
            Map.of(
                "customers.py",
                Files.readString(notebooks.resolve("customers.py")),
                "score.py",
                Files.readString(notebooks.resolve("score.py")),
                "train.py",
                Files.readString(notebooks.resolve("train.py")),
                "named.py",
                HEADER
                    + "# MAGIC %run ./train\n"
                    + CELL
                    + "dbutils.notebook.exit(mlflow.last_logged_model().model_uri)\n",
                "twice.py",
                // The same batch again, written the way that the first batch had no table for.
                HEADER
                    + "# MAGIC %run ./score $table=\"main.default.churn_predictions\"\n"
                    + CELL
                    + "# MAGIC %run ./score $table=\"churn_predictions\"\n"
                    + CELL
                    + "dbutils.notebook.exit(type(spark).__module__)\n"));
    String model = exitOf(run("named", Map.of(), commit));

    String session =
        exitOf(
            run(
                "twice",
                Map.of("model_uri", model, "model_version", "1", "batch_id", "2026-11-29"),
                commit));

    assertThat(session).startsWith("pyspark.sql");
    String counted =
        "SELECT count(*), count(DISTINCT id), min(batch_id) FROM %s WHERE model_version = '1'";
    List<String> thousand = List.of("1000", "1000", "2026-11-29");
    assertThat(rows(counted.formatted("main.default.churn_predictions"))).containsExactly(thousand);
    assertThat(rows(counted.formatted("churn_predictions"))).containsExactly(thousand);
  }

  @Test
  void aNotebookReadsAndWritesTheWorkspacesTablesByTheirNames()
      throws IOException, InterruptedException {
    String commit =
        repository.commit(
            Map.of(
                "lib/session.py",
                """
                from pyspark.sql import SparkSession

                def mine():
                    return SparkSession.builder.getOrCreate()
                """,
                "n.py",
                HEADER
                    + """
                    import os, sys
                    asked = "spark" in globals(), "sc" in globals(), "sqlContext" in globals()
                    before = "pyspark" in sys.modules
                    from deltalake import write_deltalake
                    import pyarrow as pa
                    tables = os.environ["LOCAL_WORKSPACE_TABLES"]
                    write_deltalake(os.path.join(tables, "dev.ml.given"), pa.table({"id": [1, 2, 3]}))
                    dbutils.widgets.text("least", "2")
                    """
                    + CELL
                    + """
                    from pyspark.sql import SparkSession, functions as F
                    from lib.session import mine
                    assert isinstance(spark, SparkSession)
                    given = spark.table("dev.ml.given")
                    same = mine() is spark
                    given.withColumn("batch", F.lit("a")).write.mode("overwrite").saveAsTable("dev.ml.scored")
                    b = given.limit(1).withColumn("batch", F.lit("b")).withColumn("extra", F.lit(1.5))
                    for _ in range(2):
                        (b.write.format("delta").mode("overwrite").option("replaceWhere", "batch = 'b'")
                            .option("mergeSchema", "true").saveAsTable("dev.ml.scored"))
                    """
                    + CELL
                    + """
                    # MAGIC %sql
                    # MAGIC -- The catalog is not known to Spark before; a statement more
                    # MAGIC CREATE CATALOG IF NOT EXISTS sales;
                    # MAGIC USE CATALOG sales; CREATE SCHEMA IF NOT EXISTS eu; USE SCHEMA eu;
                    # MAGIC CREATE OR REPLACE TABLE seen AS SELECT 'a;b' AS text, 7 AS id;
                    # MAGIC SELECT id FROM dev.ml.scored WHERE id >= :least AND batch = 'a' ORDER BY id
                    """
                    + CELL
                    + """
                    high = [row.id for row in _sqldf.collect()]
                    from delta.tables import DeltaTable
                    (DeltaTable.forName(spark, "seen").alias("t")
                        .merge(spark.sql("SELECT 8 AS id, :text AS text", args={"text": "new"}).alias("s"), "t.id = s.id")
                        .whenNotMatchedInsertAll().execute())
                    spark.sql("SELECT * FROM sales.eu.seen ORDER BY id").display()
                    import mlflow
                    import pandas as pd
                    from sklearn.linear_model import LinearRegression
                    data = pd.DataFrame({"x": [1.0, 2.0, 3.0]})
                    with mlflow.start_run():
                        fitted = LinearRegression().fit(data, [2.0, 4.0, 6.0])
                        logged = mlflow.sklearn.log_model(
                            fitted, name="model", signature=mlflow.models.infer_signature(data, [2.0]))
                    spark.createDataFrame(data).write.csv("dbfs:/mnt/out", header=True)
                    data = spark.read.option("header", True).option("inferSchema", True).csv("/mnt/out/*.csv").toPandas()
                    predict = mlflow.pyfunc.spark_udf(spark, logged.model_uri, result_type="double", env_manager="virtualenv")
                    spark.createDataFrame(data).withColumn("y", predict("x")).write.mode("overwrite").saveAsTable("y")
                    """
                    + CELL
                    + """
                    display(spark.table("seen").orderBy("id"))
                    missing = spark.catalog.tableExists("dev.ml.nowhere"), spark.catalog.tableExists("dev.ml.scored")
                    columns = len(table("dev.ml.scored").columns), sc.defaultParallelism > 0, sql("SELECT 1").count()
                    """
                    + CELL
                    + """
                    jvm = sc._gateway.proc.pid
                    held = {os.readlink(entry.path) for entry in os.scandir(f"/proc/{jvm}/fd") if entry.is_symlink()}
                    heard = set()
                    for net in ("tcp", "tcp6"):
                        for line in open(f"/proc/{jvm}/net/{net}").readlines()[1:]:
                            words = line.split()
                            if words[3] == "0A" and f"socket:[{words[9]}]" in held:
                                heard.add(words[1].split(":")[0][-8:])
                    dbutils.notebook.exit(f"{asked} {before} {same} {high} {missing} {columns} {heard} {jvm}")
                    """));

    Run run = run("n", Map.of(), commit);

    String exit = exitOf(run);
    // The last but one is 127.0.0.1, in Linux's notation.
    assertThat(exit)
        .startsWith(
            "(True, True, True) False True [2, 3] (False, True) (3, True, 1) {'0100007F'} ");
    long jvm = Long.parseLong(exit.substring(exit.lastIndexOf(' ') + 1));
    Clients.await(client, run.getRunId(), LIMIT, any -> isGone(jvm));
    assertThat(rows("SELECT round(y, 3) FROM sales.eu.y ORDER BY x"))
        .containsExactly(List.of("2.0"), List.of("4.0"), List.of("6.0"));
    assertThat(
            rows(
                "SELECT batch, count(*), coalesce(max(extra), 0) FROM dev.ml.scored"
                    + " GROUP BY batch ORDER BY batch"))
        .containsExactly(List.of("a", "3", "0.0"), List.of("b", "1", "1.5"));
    assertThat(rows("SELECT id, text FROM sales.eu.seen ORDER BY id"))
        .containsExactly(List.of("7", "a;b"), List.of("8", "new"));
    assertThat(page(run)).contains("Starting Spark on this machine").contains("text", "a;b", "new");
  }

  /**
   * Requirements files pin a PySpark that Databricks has in another version; Databricks skips it.
   */
  @Test
  void pipDoesNotReplaceTheWorkspacesPyspark() {
    String commit =
        repository.commit(
            Map.of(
                "pinned.py",
                HEADER
                    + """
                    import zipfile
                    about = "pyspark-3.3.0.dist-info/"
                    with zipfile.ZipFile("pyspark-3.3.0-py3-none-any.whl", "w") as wheel:
                        wheel.writestr("pyspark/__init__.py", "raise ImportError('the pinned one')")
                        wheel.writestr(about + "METADATA", "Metadata-Version: 2.1\\nName: pyspark\\nVersion: 3.3.0\\n")
                        wheel.writestr(about + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                        wheel.writestr(about + "RECORD", "")
                    """
                    + CELL
                    + "# MAGIC %pip install --no-index ./pyspark-3.3.0-py3-none-any.whl\n"
                    + CELL
                    + "dbutils.library.restartPython()\n"
                    + CELL
                    + """
                    from pyspark.sql.functions import udf
                    given = spark.range(3)
                    twice = udf(lambda x: 2 * x, "long")
                    rows = [row.y for row in given.withColumn("y", twice("id")).collect()]
                    dbutils.notebook.exit(f"{spark.version[:2]} {rows}")
                    """));

    assertThat(exitOf(run("pinned", Map.of(), commit))).isEqualTo("4. [0, 2, 4]");
  }

  @Test
  void theJvmOfSparkEndsWithACancelledRun() throws IOException {
    Path marker = folder.resolve("jvm");
    String commit =
        repository.commit(
            Map.of(
                "n.py",
                HEADER
                    + """
                    import os, time
                    from pyspark.java_gateway import launch_gateway
                    jvm = launch_gateway().proc.pid
                    with open(dbutils.widgets.get("marker") + ".part", "w") as file:
                        file.write(str(jvm))
                    os.rename(file.name, dbutils.widgets.get("marker"))
                    time.sleep(600)
                    """));
    long run = submit("n", Map.of("marker", marker.toString()), commit);
    Clients.await(client, run, LIMIT, any -> Files.exists(marker));
    long jvm = Long.parseLong(Files.readString(marker));
    assertThat(ProcessHandle.of(jvm)).isPresent();

    client.jobs().cancelRun(run);

    Clients.await(client, run, LIMIT, any -> isGone(jvm));
  }

  @Test
  void aClustersSparkSettingsHoldAndItsSecretsAreOnNoCommandLine() throws IOException {
    client.secrets().createScope(new CreateScope().setScope("lake"));
    client
        .secrets()
        .putSecret(
            new PutSecret().setScope("lake").setKey("key").setStringValue("s3cr3t-of-the-lake"));
    String commit =
        repository.commit(
            Map.of(
                "settings.py",
                HEADER
                    + """
                    import subprocess
                    key = spark.conf.get("spark.hadoop.fs.azure.account.key")
                    hadoop = sc._jsc.hadoopConfiguration().get("fs.azure.account.key")
                    assert key == hadoop, "both"
                    seen = subprocess.run(["ps", "axww", "-o", "args"], capture_output=True, text=True).stdout
                    assert key not in seen, "it is in the list of processes"
                    print("key:", key)
                    dbutils.notebook.exit(f"{len(key)} {spark.conf.get('spark.sql.shuffle.partitions')}")
                    """));
    SubmitTask task =
        new SubmitTask()
            .setTaskKey("main")
            .setNotebookTask(NotebookWorkspace.task("settings", Map.of()))
            .setNewCluster(
                new ClusterSpec()
                    .setSparkVersion("16.4.x-cpu-ml-scala2.12")
                    .setNodeTypeId("Standard_D4ds_v5")
                    .setNumWorkers(0L)
                    .setSparkConf(
                        Map.of(
                            "spark.hadoop.fs.azure.account.key",
                            "{{secrets/lake/key}}",
                            "spark.sql.shuffle.partitions",
                            "3",
                            "spark.executor.memory",
                            "900g")));

    Run run =
        Clients.awaitEnd(
            client, Clients.submit(client, "settings", repository, commit, task), LIMIT);

    assertThat(exitOf(run)).isEqualTo("18 3");
    assertThat(client.jobs().getRunOutput(Clients.taskRunId(run)).toString())
        .doesNotContain("s3cr3t");
  }

  private static boolean isGone(long process) {
    return ProcessHandle.of(process).map(handle -> !handle.isAlive()).orElse(true);
  }

  private static Path root() {
    return Path.of(Objects.requireNonNullElse(System.getProperty("portage.root"), ".."))
        .toAbsolutePath()
        .normalize();
  }

  private static boolean installed(Path spark) throws IOException {
    if (!Files.isDirectory(spark)) {
      return false;
    }
    try (Stream<Path> files = Files.list(spark)) {
      return files.anyMatch(file -> String.valueOf(file.getFileName()).startsWith("portage-ready"));
    }
  }

  private static long submit(String notebook, Map<String, String> values, String commit) {
    return Clients.submit(
        client,
        notebook,
        repository,
        commit,
        new SubmitTask()
            .setTaskKey("main")
            .setNotebookTask(NotebookWorkspace.task(notebook, values)));
  }

  private static Run run(String notebook, Map<String, String> values, String commit) {
    return Clients.awaitEnd(client, submit(notebook, values, commit), LIMIT);
  }

  /** The exit value of a notebook that succeeds. */
  private static String exitOf(Run run) {
    RunOutput output = client.jobs().getRunOutput(Clients.taskRunId(run));
    assertThat(output.getError()).as(String.valueOf(output.getErrorTrace())).isNull();
    return output.getNotebookOutput().getResult();
  }

  private static Collection<List<String>> rows(String statement) {
    StatementResponse answer =
        client
            .statementExecution()
            .executeStatement(
                new ExecuteStatementRequest()
                    .setWarehouseId("warehouse-1")
                    .setStatement(statement)
                    .setWaitTimeout("50s"));
    assertThat(answer.getStatus().getState())
        .as(String.valueOf(answer.getStatus().getError()))
        .isEqualTo(StatementState.SUCCEEDED);
    return answer.getResult().getDataArray().stream().map(List::copyOf).toList();
  }

  private static String page(Run run) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(run.getRunPageUrl())).build(),
              BodyHandlers.ofString())
          .body();
    }
  }
}
