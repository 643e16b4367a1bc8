package dev.portage.localworkspace;

import static dev.portage.localworkspace.NotebookWorkspace.HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.compute.ClusterSpec;
import com.databricks.sdk.service.compute.Environment;
import com.databricks.sdk.service.compute.Library;
import com.databricks.sdk.service.compute.PythonPyPiLibrary;
import com.databricks.sdk.service.files.UploadRequest;
import com.databricks.sdk.service.jobs.JobEnvironment;
import com.databricks.sdk.service.jobs.PythonWheelTask;
import com.databricks.sdk.service.jobs.RunOutput;
import com.databricks.sdk.service.jobs.SparkPythonTask;
import com.databricks.sdk.service.jobs.SubmitRun;
import com.databricks.sdk.service.jobs.SubmitTask;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that tasks request are there when they run, and nowhere else. */
class LibrariesIT {
  private static final String WHEEL = "/Volumes/main/default/data/features-1.0-py3-none-any.whl";

  @TempDir private Path folder;
  @AutoClose private NotebookWorkspace notebooks;

  @BeforeEach
  void start() throws IOException {
    notebooks = new NotebookWorkspace(folder);
    notebooks
        .client
        .files()
        .upload(
            new UploadRequest().setFilePath(WHEEL).setContents(new ByteArrayInputStream(wheel())));
  }

  @Test
  void aClusterHasItsVariablesAndLibrariesAndTheNextRunHasNoneOfThem() {
    String commit =
        notebooks.repository.commit(
            Map.of(
                "n.py",
                HEADER
                    + "import os, importlib.util\n"
                    + "found = importlib.util.find_spec('features') is not None\n"
                    + "dbutils.notebook.exit(f\"{os.environ.get('MODE')} {found}"
                    + " {any(n.startswith('LOCAL_WORKSPACE_INSTALLER') for n in os.environ)}\")\n"));
    ClusterSpec cluster =
        new ClusterSpec()
            .setSparkVersion("16.4.x-cpu-ml-scala2.12")
            .setNodeTypeId("Standard_D4ds_v5")
            .setNumWorkers(0L)
            .setSparkEnvVars(Map.of("MODE", "quick"));

    RunOutput with =
        run(
            commit,
            new SubmitTask()
                .setNotebookTask(NotebookWorkspace.task("n", Map.of()))
                .setNewCluster(cluster)
                .setLibraries(
                    List.of(
                        new Library().setWhl(WHEEL),
                        new Library().setPypi(new PythonPyPiLibrary().setPackage("mlflow>=2")))),
            null);

    assertThat(with.getNotebookOutput().getResult()).isEqualTo("quick True False");
    assertThat(notebooks.exitOf("n", commit)).isEqualTo("None False False");
  }

  @Test
  @Tag("S4.12")
  void aScriptOnServerlessComputeHasItsEnvironmentAndWhatCannotBeInstalledIsNamed() {
    String commit =
        notebooks.repository.commit(
            Map.of("s.py", "import features\nprint('answer', features.ANSWER)\n"));

    RunOutput good = run(commit, script(), environment("mlflow>=2", WHEEL));
    assertThat(good.getError()).isNull();
    assertThat(good.getLogs()).contains("answer 42");

    RunOutput bad = run(commit, script(), environment(WHEEL.replace("features", "missing")));
    assertThat(bad.getError())
        .contains("Library missing-1.0-py3-none-any.whl can't be installed: No such file");
  }

  @Test
  @Tag("S4.12")
  void aWheelRunsAnEntryPointOfItsMetadataOrAFunctionOfItsModuleAndNeedsNoRepository() {
    RunOutput named = run(null, wheel("train", "fit", "--seed=7"), environment(WHEEL));
    RunOutput function = run(null, wheel("plain"), environment(WHEEL));
    RunOutput missing = run(null, wheel("nothing"), environment(WHEEL));
    RunOutput notInstalled = run(null, wheel("train"), environment());

    assertThat(named.getError()).isNull();
    assertThat(named.getLogs()).contains("trains with ['fit', '--seed=7']");
    assertThat(named.getMetadata().getGitSource()).isNull();
    assertThat(function.getError()).isNull();
    assertThat(function.getLogs()).contains("a plain function");
    assertThat(missing.getError())
        .contains("Package features has neither an entry point nor a function named nothing");
    assertThat(notInstalled.getError())
        .contains("Python wheel with name features could not be found");
  }

  private static SubmitTask wheel(String entryPoint, String... arguments) {
    return new SubmitTask()
        .setPythonWheelTask(
            new PythonWheelTask()
                .setPackageName("features")
                .setEntryPoint(entryPoint)
                .setParameters(List.of(arguments)))
        .setEnvironmentKey("default");
  }

  private static SubmitTask script() {
    return new SubmitTask()
        .setSparkPythonTask(
            new SparkPythonTask()
                .setPythonFile("s.py")
                .setSource(com.databricks.sdk.service.jobs.Source.GIT))
        .setEnvironmentKey("default");
  }

  private static JobEnvironment environment(String... dependencies) {
    return new JobEnvironment()
        .setEnvironmentKey("default")
        .setSpec(
            new Environment().setEnvironmentVersion("4").setDependencies(List.of(dependencies)));
  }

  private RunOutput run(
      @Nullable String commit, SubmitTask task, @Nullable JobEnvironment environment) {
    long id =
        notebooks
            .client
            .jobs()
            .submit(
                new SubmitRun()
                    .setRunName("libraries")
                    .setGitSource(commit == null ? null : notebooks.git(commit))
                    .setTasks(List.of(task.setTaskKey("main")))
                    .setEnvironments(environment == null ? null : List.of(environment)))
            .getResponse()
            .getRunId();
    return notebooks.output(Clients.awaitEnd(notebooks.client, id, NotebookWorkspace.LIMIT));
  }

  static byte[] wheel() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      add(
          zip,
          "features.py",
          """
          import sys
          ANSWER = 42

          def run():
              print("trains with", sys.argv[1:])

          def plain():
              print("a plain function")
          """);
      add(
          zip,
          "features-1.0.dist-info/entry_points.txt",
          "[console_scripts]\ntrain = features:run\n");
      add(
          zip,
          "features-1.0.dist-info/METADATA",
          "Metadata-Version: 2.1\nName: features\nVersion: 1.0\n");
      add(
          zip,
          "features-1.0.dist-info/WHEEL",
          "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
      add(
          zip,
          "features-1.0.dist-info/RECORD",
          """
          features.py,,
          features-1.0.dist-info/METADATA,,
          features-1.0.dist-info/entry_points.txt,,
          features-1.0.dist-info/WHEEL,,
          features-1.0.dist-info/RECORD,,
          """);
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }
}
