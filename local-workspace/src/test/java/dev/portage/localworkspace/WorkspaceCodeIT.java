package dev.portage.localworkspace;

import static dev.portage.localworkspace.NotebookWorkspace.HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.compute.Environment;
import com.databricks.sdk.service.jobs.JobEnvironment;
import com.databricks.sdk.service.jobs.NotebookTask;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunOutput;
import com.databricks.sdk.service.jobs.Source;
import com.databricks.sdk.service.jobs.SparkPythonTask;
import com.databricks.sdk.service.jobs.SubmitRun;
import com.databricks.sdk.service.jobs.SubmitTask;
import com.databricks.sdk.service.workspace.Import;
import com.databricks.sdk.service.workspace.ImportFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notebooks, Python files and wheels stored in the workspace run like those of a commit. */
class WorkspaceCodeIT {
  private static final String HOME = "/Users/ana@example.com/";

  @AutoClose private final NotebookWorkspace notebooks;

  WorkspaceCodeIT(@TempDir Path folder) throws IOException {
    notebooks = new NotebookWorkspace(folder);
  }

  @Test
  void aNotebookUsesItsNeighbourAndAModuleInItsFolder() {
    put(HOME + "parts.py", HEADER + "PART = 'a part'\n");
    put("/Shared/all.py", HEADER + "ALL = 'for all'\n");
    put(HOME + "helper.py", "VALUE = 'a module'\n");
    put(
        HOME + "train.py",
        HEADER
            + "# MAGIC %run ./parts\n"
            + NotebookWorkspace.CELL
            + "# MAGIC %run /Shared/all\n"
            + NotebookWorkspace.CELL
            + "import helper\n"
            + "dbutils.notebook.exit(f\"{dbutils.widgets.get('x')}, {PART}, {ALL},"
            + " {helper.VALUE}\")\n");

    for (@Nullable Source source : new @Nullable Source[] {null, Source.WORKSPACE}) {
      RunOutput output =
          run(
              new SubmitTask()
                  .setNotebookTask(
                      new NotebookTask()
                          .setNotebookPath("/Workspace" + HOME + "train")
                          .setSource(source)
                          .setBaseParameters(Map.of("x", "7"))),
              null,
              null);

      assertThat(output.getError()).isNull();
      assertThat(output.getNotebookOutput().getResult()).isEqualTo("7, a part, for all, a module");
      assertThat(output.getMetadata().getGitSource()).isNull();
    }
  }

  @Test
  void aPythonFileRunsAndAMissingOneIsNamed() {
    put("/Shared/s.py", "import sys\nprint('given', sys.argv[1:])\n");

    RunOutput there = run(script("/Workspace/Shared/s.py", "--x=1"), environment(), null);
    Run missing = ended(script("/Shared/t.py"), environment(), null);
    Run notebook =
        ended(
            new SubmitTask().setNotebookTask(new NotebookTask().setNotebookPath("/Shared/t")),
            null,
            null);

    assertThat(there.getError()).isNull();
    assertThat(there.getLogs()).contains("given ['--x=1']");
    assertThat(message(missing)).contains("Cannot read the python file").contains("the workspace");
    assertThat(message(notebook)).contains("Unable to access the notebook \"/Shared/t\"");
  }

  @Test
  void wheelsAreInstalledFromTheWorkspaceAndTheCommitLikeRequirements() throws IOException {
    byte[] wheel = LibrariesIT.wheel();
    put("/Shared/features-1.0-py3-none-any.whl", wheel);
    put("/Shared/requirements.txt", "mlflow>=2\n");
    String commit =
        notebooks.repository.commit(
            Map.of("s.py", "import features\nprint('answer', features.ANSWER)\n"));
    SubmitTask script =
        new SubmitTask()
            .setSparkPythonTask(new SparkPythonTask().setPythonFile("s.py").setSource(Source.GIT))
            .setEnvironmentKey("default");

    RunOutput ofWorkspace =
        run(
            script,
            environment(
                "/Workspace/Shared/features-1.0-py3-none-any.whl",
                "-r /Workspace/Shared/requirements.txt"),
            commit);
    String withWheel =
        notebooks.repository.commitBytes(Map.of("dist/features-1.0-py3-none-any.whl", wheel));
    RunOutput ofCommit = run(script, environment("dist/features-1.0-py3-none-any.whl"), withWheel);

    assertThat(ofWorkspace.getError()).isNull();
    assertThat(ofWorkspace.getLogs()).contains("answer 42");
    assertThat(ofCommit.getError()).isNull();
    assertThat(ofCommit.getLogs()).contains("answer 42");
  }

  private static SubmitTask script(String file, String... arguments) {
    return new SubmitTask()
        .setSparkPythonTask(
            new SparkPythonTask().setPythonFile(file).setParameters(List.of(arguments)))
        .setEnvironmentKey("default");
  }

  private static JobEnvironment environment(String... dependencies) {
    return new JobEnvironment()
        .setEnvironmentKey("default")
        .setSpec(
            new Environment().setEnvironmentVersion("4").setDependencies(List.of(dependencies)));
  }

  private static String message(Run run) {
    return String.valueOf(run.getTasks().iterator().next().getState().getStateMessage());
  }

  private RunOutput run(
      SubmitTask task, @Nullable JobEnvironment environment, @Nullable String commit) {
    return notebooks.output(ended(task, environment, commit));
  }

  private Run ended(
      SubmitTask task, @Nullable JobEnvironment environment, @Nullable String commit) {
    long id =
        notebooks
            .client
            .jobs()
            .submit(
                new SubmitRun()
                    .setRunName("of the workspace")
                    .setGitSource(commit == null ? null : notebooks.git(commit))
                    .setTasks(List.of(task.setTaskKey("main")))
                    .setEnvironments(environment == null ? null : List.of(environment)))
            .getResponse()
            .getRunId();
    return Clients.awaitEnd(notebooks.client, id, NotebookWorkspace.LIMIT);
  }

  private void put(String path, String text) {
    put(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private void put(String path, byte[] content) {
    notebooks
        .client
        .workspace()
        .importContent(
            new Import()
                .setPath(path)
                .setFormat(ImportFormat.AUTO)
                .setContent(Base64.getEncoder().encodeToString(content)));
  }
}
