package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.serving.ServingSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A workspace with a real MLflow server in which versions of the model "tripler" are registered.
 */
final class ServingWorkspace implements AutoCloseable {
  static final String TOKEN = "token-of-ana";
  static final String VIEWER = "token-of-vera";
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration LONGEST_SCRIPT = Duration.ofMinutes(5);

  private final Path folder;
  final MlflowServer mlflow;
  private final ServingSettings settings;
  private final HttpClient http = HttpClient.newHttpClient();
  LocalWorkspace workspace;

  ServingWorkspace(Path folder, ServingSettings settings) throws IOException, InterruptedException {
    this.folder = folder;
    this.settings = settings;
    mlflow = MlflowServer.start(folder.resolve("mlflow"));
    try {
      workspace = opened();
    } catch (IOException | RuntimeException e) {
      mlflow.close();
      throw e;
    }
    boolean registered = false;
    try {
      Path code = Files.createDirectories(folder.resolve("code"));
      String said = python("models-to-serve.py", List.of(code.toString()), workspace.host(), TOKEN);
      assertThat(said).contains("registered");
      registered = true;
    } finally {
      if (!registered) {
        close();
      }
    }
  }

  private LocalWorkspace opened() throws IOException {
    return LocalWorkspace.start(
        LocalWorkspaceSettings.named("dev", "1111111111111111", folder.resolve("state"))
            .python(Python.executable())
            .mlflow(mlflow.url())
            .token(Token.of(TOKEN, "ana@example.com", EnumSet.allOf(Right.class)))
            .token(Token.of(VIEWER, "vera@example.com", EnumSet.of(Right.REGISTRY_READ)))
            .serving(settings)
            .build());
  }

  /** Stops the workspace and starts it again over the same folder. */
  void restart() throws IOException {
    workspace.close();
    workspace = opened();
  }

  /** What a script of the test resources printed. */
  String python(String script, List<String> arguments, URI host, String token)
      throws IOException, InterruptedException {
    Path file = folder.resolve(script);
    try (var in = ServingWorkspace.class.getResourceAsStream("/" + script)) {
      if (in == null) {
        throw new IOException(script + " is missing from the test resources");
      }
      Files.write(file, in.readAllBytes());
    }
    Path log = folder.resolve(script + ".log");
    List<String> command = new java.util.ArrayList<>(List.of(file.toString()));
    command.addAll(arguments);
    ProcessBuilder builder =
        Python.run(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "DATABRICKS_HOST",
                host.toString(),
                "DATABRICKS_TOKEN",
                token,
                "MLFLOW_TRACKING_URI",
                host.toString(),
                "MLFLOW_TRACKING_TOKEN",
                token,
                "MLFLOW_DISABLE_TELEMETRY",
                "true"));
    Process running = builder.start();
    try {
      boolean ended = running.waitFor(LONGEST_SCRIPT.toSeconds(), TimeUnit.SECONDS);
      assertThat(ended).as(script + " still runs: " + Files.readString(log)).isTrue();
    } finally {
      running.destroyForcibly();
    }
    return Files.readString(log);
  }

  /** Sends a call. */
  HttpResponse<String> send(String method, String path, String token, @Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(workspace.host() + path))
            .timeout(Duration.ofMinutes(2))
            .header("Authorization", "Bearer " + token)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  /** The JSON of a call that is answered by 200. */
  JsonNode json(String method, String path, @Nullable String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = send(method, path, TOKEN, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** Creates an endpoint, without waiting for it. */
  void create(String name, String config) throws IOException, InterruptedException {
    json(
        "POST",
        "/api/2.0/serving-endpoints",
        "{\"name\": \"" + name + "\", \"config\": " + config + "}");
  }

  /** Changes its configuration, without waiting. */
  void update(String name, String config) throws IOException, InterruptedException {
    json("PUT", "/api/2.0/serving-endpoints/" + name + "/config", config);
  }

  /** Waits until no update is being made. */
  JsonNode settled(String name) throws IOException, InterruptedException {
    return await(
        name, endpoint -> !endpoint.at("/state/config_update").asText().equals("IN_PROGRESS"));
  }

  /** Waits until an endpoint is as it should be. */
  JsonNode await(String name, Predicate<JsonNode> wanted) throws IOException, InterruptedException {
    Instant until = Instant.now().plus(LIMIT);
    while (true) {
      JsonNode endpoint = json("GET", "/api/2.0/serving-endpoints/" + name, null);
      if (wanted.test(endpoint)) {
        return endpoint;
      }
      assertThat(Instant.now()).as(endpoint.toPrettyString()).isBefore(until);
      Thread.sleep(50);
    }
  }

  /** Asks a model for the answer to 1. */
  HttpResponse<String> ask(String name) throws IOException, InterruptedException {
    return send(
        "POST",
        "/serving-endpoints/" + name + "/invocations",
        TOKEN,
        "{\"inputs\": {\"x\": [1.0]}}");
  }

  /** The configuration that serves versions by shares, as in {@code 1, 90, 2, 10}. */
  static String serving(int... versionsAndShares) {
    StringBuilder entities = new StringBuilder();
    StringBuilder routes = new StringBuilder();
    for (int i = 0; i < versionsAndShares.length; i += 2) {
      String comma = i == 0 ? "" : ", ";
      int version = versionsAndShares[i];
      entities
          .append(comma)
          .append("{\"entity_name\": \"tripler\", \"entity_version\": \"")
          .append(version)
          .append("\", \"workload_size\": \"Small\", \"scale_to_zero_enabled\": false}");
      routes
          .append(comma)
          .append("{\"served_entity_name\": \"tripler-")
          .append(version)
          .append("\", \"traffic_percentage\": ")
          .append(versionsAndShares[i + 1])
          .append("}");
    }
    return "{\"served_entities\": ["
        + entities
        + "], \"traffic_config\": {\"routes\": ["
        + routes
        + "]}}";
  }

  @Override
  public void close() {
    http.close();
    workspace.close();
    mlflow.close();
  }
}
