package dev.portage.sandbox.process;

import dev.portage.sandbox.process.KeptProcess.Keeper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A real MLflow server on 127.0.0.1: tracking, registry and artifacts of one workspace, kept in one
 * folder and there again on the next start; started again when it dies. Has no login of its own:
 * the local workspace stands in front of it where one is wanted.
 */
public final class MlflowServerProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

  private final SupervisedProcess process;
  private final URI uri;

  private MlflowServerProcess(SupervisedProcess process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  /**
   * Starts it and returns once it answers.
   *
   * @param keeper watches over it; its Python is the one that has MLflow
   * @param name of the workspace, for messages
   * @param folder database and artifacts, made when missing
   * @param port a free one
   * @param log where its output goes
   * @throws IOException when it does not come up, with the end of its log
   */
  public static MlflowServerProcess start(
      Keeper keeper, String name, Path folder, int port, Path log) throws IOException {
    return start(keeper, name, folder, port, log, Artifacts.SERVED, _ -> {});
  }

  /**
   * Its stores, which it opens on first use. "mlflow server" does that before it serves; two
   * concurrent first requests would both create the tables, and leave neither store usable.
   */
  private static final List<String> STORES =
      List.of(
          "/api/2.0/mlflow/experiments/search?max_results=1",
          "/api/2.0/mlflow/registered-models/search?max_results=1");

  /** Where the server's runs and models keep their files. */
  public enum Artifacts {
    /** In its own folder; it hands them out and takes them. */
    SERVED,
    /** In a Databricks workspace, whose local stand-in is in front of the server. */
    OF_WORKSPACE
  }

  /** Starts it, with its files here or elsewhere; otherwise as above. */
  public static MlflowServerProcess start(
      Keeper keeper, String name, Path folder, int port, Path log, Artifacts artifacts)
      throws IOException {
    return start(keeper, name, folder, port, log, artifacts, _ -> {});
  }

  /**
   * Starts it and returns once it answers.
   *
   * @param told gets a line whenever it has died, with what was done about it
   */
  public static MlflowServerProcess start(
      Keeper keeper,
      String name,
      Path folder,
      int port,
      Path log,
      Artifacts artifacts,
      Consumer<String> told)
      throws IOException {
    Path home = Files.createDirectories(folder).toAbsolutePath();
    URI uri = URI.create("http://127.0.0.1:" + port);
    String what = "MLflow of " + name + " on port " + port;
    return new MlflowServerProcess(
        SupervisedProcess.start(
            "MLflow of " + name,
            start -> launch(keeper, home, port, LogTail.ofStart(log, start), artifacts),
            process -> awaitStores(process, what, uri),
            told,
            () -> {}),
        uri);
  }

  private static KeptProcess launch(
      Keeper keeper, Path home, int port, Path log, Artifacts artifacts) throws IOException {
    return KeptProcess.start(
        keeper,
        // What "mlflow server" starts in the end, without the interpreter before it, which
        // would load all of MLflow once more and wait.
        List.of(
            keeper.python().toString(),
            "-m",
            "uvicorn",
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--workers",
            "1",
            // Callers keep an idle connection for 30 s. The usual 5 s would cut one just as it is
            // used again, which breaks a POST.
            "--timeout-keep-alive",
            "75",
            "mlflow.server.fastapi_app:app"),
        environment(home, artifacts),
        home,
        log);
  }

  private static void awaitStores(KeptProcess process, String what, URI uri) throws IOException {
    Startup.await(process, what, uri.resolve("/health"), START_TIMEOUT);
    for (String store : STORES) {
      Startup.awaitOne(process, what, uri.resolve(store), START_TIMEOUT);
    }
  }

  private static Map<String, String> environment(Path home, Artifacts artifacts) {
    String database = "sqlite:///" + home.resolve("mlflow.db");
    return Map.of(
        "_MLFLOW_SERVER_FILE_STORE",
        database,
        "_MLFLOW_SERVER_REGISTRY_STORE",
        database,
        "_MLFLOW_SERVER_ARTIFACT_ROOT",
        switch (artifacts) {
          case SERVED -> "mlflow-artifacts:/";
          case OF_WORKSPACE -> "dbfs:/databricks/mlflow-tracking";
        },
        "_MLFLOW_SERVER_ARTIFACT_DESTINATION",
        home.resolve("artifacts").toString(),
        "_MLFLOW_SERVER_SERVE_ARTIFACTS",
        String.valueOf(artifacts == Artifacts.SERVED),
        "_MLFLOW_SGI_NAME",
        "uvicorn",
        // Its job runner would start eight processes more, for features not used here.
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION",
        "false",
        "MLFLOW_DISABLE_TELEMETRY",
        "true",
        "DO_NOT_TRACK",
        "true");
  }

  /** Where it answers, such as {@code http://127.0.0.1:5000}. */
  public URI uri() {
    return uri;
  }

  /** Whether it still runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Process id of the server, of now. */
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.close();
  }
}
