package dev.portage.localworkspace;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real MLflow server for one test class. */
public final class MlflowServer implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Process process;
  private final URI url;

  private MlflowServer(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Starts one that stores everything in a folder, and waits until it answers. */
  static MlflowServer start(Path folder) throws IOException, InterruptedException {
    return start(
        folder,
        Map.of(
            "_MLFLOW_SERVER_ARTIFACT_ROOT",
            "mlflow-artifacts:/",
            "_MLFLOW_SERVER_ARTIFACT_DESTINATION",
            folder.resolve("artifacts").toString(),
            "_MLFLOW_SERVER_SERVE_ARTIFACTS",
            "true"));
  }

  /** Starts one whose artifacts are where Databricks keeps them, outside its control. */
  public static MlflowServer startWithoutArtifacts(Path folder)
      throws IOException, InterruptedException {
    return start(
        folder, Map.of("_MLFLOW_SERVER_ARTIFACT_ROOT", "dbfs:/databricks/mlflow-tracking"));
  }

  private static MlflowServer start(Path folder, Map<String, String> artifacts)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    int port = FreePort.find();
    // The process that "mlflow server" ends up starting, without the interpreter in between, which
    // would load all of MLflow again and wait.
    ProcessBuilder builder =
        Python.run(
                List.of(
                    "-m",
                    "uvicorn",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    Integer.toString(port),
                    "mlflow.server.fastapi_app:app"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("server.log").toFile());
    String records = "sqlite:///" + folder.resolve("mlflow.db");
    builder
        .environment()
        .putAll(
            Map.of(
                "_MLFLOW_SERVER_FILE_STORE", records,
                "_MLFLOW_SERVER_REGISTRY_STORE", records,
                "_MLFLOW_SGI_NAME", "uvicorn",
                "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false",
                "MLFLOW_DISABLE_TELEMETRY", "true"));
    builder.environment().putAll(artifacts);
    MlflowServer server = new MlflowServer(builder.start(), URI.create("http://127.0.0.1:" + port));
    server.awaitHealth(folder.resolve("server.log"));
    return server;
  }

  private void awaitHealth(Path log) throws IOException, InterruptedException {
    Instant until = Instant.now().plus(LIMIT);
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!isHealthy(http)) {
        if (!process.isAlive() || Instant.now().isAfter(until)) {
          close();
          throw new IOException("MLflow does not answer: " + Files.readString(log));
        }
        process.waitFor(200, TimeUnit.MILLISECONDS);
      }
    }
  }

  private boolean isHealthy(HttpClient http) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(url.resolve("/health")).timeout(Duration.ofSeconds(5)).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Its address. */
  public URI url() {
    return url;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
