package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.jobs.NotebookTask;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunLifeCycleState;
import com.databricks.sdk.service.jobs.RunOutput;
import com.databricks.sdk.service.jobs.RunResultState;
import com.databricks.sdk.service.jobs.Source;
import com.databricks.sdk.service.jobs.SparkPythonTask;
import com.databricks.sdk.service.jobs.SubmitTask;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.rights.Right;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real notebooks in real Python, submitted and read through Databricks' own client. */
class NotebookIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String HEADER = "# Databricks notebook source\n";
  private static final String CELL = "\n# COMMAND ----------\n\n";

  @TempDir Path folder;
  @AutoClose private LocalWorkspace workspace;
  private WorkspaceClient client;
  private GitRepository repository;

  @BeforeEach
  void start() throws IOException {
    workspace =
        LocalWorkspace.start(
            LocalWorkspaceSettings.named("dev", "1111111111111111", folder.resolve("state"))
                .python(Python.executable())
                .token(Token.of("token-of-ana", "ana@example.com", EnumSet.allOf(Right.class)))
                .build());
    client = Clients.of(workspace.host(), "token-of-ana");
    repository = GitRepository.in(folder.resolve("repository"));
  }

  @Test
  void aNotebookGivesItsExitValueAndKnowsItsParametersAndItsFolder() {
    String commit =
        repository.commit(
            Map.of(
                "notebooks/train.py",
                HEADER
                    + "# MAGIC %md\n# MAGIC # Training\n"
                    + CELL
                    + "# MAGIC %run ./shared\n"
                    + CELL
                    + "dbutils.widgets.text('alpha', '0.1')\ndbutils.widgets.dropdown('solver', 'svd', ['svd', 'cholesky'])\n"
                    + "alpha = float(dbutils.widgets.get('alpha'))\n"
                    + CELL
                    + "import json, pathlib\n"
                    + "dbutils.notebook.exit(json.dumps({'alpha': twice(alpha), 'solver': dbutils.widgets.get('solver'),"
                    + " 'undeclared': dbutils.widgets.get('extra'), 'beside': pathlib.Path('data.txt').read_text()}))\n"
                    + CELL
                    + "raise RuntimeError('not reached')\n",
                "notebooks/shared.py",
                HEADER + "def twice(x):\n    return 2 * x\n",
                "notebooks/data.txt",
                "beside the notebook"));

    Run run = run(notebook("notebooks/train", Map.of("alpha", "0.25", "extra", "yes")), commit);

    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
    assertThat(run.getState().getLifeCycleState()).isEqualTo(RunLifeCycleState.TERMINATED);
    assertThat(run.getGitSource().getGitSnapshot().getUsedCommit()).isEqualTo(commit);
    RunOutput output = output(run);
    assertThat(output.getNotebookOutput().getResult())
        .isEqualTo(
            "{\"alpha\": 0.5, \"solver\": \"svd\", \"undeclared\": \"yes\", \"beside\": \"beside the notebook\"}");
    assertThat(output.getNotebookOutput().getTruncated()).isFalse();
    assertThat(output.getError()).isNull();
  }

  @Test
  void theRequestedCommitRunsEvenIfTheBranchHasMoved() {
    String first = repository.commit(Map.of("n.py", HEADER + "dbutils.notebook.exit('first')\n"));
    repository.commit(Map.of("n.py", HEADER + "dbutils.notebook.exit('second')\n"));

    Run run = run(notebook("n", Map.of()), first);

    assertThat(output(run).getNotebookOutput().getResult()).isEqualTo("first");
    assertThat(run.getGitSource().getGitSnapshot().getUsedCommit()).isEqualTo(first);
  }

  @Test
  void aFailedCellIsShownWithItsErrorItsTraceAndItsPage() throws IOException, InterruptedException {
    String commit =
        repository.commit(
            Map.of(
                "notebooks/train.py",
                HEADER
                    + "print('<loaded>')\n"
                    + CELL
                    + "def rows(table):\n    raise ValueError(f'no rows in {table}')\n"
                    + CELL
                    + "rows('diabetes')\n"));

    Run run = run(notebook("notebooks/train", Map.of()), commit);

    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.FAILED);
    assertThat(run.getState().getStateMessage())
        .isEqualTo(
            "Task main failed with message: Workload failed, see run output for details. This caused all downstream"
                + " tasks to get skipped.");
    RunOutput output = output(run);
    assertThat(output.getError()).isEqualTo("ValueError: no rows in diabetes");
    assertThat(output.getErrorTrace())
        .contains("Cell 3 of notebooks/train.py")
        .contains("File \"notebooks/train.py\", line 7, in rows")
        .contains("raise ValueError(f'no rows in {table}')")
        .doesNotContain("notebook_runner", "local_notebook");
    String page = page(run.getRunPageUrl());
    assertThat(page)
        .contains("ValueError: no rows in diabetes", "&lt;loaded&gt;", commit)
        .doesNotContain("<loaded>");
  }

  @Test
  void aMissingNotebookIsAnInternalErrorThatNamesIt() {
    String commit = repository.commit(Map.of("notebooks/train.py", HEADER));

    Run run = run(notebook("notebooks/train.py", Map.of()), commit);

    assertThat(run.getState().getLifeCycleState()).isEqualTo(RunLifeCycleState.INTERNAL_ERROR);
    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.FAILED);
    assertThat(run.getState().getStateMessage())
        .contains("RESOURCE_NOT_FOUND: Notebook not found: notebooks/train.py.");
    assertThat(run.getStatus().getTerminationDetails().getCode().toString())
        .isEqualTo("RESOURCE_NOT_FOUND");
  }

  @Test
  void anUnknownCommitIsAFailedCheckout() {
    repository.commit(Map.of("n.py", HEADER));

    Run run = run(notebook("n", Map.of()), "0123456789012345678901234567890123456789");

    assertThat(run.getState().getLifeCycleState()).isEqualTo(RunLifeCycleState.INTERNAL_ERROR);
    assertThat(run.getState().getStateMessage())
        .contains("Failed to checkout Git repository", "0123456789012345678901234567890123456789");
    assertThat(run.getStatus().getTerminationDetails().getCode().toString())
        .isEqualTo("REPOSITORY_CHECKOUT_FAILED");
  }

  @Test
  void unsupportedFeaturesAreReportedByNameWhereUsed() {
    String commit =
        repository.commit(
            Map.of(
                "widget.py", HEADER + "dbutils.widgets.get('nowhere')\n",
                "sql.py", HEADER + "# MAGIC %sql\n# MAGIC select 1\n",
                "mount.py", HEADER + "dbutils.fs.mount('abfss://x', '/mnt/x')\n",
                "spark.py", HEADER + "spark.read.table('t')\n",
                "pip.py",
                    HEADER
                        + "# MAGIC %pip install no-such-package-here==1.0 --index-url http://127.0.0.1:9/\n"));

    assertThat(error("widget", commit))
        .isEqualTo("InputWidgetNotDefined: No input widget named nowhere is defined");
    assertThat(error("sql", commit))
        .startsWith("NotOffered: A local workspace can't run a %sql cell");
    assertThat(error("mount", commit))
        .startsWith("NotOffered: dbutils.fs.mount is not offered by a local workspace");
    assertThat(error("spark", commit))
        .startsWith("NotOffered: spark is not there")
        .endsWith("./portage sandbox --spark installs it");
    assertThat(error("pip", commit))
        .contains("no-such-package-here==1.0: no package index can be reached from this machine");
  }

  @Test
  void pipReportsInstalledPackages() throws IOException, InterruptedException {
    String commit =
        repository.commit(Map.of("n.py", HEADER + "# MAGIC %pip install mlflow>=2 deltalake\n"));

    Run run = run(notebook("n", Map.of()), commit);

    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
    assertThat(page(run.getRunPageUrl())).contains("Requirement already satisfied: mlflow&gt;=2");
  }

  @Test
  void aNotebookCallsAnotherAndGetsItsValue() {
    String commit =
        repository.commit(
            Map.of(
                "outer.py",
                HEADER
                    + "value = dbutils.notebook.run('./inner', 60, {'who': 'ana'})\n"
                    + "dbutils.notebook.exit('inner said ' + value)\n",
                "inner.py",
                HEADER + "dbutils.notebook.exit('hello ' + dbutils.widgets.get('who'))\n"));

    Run run = run(notebook("outer", Map.of()), commit);

    assertThat(output(run).getNotebookOutput().getResult()).isEqualTo("inner said hello ana");
  }

  @Test
  void aPythonFileGetsItsArgumentsAndReturnsItsLog() {
    String commit =
        repository.commit(
            Map.of(
                "jobs/check.py",
                "import sys\nprint('arguments', sys.argv[1:])\nassert sys.argv[1] == 'a'\n"));

    Run good = run(python("jobs/check.py", List.of("a", "b c")), commit);
    Run bad = run(python("jobs/check.py", List.of("x")), commit);

    assertThat(good.getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
    assertThat(output(good).getLogs()).contains("arguments ['a', 'b c']");
    assertThat(bad.getState().getResultState()).isEqualTo(RunResultState.FAILED);
    assertThat(output(bad).getError()).isEqualTo("AssertionError");
    assertThat(output(bad).getLogs()).contains("arguments ['x']", "line 3, in <module>");
  }

  @Test
  void cancellingStopsTheNotebookAndItsProcesses() throws IOException {
    Path pids = folder.resolve("pids");
    String commit =
        repository.commit(
            Map.of(
                "n.py",
                HEADER
                    + "import os, subprocess, sys, time\n"
                    + "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
                    + "open('"
                    + pids
                    + ".part', 'w').write(f'{os.getpid()} {child.pid}')\n"
                    + "os.rename('"
                    + pids
                    + ".part', '"
                    + pids
                    + "')\n"
                    + "time.sleep(600)\n"));
    long id = submit(notebook("n", Map.of()), commit);
    Clients.await(client, id, LIMIT, run -> Files.exists(pids));
    List<Long> processes =
        java.util.Arrays.stream(Files.readString(pids).split(" ", -1)).map(Long::valueOf).toList();

    client.jobs().cancelRun(id);
    Run run = Clients.awaitEnd(client, id, LIMIT);

    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.CANCELED);
    assertThat(run.getState().getUserCancelledOrTimedout()).isTrue();
    assertThat(processes).hasSize(2);
    // A killed process is gone as soon as the system gets round to it.
    Clients.await(client, id, LIMIT, any -> processes.stream().allMatch(NotebookIT::isGone));
  }

  @Test
  void aTaskThatTakesTooLongIsTimedOutAndStopped() {
    String commit = repository.commit(Map.of("n.py", HEADER + "import time\ntime.sleep(600)\n"));

    Run run = run(notebook("n", Map.of()).setTimeoutSeconds(1L), commit);

    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.TIMEDOUT);
    assertThat(run.getState().getUserCancelledOrTimedout()).isTrue();
  }

  @Test
  void closingTheWorkspaceLeavesNoProcessBehind() throws IOException {
    Path pid = folder.resolve("pid");
    String commit =
        repository.commit(
            Map.of(
                "n.py",
                HEADER
                    + "import os, time\nopen('"
                    + pid
                    + ".part', 'w').write(str(os.getpid()))\nos.rename('"
                    + pid
                    + ".part', '"
                    + pid
                    + "')\ntime.sleep(600)\n"));
    long id = submit(notebook("n", Map.of()), commit);
    Clients.await(client, id, LIMIT, run -> Files.exists(pid));
    long process = Long.parseLong(Files.readString(pid));

    workspace.close();

    assertThat(isGone(process)).isTrue();
  }

  private static boolean isGone(long pid) {
    // A killed child of a killed parent may stay in the process table until it is reaped.
    Path status = Path.of("/proc", Long.toString(pid), "status");
    try {
      return !ProcessHandle.of(pid).isPresent()
          || (Files.exists(status) && Files.readString(status).contains("State:\tZ"));
    } catch (IOException e) {
      return true;
    }
  }

  private String error(String notebook, String commit) {
    Run run = run(notebook(notebook, Map.of()), commit);
    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.FAILED);
    return output(run).getError();
  }

  private RunOutput output(Run run) {
    return client.jobs().getRunOutput(Clients.taskRunId(run));
  }

  private Run run(SubmitTask task, String commit) {
    return Clients.awaitEnd(client, submit(task, commit), LIMIT);
  }

  private long submit(SubmitTask task, String commit) {
    return Clients.submit(client, "trial", repository, commit, task);
  }

  private static SubmitTask notebook(String path, Map<String, String> parameters) {
    return new SubmitTask()
        .setTaskKey("main")
        .setNotebookTask(
            new NotebookTask()
                .setNotebookPath(path)
                .setSource(Source.GIT)
                .setBaseParameters(parameters));
  }

  private static SubmitTask python(String file, List<String> arguments) {
    return new SubmitTask()
        .setTaskKey("main")
        .setNewCluster(
            new com.databricks.sdk.service.compute.ClusterSpec()
                .setSparkVersion("16.4.x-scala2.12")
                .setNodeTypeId("Standard_D4ds_v5"))
        .setSparkPythonTask(
            new SparkPythonTask()
                .setPythonFile(file)
                .setSource(Source.GIT)
                .setParameters(arguments));
  }

  private static String page(String url) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
          .body();
    }
  }
}
