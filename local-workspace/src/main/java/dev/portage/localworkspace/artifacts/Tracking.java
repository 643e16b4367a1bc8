package dev.portage.localworkspace.artifacts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads runs and logged models from the MLflow server behind the workspace. */
public final class Tracking implements AutoCloseable {
  private final @Nullable URI server;
  private final Map<String, ArtifactRoot> known = new ConcurrentHashMap<>();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  /**
   * Calls a server.
   *
   * @param server null where this workspace has none
   */
  public Tracking(@Nullable URI server) {
    this.server = server;
  }

  /** Whether the server serves; true where there is none. */
  public boolean answers() {
    if (server == null) {
      return true;
    }
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server + "/health"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return http.send(request, BodyHandlers.discarding()).statusCode() < 500;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The artifacts of an existing run. */
  ArtifactRoot run(String id) throws InterruptedException {
    ArtifactRoot root = known.get("run " + id);
    if (root == null) {
      JsonNode run = get("/api/2.0/mlflow/runs/get?run_id=" + escape(id), "Run '" + id + "'");
      root = ArtifactRoot.ofRun(run.at("/run/info/artifact_uri").asText());
      known.put("run " + id, root);
    }
    return root;
  }

  /** The artifacts of an existing logged model. */
  ArtifactRoot model(String id) throws InterruptedException {
    ArtifactRoot root = known.get("model " + id);
    if (root == null) {
      root = ArtifactRoot.ofModel(loggedModel(id).at("/model/info/artifact_uri").asText());
      known.put("model " + id, root);
    }
    return root;
  }

  /**
   * A logged model.
   *
   * @throws ApiRefusal RESOURCE_DOES_NOT_EXIST where there is none of that id
   */
  public JsonNode loggedModel(String id) throws InterruptedException {
    return get("/api/2.0/mlflow/logged-models/" + escape(id), "Logged model '" + id + "'");
  }

  /**
   * A version of a model in the workspace's registry.
   *
   * @throws ApiRefusal RESOURCE_DOES_NOT_EXIST where there is none
   */
  public JsonNode modelVersion(String model, String version) throws InterruptedException {
    return get(
            "/api/2.0/mlflow/model-versions/get?name=" + escape(model) + "&version=" + version,
            "Version " + version + " of model '" + model + "'")
        .path("model_version");
  }

  /** The id of the experiment of that name, null where there is none that is not deleted. */
  public @Nullable String experiment(String name) throws InterruptedException {
    if (server == null) {
      return null;
    }
    try {
      JsonNode found =
          get(
                  "/api/2.0/mlflow/experiments/get-by-name?experiment_name=" + escape(name),
                  "Experiment '" + name + "'")
              .path("experiment");
      return found.path("lifecycle_stage").asText().equals("active")
          ? found.path("experiment_id").asText()
          : null;
    } catch (ApiRefusal refusal) {
      if (refusal.status() == 404) {
        return null;
      }
      throw refusal;
    }
  }

  private JsonNode get(String path, String what) throws InterruptedException {
    if (server == null) {
      throw ApiRefusal.unavailable("This workspace has no MLflow server behind it");
    }
    HttpResponse<byte[]> answer;
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server + path)).timeout(Duration.ofMinutes(1)).build();
      answer = http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw ApiRefusal.unavailable(
          "The MLflow server behind this workspace at " + server + " does not respond: " + e);
    }
    if (answer.statusCode() == 404 || answer.statusCode() == 400) {
      throw ApiRefusal.notFound("RESOURCE_DOES_NOT_EXIST", what + " does not exist.");
    }
    if (answer.statusCode() != 200) {
      throw ApiRefusal.unavailable(
          "The MLflow server behind this workspace answered " + answer.statusCode());
    }
    return Json.read(answer.body());
  }

  private static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
