package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.git.Checkouts;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A workspace whose serving endpoints run on servers that the test controls. */
abstract class EndpointScene {
  static final String ANA = "token-of-ana";
  static final String VERA = "token-of-vera";
  static final String MAX = "token-of-max";
  static final String BASE = "/api/2.0/serving-endpoints";
  static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  final HttpClient http = HttpClient.newHttpClient();
  final FakeServers servers = new FakeServers();
  FakeTracking tracking;
  LocalWorkspace workspace;

  @BeforeEach
  void start() throws IOException {
    tracking = new FakeTracking();
    workspace = opened(ServingSettings.standard().withMetricsAfter(Duration.ZERO));
  }

  @AfterEach
  void stop() {
    http.close();
    workspace.close();
    tracking.close();
    assertThat(servers.running()).isEmpty();
  }

  LocalWorkspace opened(ServingSettings settings) throws IOException {
    return LocalWorkspace.start(
        LocalWorkspaceSettings.named("dev", "1111111111111111", folder.resolve("state"))
            .mlflow(tracking.url())
            .token(Token.of(ANA, "ana@example.com", EnumSet.allOf(Right.class)))
            .token(Token.of(MAX, "max@example.com", EnumSet.of(Right.SERVING_CREATE)))
            .token(Token.of(VERA, "vera@example.com", EnumSet.of(Right.REGISTRY_READ)))
            .serving(settings)
            .build(),
        new FakeRunner(),
        servers,
        Checkouts.empty());
  }

  void reopen(ServingSettings settings) throws IOException {
    workspace.close();
    workspace = opened(settings);
  }

  HttpResponse<String> send(String method, String path, String token, @Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(workspace.host() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  JsonNode json(String method, String path, @Nullable String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = send(method, path, ANA, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  JsonNode create(String config) throws IOException, InterruptedException {
    return json("POST", BASE, "{\"name\": \"churn\", \"config\": " + config + "}");
  }

  JsonNode update(String config) throws IOException, InterruptedException {
    return json("PUT", BASE + "/churn/config", config);
  }

  JsonNode get() throws IOException, InterruptedException {
    return json("GET", BASE + "/churn", null);
  }

  /** The endpoint once no update is being made. */
  JsonNode settled() throws IOException, InterruptedException {
    JsonNode endpoint = get();
    Instant until = Instant.now().plus(LIMIT);
    while (state(endpoint).endsWith("IN_PROGRESS")) {
      assertThat(Instant.now()).as(endpoint.toString()).isBefore(until);
      Thread.sleep(5);
      endpoint = get();
    }
    return endpoint;
  }

  /** A condition to poll. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  static void await(Condition wanted) throws IOException, InterruptedException {
    Instant until = Instant.now().plus(LIMIT);
    while (!wanted.holds()) {
      assertThat(Instant.now()).isBefore(until);
      Thread.sleep(5);
    }
  }

  static String state(JsonNode endpoint) {
    return endpoint.at("/state/ready").asText()
        + " "
        + endpoint.at("/state/config_update").asText();
  }

  static Map<String, String> states(JsonNode config) {
    Map<String, String> states = new TreeMap<>();
    config
        .path("served_entities")
        .forEach(
            e -> states.put(e.path("entity_version").asText(), e.at("/state/deployment").asText()));
    return states;
  }

  HttpResponse<String> ask() throws IOException, InterruptedException {
    return send("POST", "/serving-endpoints/churn/invocations", ANA, "{\"inputs\": [1]}");
  }

  Map<String, Integer> ask(int times) throws IOException, InterruptedException {
    Map<String, Integer> answers = new TreeMap<>();
    for (int i = 0; i < times; i++) {
      answers.merge(ask().body(), 1, Integer::sum);
    }
    return answers;
  }

  static String predictions(int version) {
    return "{\"predictions\": [" + version + "]}";
  }

  Load load(int clients) {
    return new Load(
        URI.create(workspace.host() + "/serving-endpoints/churn/invocations"),
        ANA,
        "{\"inputs\": [1]}",
        clients);
  }
}
