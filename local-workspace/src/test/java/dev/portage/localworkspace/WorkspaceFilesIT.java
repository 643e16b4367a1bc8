package dev.portage.localworkspace;

import static dev.portage.localworkspace.NotebookWorkspace.CELL;
import static dev.portage.localworkspace.NotebookWorkspace.HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.compute.Environment;
import com.databricks.sdk.service.jobs.JobEnvironment;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunResultState;
import com.databricks.sdk.service.jobs.Source;
import com.databricks.sdk.service.jobs.SparkPythonTask;
import com.databricks.sdk.service.jobs.SubmitRun;
import com.databricks.sdk.service.jobs.SubmitTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and secrets as code written for Databricks reaches them. */
class WorkspaceFilesIT {
  private final Path folder;
  @AutoClose private final NotebookWorkspace notebooks;

  WorkspaceFilesIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    notebooks = new NotebookWorkspace(folder);
  }

  @Test
  void volumesAndDbfsAreReachedByPythonAndDbutils() throws IOException {
    Path data = Files.createDirectories(folder.resolve("state/volumes/main.default.data/in"));
    Files.writeString(data.resolve("rows.csv"), "a,b\n1,2\n");
    String commit =
        notebooks.repository.commit(
            Map.of(
                "src/n.py",
                HEADER
                    + """
                    import os, shutil
                    from pathlib import Path
                    import pandas as pd
                    volume = "/Volumes/main/default/data"
                    rows = pd.read_csv(f"{volume}/in/rows.csv")
                    os.makedirs(f"{volume}/out/deep", exist_ok=True)
                    rows.to_parquet(f"{volume}/out/deep/rows.parquet")
                    shutil.copytree(f"{volume}/out", "/dbfs/mnt/copy")
                    with open("/dbfs/FileStore.txt", "w") as file:
                        file.write("plain")
                    dbutils.fs.put("dbfs:/tmp/said.txt", "hello", True)
                    dbutils.fs.cp(volume + "/in/rows.csv", "/mnt/")
                    dbutils.fs.mkdirs("/mnt/empty")
                    """
                    + CELL
                    + "# MAGIC %fs ls /mnt\n"
                    + CELL
                    + """
                    notebook_path = '/Workspace/' + os.path.dirname(
                        dbutils.notebook.entry_point.getDbutils().notebook().getContext().notebookPath().get())
                    %cd $notebook_path
                    """
                    + CELL
                    + """
                    %cd ../lib
                    from beside import utils
                    try:
                        dbutils.fs.ls("/nowhere")
                        gone = False
                    except Exception as e:
                        gone = "java.io.FileNotFoundException" in str(e)
                    found = [
                        [(one.path, one.size, one.isDir()) for one in dbutils.fs.ls("/mnt")],
                        Path("/dbfs/tmp/said.txt").read_text(), dbutils.fs.head("/FileStore.txt"),
                        pd.read_parquet("/dbfs/mnt/copy/deep/rows.parquet").b.tolist(),
                        sorted(one.name for one in Path(volume).iterdir()),
                        os.path.exists("/Volumes/main/default/none"), dbutils.fs.rm("/none"), gone,
                        utils is dbutils,
                    ]
                    dbutils.notebook.exit(str(found))
                    """,
                "lib/beside.py",
                "from databricks.sdk.runtime import dbutils as utils\n"));

    assertThat(notebooks.exitOf("src/n", commit))
        .isEqualTo(
            "[[('dbfs:/mnt/copy/', 0, True), ('dbfs:/mnt/empty/', 0, True),"
                + " ('dbfs:/mnt/rows.csv', 8, False)], 'hello', 'plain', [2], ['in', 'out'], False,"
                + " False, True, True]");
    assertThat(folder.resolve("state/volumes/main.default.data/out/deep/rows.parquet")).exists();
  }

  @Test
  void aSecretIsAFileAndItsValueAppearsNowhere() throws IOException {
    Path scope = Files.createDirectories(folder.resolve("state/secrets/ml"));
    Files.writeString(scope.resolve("hub-token"), "s3cr3t-value\n");
    String commit =
        notebooks.repository.commit(
            Map.of(
                "n.py",
                HEADER
                    + """
                    import sys
                    token = dbutils.secrets.get(scope="ml", key="hub-token")
                    print("token:", token)
                    print("token:", token, file=sys.stderr)
                    print(len(token), [key.key for key in dbutils.secrets.list("ml")], dbutils.secrets.listScopes())
                    raise ValueError(f"refused {token}")
                    """,
                "none.py",
                HEADER + "dbutils.secrets.get('ml', 'other')\n",
                "out.py",
                HEADER + "dbutils.secrets.get('..', 'other')\n"));

    Run run = notebooks.run("n", commit);

    assertThat(notebooks.output(run).getError()).isEqualTo("ValueError: refused [REDACTED]");
    assertThat(notebooks.output(run).toString()).doesNotContain("s3cr3t");
    try (var files = Files.walk(folder.resolve("state"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        if (!file.startsWith(scope)) {
          assertThat(
                  new String(
                      Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
              .as(file.toString())
              .doesNotContain("s3cr3t-value");
        }
      }
    }
    assertThat(notebooks.error("none", commit))
        .startsWith("LookupError: Secret does not exist with scope: ml and key: other")
        .endsWith("state/secrets/ml/other");
    assertThat(notebooks.error("out", commit)).startsWith("ValueError: Not a name");
  }

  @Test
  void aPythonFileHasDbutilsByDatabricksOwnPackages() {
    String commit =
        notebooks.repository.commit(
            Map.of(
                "job.py",
                """
                from databricks.sdk.runtime import dbutils
                dbutils.fs.put("/seen.txt", "by a file")
                dbutils.jobs.taskValues.set("rows", 3)
                """));

    SubmitRun submit =
        new SubmitRun()
            .setRunName("file")
            .setGitSource(notebooks.git(commit))
            .setEnvironments(
                List.of(
                    new JobEnvironment()
                        .setEnvironmentKey("default")
                        .setSpec(new Environment().setEnvironmentVersion("4"))))
            .setTasks(
                List.of(
                    new SubmitTask()
                        .setTaskKey("main")
                        .setEnvironmentKey("default")
                        .setSparkPythonTask(
                            new SparkPythonTask().setPythonFile("job.py").setSource(Source.GIT))));
    Run run =
        Clients.awaitEnd(
            notebooks.client,
            notebooks.client.jobs().submit(submit).getResponse().getRunId(),
            NotebookWorkspace.LIMIT);

    assertThat(run.getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
    assertThat(folder.resolve("state/dbfs/seen.txt")).hasContent("by a file");
  }
}
