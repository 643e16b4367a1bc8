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
import org.junit.jupiter.api.Assumptions;

/** A real MLflow server whose artifacts are where Databricks keeps them, outside its control. */
public final class RealMlflow implements AutoCloseable {
  private static final Duration STARTED = Duration.ofMinutes(2);

  private final Process process;
  private final URI url;

  private RealMlflow(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Starts one that stores its data in a folder. */
  public static RealMlflow start(Path folder) throws IOException, InterruptedException {
    return start(folder, List.of("mlflow.server.fastapi_app:app"), Map.of());
  }

  /**
   * Starts one with MLflow's own users and passwords, as {@code mlflow server --app-name
   * basic-auth} does; everyone may read. Skips the test if the packages it needs are not installed.
   *
   * @param admin password of the user {@code admin}
   */
  public static RealMlflow withUsers(Path folder, String admin)
      throws IOException, InterruptedException {
    Path packages = installed("basic-auth/ready").resolveSibling("");
    Path settings =
        Files.writeString(
            folder.resolve("users.ini"),
            """
            [mlflow]
            default_permission = READ
            database_uri = sqlite:///%s
            admin_username = admin
            auth_cache_ttl_seconds = 60
            authorization_function = mlflow.server.auth:authenticate_request_basic_auth
            """
                .formatted(folder.resolve("users.db")));
    return start(
        folder,
        List.of("--factory", "mlflow.server.auth:create_app"),
        Map.of(
            "PYTHONPATH",
            packages.toString(),
            "MLFLOW_AUTH_CONFIG_PATH",
            settings.toString(),
            "MLFLOW_AUTH_ADMIN_PASSWORD",
            admin,
            "MLFLOW_FLASK_SERVER_SECRET_KEY",
            "signs forms of this server alone",
            "_MLFLOW_SERVER_ARTIFACT_ROOT",
            "mlflow-artifacts:/",
            "_MLFLOW_SERVER_ARTIFACT_DESTINATION",
            folder.resolve("artifacts").toString(),
            "_MLFLOW_SERVER_SERVE_ARTIFACTS",
            "true"));
  }

  private static RealMlflow start(Path folder, List<String> app, Map<String, String> environment)
      throws IOException, InterruptedException {
    int port = freePort();
    Path log = folder.resolve("mlflow.log");
    // The process that "mlflow server" ends up starting, without the interpreter in between, which
    // would load all of MLflow again and wait.
    List<String> arguments =
        new ArrayList<>(
            List.of("-m", "uvicorn", "--host", "127.0.0.1", "--port", String.valueOf(port)));
    arguments.addAll(app);
    ProcessBuilder builder =
        python(arguments).redirectErrorStream(true).redirectOutput(log.toFile());
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
    builder.environment().putAll(environment);
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

  /** Runs Python without the shell's settings for Python, MLflow and clouds. */
  public static ProcessBuilder python(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(python().toString()));
    command.addAll(arguments);
    return clean(new ProcessBuilder(command));
  }

  /** Removes the shell's Python settings and the like from an environment. */
  public static ProcessBuilder clean(ProcessBuilder builder) {
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("PYTHON.*|(DATABRICKS|_?MLFLOW|AWS|AZURE)_.*"));
    return builder;
  }

  /**
   * A Python with mlflow and deltalake: {@code PORTAGE_PYTHON}, otherwise the one that the build
   * installed.
   */
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

  /** A program that build/artifact-stores installs; skips the test if it is missing. */
  public static Path installed(String program) {
    String named = System.getenv("PORTAGE_STORES");
    Path stores =
        named != null
            ? Path.of(named)
            : Path.of(
                Objects.requireNonNullElse(System.getProperty("portage.root"), ".."),
                ".portage/stores");
    Path path = stores.resolve(program).toAbsolutePath();
    Assumptions.assumeTrue(Files.exists(path), () -> "No " + path + ": run build/artifact-stores");
    return path;
  }

  /** Whether something listens on a port of this machine. */
  public static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A port that was free just now. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
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
