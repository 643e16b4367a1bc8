package dev.portage.mlflow;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A real MLflow server whose artifacts lie where Databricks has them, and are none of its business.
 */
public final class RealMlflow implements AutoCloseable {
  private static final Duration STARTED = Duration.ofMinutes(2);

  private final Process process;
  private final URI url;

  private RealMlflow(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Starts one that keeps its records in a folder. */
  public static RealMlflow start(Path folder) throws IOException, InterruptedException {
    int port = freePort();
    Path log = folder.resolve("mlflow.log");
    // What "mlflow server" starts in the end, without the interpreter before it, which would load
    // all of MLflow once more and wait.
    ProcessBuilder builder =
        python(
                List.of(
                    "-m",
                    "uvicorn",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    String.valueOf(port),
                    "mlflow.server.fastapi_app:app"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    String records = "sqlite:///" + folder.resolve("mlflow.db");
    builder
        .environment()
        .putAll(
            Map.of(
                "_MLFLOW_SERVER_FILE_STORE", records,
                "_MLFLOW_SERVER_REGISTRY_STORE", records,
                "_MLFLOW_SERVER_ARTIFACT_ROOT", "dbfs:/databricks/mlflow-tracking",
                "_MLFLOW_SGI_NAME", "uvicorn",
                "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false",
                "MLFLOW_DISABLE_TELEMETRY", "true"));
    RealMlflow server = new RealMlflow(builder.start(), URI.create("http://127.0.0.1:" + port));
    Instant until = Instant.now().plus(STARTED);
    while (!listens(port)) {
      if (!server.process.isAlive() || Instant.now().isAfter(until)) {
        server.close();
        throw new IOException("MLflow does not answer: " + Files.readString(log));
      }
      server.process.waitFor(100, TimeUnit.MILLISECONDS);
    }
    return server;
  }

  /** Runs Python without what the shell of this build has set for it, for MLflow and clouds. */
  public static ProcessBuilder python(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(python().toString()));
    command.addAll(arguments);
    return clean(new ProcessBuilder(command));
  }

  /** Takes out of an environment what the shell of this build has set for Python and the like. */
  public static ProcessBuilder clean(ProcessBuilder builder) {
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("PYTHON.*|(DATABRICKS|_?MLFLOW|AWS|AZURE)_.*"));
    return builder;
  }

  /** One with mlflow and deltalake: {@code PORTAGE_PYTHON}, else the one that the build made. */
  public static Path python() {
    String named = System.getenv("PORTAGE_PYTHON");
    Path python =
        named != null
            ? Path.of(named)
            : Path.of(
                Objects.requireNonNullElse(System.getProperty("portage.root"), ".."),
                ".portage/venv/bin/python");
    if (!Files.isExecutable(python)) {
      throw new IllegalStateException(
          "No Python at " + python + ": run ./portage setup, or name one by PORTAGE_PYTHON");
    }
    return python.toAbsolutePath();
  }

  /** Whether somebody listens on a port of this machine. */
  public static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A port that was free a moment ago. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Where it listens. */
  public URI url() {
    return url;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
