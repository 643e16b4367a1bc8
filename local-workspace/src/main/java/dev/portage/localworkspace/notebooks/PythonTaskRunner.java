package dev.portage.localworkspace.notebooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.jobs.Home;
import dev.portage.localworkspace.jobs.TaskLaunch;
import dev.portage.localworkspace.jobs.TaskOutcome;
import dev.portage.localworkspace.jobs.TaskRunner;
import dev.portage.localworkspace.jobs.Work;
import dev.portage.localworkspace.objects.WorkspaceTree;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.rights.TokenBook;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks in CPython, each in a process and session of its own with a clean environment. Each
 * run gets a token for this workspace's registry that is valid only while the run lasts.
 */
public final class PythonTaskRunner implements TaskRunner {
  private static final String SCRIPT = "notebook_runner.py";

  private final PythonHome python;
  private final Path script;
  private final TokenBook tokens;
  private final Home home;
  private final Folders folders;
  private final @Nullable Spark spark;

  /**
   * Where a workspace keeps what notebooks work with.
   *
   * @param tables Delta tables, one folder each
   * @param volumes the files of volumes, one folder each
   * @param objects notebooks and files of the workspace itself
   */
  public record Folders(Path tables, Path volumes, Path objects) {}

  /**
   * A runner for one workspace.
   *
   * @param python what runs them
   * @param home this workspace
   * @param folders where it keeps what notebooks work with
   * @param spark where PySpark with Delta Lake is installed; null for none
   * @throws IOException when the script can't be written
   */
  public PythonTaskRunner(
      PythonHome python, TokenBook tokens, Home home, Folders folders, @Nullable Path spark)
      throws IOException {
    this.python = python;
    this.tokens = tokens;
    this.home = home;
    this.folders = folders;
    this.spark = spark == null ? null : new Spark(spark);
    this.script = python.script(PythonTaskRunner.class, SCRIPT);
  }

  @Override
  public Execution start(TaskLaunch launch) throws IOException {
    Path result = launch.places().own().resolve("result.json");
    Path spec = launch.places().own().resolve("spec.json");
    Files.write(spec, Json.bytes(spec(launch, result)));
    Path directory = Files.createDirectories(launch.places().own().resolve("home"));
    TokenBook.Minted token =
        tokens.mint(launch.runAs(), Set.of(Right.REGISTRY_READ, Right.REGISTRY_WRITE));
    Process process;
    try {
      ProcessBuilder builder =
          new ProcessBuilder(python.executable().toString(), script.toString(), spec.toString())
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.to(launch.places().own().resolve("output.log").toFile()));
      builder.environment().clear();
      builder.environment().putAll(environment(launch, directory, token.value()));
      process = builder.start();
    } catch (IOException e) {
      token.close();
      throw e;
    }
    ProcessGroup group = new ProcessGroup(process);
    CompletableFuture<TaskOutcome> outcome =
        process
            .onExit()
            .thenApplyAsync(
                ended -> {
                  token.close();
                  // What the run left behind in its session goes with it.
                  group.killRest();
                  return outcome(result, ended.exitValue());
                },
                work -> Thread.ofVirtual().start(work));
    return new Running(outcome, group);
  }

  private record Running(CompletableFuture<TaskOutcome> outcome, ProcessGroup group)
      implements Execution {
    @Override
    public void kill() {
      Thread.ofVirtual().start(group::kill);
    }
  }

  private ObjectNode spec(TaskLaunch launch, Path result) {
    Path root = launch.work().isOfWorkspace() ? folders.objects() : launch.places().checkout();
    ObjectNode spec =
        Json.object()
            .put("source", launch.work().isOfWorkspace() ? "WORKSPACE" : "GIT")
            .put("root", root.toString())
            .put("checkout", launch.places().checkout().toString())
            .put("result", result.toString())
            .put("cells", launch.places().own().resolve("cells.jsonl").toString())
            .put("values", launch.places().shared().resolve("task-values").toString())
            .put("task", launch.ids().taskKey())
            .put("layers", python.layers().toString());
    launch.libraries().forEach(spec.putArray("libraries")::add);
    spec.putObject("job")
        .put("jobId", Long.toString(launch.ids().job()))
        .put("jobRunId", Long.toString(launch.ids().jobRun()))
        .put("taskRunId", Long.toString(launch.ids().taskRun()))
        .put("user", launch.runAs())
        .put("workspaceId", home.workspaceId())
        .put("ephemeral", launch.ids().ephemeral());
    switch (launch.work()) {
      case Work.Notebook notebook -> {
        spec.put("kind", "notebook").put("path", path(notebook, notebook.path()));
        spec.set("parameters", Json.ofTexts(notebook.parameters()));
      }
      case Work.PythonFile python -> {
        spec.put("kind", "python").put("path", path(python, python.file()));
        python.arguments().forEach(spec.putArray("arguments")::add);
      }
      case Work.Wheel wheel -> {
        spec.put("kind", "wheel")
            .put("package", wheel.pack())
            .put("entryPoint", wheel.entryPoint());
        wheel.arguments().forEach(spec.putArray("arguments")::add);
      }
    }
    return spec;
  }

  private static String path(Work work, String written) {
    return work.isOfWorkspace() ? WorkspaceTree.below(written) : written;
  }

  private Map<String, String> environment(TaskLaunch launch, Path directory, String token)
      throws IOException {
    Map<String, String> environment = python.environment(directory);
    // A checkout belongs to the run and stays as committed.
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    if (spark != null) {
      environment.putAll(
          spark.environment(
              launch.places().own().resolve("spark"),
              python.executable(),
              folders.tables(),
              home.address(),
              launch.cluster().spark()));
    }
    environment.putAll(launch.cluster().variables());
    environment.putAll(launch.cluster().secretVariables());
    if (!launch.cluster().secretSpark().isEmpty()) {
      // In a file it would be left behind, and on Spark's command line everyone could read it.
      environment.put(
          "LOCAL_WORKSPACE_SECRET_SPARK", Json.ofTexts(launch.cluster().secretSpark()).toString());
    }
    environment.put(
        "LOCAL_WORKSPACE_SECRET_VARIABLES",
        String.join(" ", launch.cluster().secretVariables().keySet()));
    environment.putAll(python.installer());
    environment.put("MLFLOW_TRACKING_URI", home.address().toString());
    environment.put("MLFLOW_TRACKING_TOKEN", token);
    // Code that uses the address "databricks", with MLflow or Databricks' SDK, means the workspace
    // around it.
    environment.put("DATABRICKS_HOST", home.address().toString());
    environment.put("DATABRICKS_TOKEN", token);
    environment.put("LOCAL_WORKSPACE_TABLES", folders.tables().toString());
    environment.put("LOCAL_WORKSPACE_VOLUMES", folders.volumes().toString());
    environment.put("LOCAL_WORKSPACE_OBJECTS", folders.objects().toString());
    environment.put("LOCAL_WORKSPACE_DBFS", folders.volumes().resolveSibling("dbfs").toString());
    environment.put(
        "LOCAL_WORKSPACE_SECRETS", folders.volumes().resolveSibling("secrets").toString());
    environment.put("LOCAL_WORKSPACE_LOGIN", token);
    environment.put("LOCAL_WORKSPACE_HOST", home.address().toString());
    environment.put("MLFLOW_RUN_CONTEXT", runContext(launch));
    return environment;
  }

  /**
   * The tags that MLflow sets itself within a Databricks job, passed in the only way that works
   * outside of one. Tags from the cluster's own MLFLOW_RUN_CONTEXT are kept as well.
   *
   * @see <a
   *     href="https://github.com/mlflow/mlflow/blob/v3.17.2/mlflow/tracking/context/databricks_job_context.py">MLflow's
   *     Databricks job context</a>
   */
  private String runContext(TaskLaunch launch) {
    ObjectNode tags = Json.object();
    tags.put("mlflow.user", launch.runAs());
    String given = launch.cluster().variables().get("MLFLOW_RUN_CONTEXT");
    if (given != null) {
      merge(tags, given);
    }
    tags.put("mlflow.source.type", "JOB");
    tags.put("mlflow.source.name", "jobs/" + launch.ids().job() + "/run/" + launch.ids().taskRun());
    tags.put("mlflow.databricks.jobID", Long.toString(launch.ids().job()));
    tags.put("mlflow.databricks.jobRunID", Long.toString(launch.ids().taskRun()));
    tags.put(
        "mlflow.databricks.jobType",
        launch.work() instanceof Work.Notebook ? "notebook" : "python");
    tags.put("mlflow.databricks.jobTypeInfo", launch.ids().ephemeral() ? "EPHEMERAL" : "NORMAL");
    tags.put("mlflow.databricks.webappURL", home.address().toString());
    tags.put("mlflow.databricks.workspaceURL", home.address().toString());
    tags.put("mlflow.databricks.workspaceID", home.workspaceId());
    if (launch.work() instanceof Work.Notebook notebook) {
      tags.put("mlflow.databricks.notebookPath", notebook.path());
    }
    return tags.toString();
  }

  /** MLflow itself passes over a context it can't read, so this does too. */
  private static void merge(ObjectNode tags, String given) {
    try {
      if (Json.read(given.getBytes(java.nio.charset.StandardCharsets.UTF_8))
          instanceof ObjectNode more) {
        more.properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
      }
    } catch (ApiRefusal notJson) {
      return;
    }
  }

  private static TaskOutcome outcome(Path result, int exit) {
    if (Files.notExists(result)) {
      return new TaskOutcome.Failed(
          "The Python process exited unexpectedly with code "
              + exit
              + " before the code had finished",
          null);
    }
    try {
      JsonNode outcome = Json.read(Files.readAllBytes(result));
      return switch (outcome.path("status").asText()) {
        case "succeeded" -> new TaskOutcome.Succeeded(Json.text(outcome, "exit"));
        case "missing" -> new TaskOutcome.Missing(outcome.path("message").asText());
        default ->
            new TaskOutcome.Failed(outcome.path("error").asText(), Json.text(outcome, "trace"));
      };
    } catch (IOException | ApiRefusal e) {
      return new TaskOutcome.Failed("The result of the run can't be read: " + e.getMessage(), null);
    }
  }
}
