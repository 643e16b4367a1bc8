package dev.portage.transfer;

import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.localworkspace.LocalWorkspace;
import dev.portage.localworkspace.LocalWorkspaceSettings;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.blobs.BlobSettings;
import dev.portage.localworkspace.protocol.Secret;
import dev.portage.localworkspace.rights.Right;
import dev.portage.mlflow.MlflowPages;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.RealMlflow;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Local workspaces in front of real stores: Azurite, moto, and the two built into a workspace. A
 * real MLflow server stands behind them all.
 */
public final class RealStores implements MlflowServers, AutoCloseable {
  private static final Duration STARTED = Duration.ofMinutes(2);
  private static final String TOKEN = "token-of-ana";
  private static final String ACCOUNT = "devstoreaccount1";

  /** Azurite's well-known key. */
  private static final String KEY =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

  /** MLflow's own packages come first. */
  private static final String CLIENTS =
      "import glob, os, sys; sys.path += glob.glob(os.environ['PORTAGE_CLIENTS']); ";

  /** Not the workspaces', which may have been started before. */
  private static final String BUCKET =
      CLIENTS
          + "import boto3; boto3.client('s3', endpoint_url=os.environ['MLFLOW_S3_ENDPOINT_URL'])"
          + ".create_bucket(Bucket='server'); ";

  private static final String CONTAINER =
      CLIENTS
          + "from azure.storage.blob import BlobServiceClient as Blobs; "
          + "Blobs.from_connection_string(os.environ['AZURE_STORAGE_CONNECTION_STRING'])"
          + ".create_container('server'); ";

  final Map<String, LocalWorkspace> workspaces = new HashMap<>();
  private final Map<String, URI> servers = new HashMap<>();
  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final List<Process> processes = new ArrayList<>();
  private final Path folder;
  private final RealMlflow mlflow;

  /** Nothing but the MLflow server behind the workspaces runs yet. */
  public RealStores(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    this.mlflow = RealMlflow.start(folder);
  }

  /** A workspace in front of a store: adls, gcs, azure or s3; started on first use. */
  LocalWorkspace workspace(String store) throws IOException, InterruptedException {
    LocalWorkspace there = workspaces.get(store);
    if (there != null) {
      return there;
    }
    BlobSettings blobs =
        switch (store) {
          case "adls" -> new BlobSettings.Adls("mlflow");
          case "gcs" -> new BlobSettings.Gcs("mlflow");
          case "azure" ->
              new BlobSettings.Azure(
                  URI.create("http://127.0.0.1:" + azurite() + "/" + ACCOUNT),
                  ACCOUNT,
                  new Secret(KEY),
                  "mlflow");
          case "s3" ->
              new BlobSettings.S3(
                  URI.create("http://127.0.0.1:" + moto()),
                  "us-east-1",
                  "AKIAEXAMPLE",
                  new Secret("the key of ana"),
                  "mlflow");
          default -> throw new IllegalArgumentException(store);
        };
    LocalWorkspace started =
        LocalWorkspace.start(
            LocalWorkspaceSettings.named(store, "4711", folder.resolve(store))
                .mlflow(mlflow.url())
                .artifacts(new ArtifactSettings(blobs, Duration.ofHours(1), 100))
                .token(Token.of(TOKEN, "ana@example.com", EnumSet.allOf(Right.class)))
                .build());
    workspaces.put(store, started);
    return started;
  }

  /** Starts a workspace in front of a store, or an MLflow server of a kind. */
  public void begin(String name) throws IOException, InterruptedException {
    if (List.of("disk", "bucket", "container", "older").contains(name)) {
      mlflow(name);
    } else {
      workspace(name);
    }
  }

  /**
   * An MLflow server that serves and accepts artifacts itself: in front of its own disk ("disk"),
   * moto ("bucket") or Azurite ("container"), or an MLflow 2 ("older"). Started on first use.
   */
  private void mlflow(String kind) throws IOException, InterruptedException {
    if (servers.containsKey(kind)) {
      return;
    }
    int port = RealMlflow.freePort();
    List<String> arguments =
        switch (kind) {
          case "disk" -> uvicorn(port, "");
          case "bucket" -> uvicorn(port, BUCKET);
          case "container" -> uvicorn(port, CONTAINER);
          case "older" ->
              List.of(
                  "-m",
                  "gunicorn",
                  "-b",
                  "127.0.0.1:" + port,
                  "--no-control-socket",
                  "mlflow.server:app");
          default -> throw new IllegalArgumentException(kind);
        };
    Map<String, String> environment = new HashMap<>(destination(kind));
    String records = "sqlite:///" + folder.resolve(kind + ".db");
    environment.putAll(
        Map.of(
            "_MLFLOW_SERVER_FILE_STORE", records,
            "_MLFLOW_SERVER_REGISTRY_STORE", records,
            "_MLFLOW_SERVER_ARTIFACT_ROOT", "mlflow-artifacts:/",
            "_MLFLOW_SERVER_SERVE_ARTIFACTS", "true",
            "_MLFLOW_SGI_NAME", "uvicorn"));
    start(port, RealMlflow.python(), arguments, environment);
    servers.put(kind, URI.create("http://127.0.0.1:" + port));
  }

  private static List<String> uvicorn(int port, String before) {
    return List.of(
        "-c",
        before
            + "import uvicorn; uvicorn.run('mlflow.server.fastapi_app:app', host='127.0.0.1', port="
            + port
            + ", log_level='warning')");
  }

  /** Where such a server keeps artifacts, and what that requires. */
  private Map<String, String> destination(String kind) throws IOException, InterruptedException {
    String destination = "_MLFLOW_SERVER_ARTIFACT_DESTINATION";
    return switch (kind) {
      case "bucket" ->
          Map.of(
              destination,
              "s3://server/artifacts",
              "PORTAGE_CLIENTS",
              clients(),
              "MLFLOW_S3_ENDPOINT_URL",
              "http://127.0.0.1:" + moto(),
              "AWS_ACCESS_KEY_ID",
              "AKIAEXAMPLE",
              "AWS_SECRET_ACCESS_KEY",
              "the key of ana",
              "AWS_DEFAULT_REGION",
              "us-east-1");
      case "container" ->
          Map.of(
              destination,
              "wasbs://server@" + ACCOUNT + ".blob.core.windows.net/artifacts",
              "PORTAGE_CLIENTS",
              clients(),
              "AZURE_STORAGE_CONNECTION_STRING",
              "DefaultEndpointsProtocol=http;AccountName="
                  + ACCOUNT
                  + ";AccountKey="
                  + KEY
                  + ";BlobEndpoint=http://127.0.0.1:"
                  + azurite()
                  + "/"
                  + ACCOUNT
                  + ";");
      case "older" ->
          Map.of(
              destination,
              folder.resolve("older-artifacts").toString(),
              "PYTHONPATH",
              RealMlflow.installed("mlflow2/ready").resolveSibling("").toString());
      default -> Map.of(destination, folder.resolve(kind + "-artifacts").toString());
    };
  }

  /** The stores' clients, which come with moto. */
  private static String clients() {
    return RealMlflow.installed("moto/bin/python").resolve("../../lib").normalize()
        + "/python3*/site-packages";
  }

  @Override
  public MlflowServer of(String workspace) {
    URI direct = servers.get(workspace);
    if (direct != null) {
      return new MlflowServer(http, direct, () -> null, workspace, MlflowPages.ofMlflow(direct));
    }
    URI host = Objects.requireNonNull(workspaces.get(workspace)).host();
    return new MlflowServer(http, host, () -> TOKEN, workspace, MlflowPages.ofMlflow(host));
  }

  @Override
  public MlflowServer readerOf(String workspace) {
    return of(workspace);
  }

  private int azurite() throws IOException, InterruptedException {
    int port = RealMlflow.freePort();
    start(
        port,
        RealMlflow.installed("azurite/node_modules/.bin/azurite-blob"),
        List.of(
            "--blobHost",
            "127.0.0.1",
            "--blobPort",
            String.valueOf(port),
            "--location",
            folder.resolve("azurite").toString(),
            "--skipApiVersionCheck",
            "--disableTelemetry",
            "--silent"));
    return port;
  }

  /** Starts a Moto that accepts any login; returns its port. */
  int moto() throws IOException, InterruptedException {
    int port = RealMlflow.freePort();
    start(
        port,
        RealMlflow.installed("moto/bin/moto_server"),
        List.of("-H", "127.0.0.1", "-p", String.valueOf(port)));
    return port;
  }

  private void start(int port, Path program, List<String> arguments)
      throws IOException, InterruptedException {
    start(port, program, arguments, Map.of());
  }

  private void start(
      int port, Path program, List<String> arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path log = folder.resolve("server-" + port + ".log");
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    ProcessBuilder builder =
        RealMlflow.clean(new ProcessBuilder(command))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
    builder.environment().put("MLFLOW_DISABLE_TELEMETRY", "true");
    builder.environment().putAll(environment);
    Process process = builder.start();
    processes.add(process);
    Instant until = Instant.now().plus(STARTED);
    while (!RealMlflow.listens(port)) {
      if (!process.isAlive() || Instant.now().isAfter(until)) {
        throw new IOException(program + " does not answer: " + Files.readString(log));
      }
      Thread.sleep(Duration.ofMillis(100));
    }
  }

  @Override
  public void close() {
    workspaces.values().forEach(LocalWorkspace::close);
    http.close();
    mlflow.close();
    processes.forEach(process -> {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    });
  }
}
