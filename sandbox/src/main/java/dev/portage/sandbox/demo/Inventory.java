package dev.portage.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/**
 * What exists, counted independently: directly on the MLflow servers and workspaces, without any of
 * the code that created it.
 */
public final class Inventory implements AutoCloseable {
  private final World world;
  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient client =
      HttpClient.newBuilder()
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  /** Counts in a world. */
  public Inventory(World world) {
    this.world = world;
  }

  /** Runs in all experiments, deleted ones left out. */
  public int runs(String workspace) throws IOException, InterruptedException {
    JsonNode experiments =
        mlflow(workspace, "GET", "experiments/search?max_results=1000", null).path("experiments");
    var body = mapper.createObjectNode().put("max_results", 1000);
    var ids = body.putArray("experiment_ids");
    experiments.forEach(experiment -> ids.add(experiment.path("experiment_id").asText()));
    return mlflow(workspace, "POST", "runs/search", body).path("runs").size();
  }

  /** Versions of all registered models. */
  public int versions(String workspace) throws IOException, InterruptedException {
    return mlflow(workspace, "GET", "model-versions/search?max_results=1000", null)
        .path("model_versions")
        .size();
  }

  /** Jobs. */
  public int jobs(String workspace) throws IOException, InterruptedException {
    String token = Files.readString(world.token(workspace)).strip();
    URI address = world.workspace(workspace).host().resolve("/api/2.2/jobs/list?limit=100");
    HttpRequest request = request(address).header("Authorization", "Bearer " + token).build();
    return send(request).path("jobs").size();
  }

  /** The counts of both workspaces, a line each. */
  public List<String> lines() throws IOException, InterruptedException {
    return List.of(
        "          dev   prod",
        line("runs", runs("dev"), runs("prod")),
        line("versions", versions("dev"), versions("prod")),
        line("jobs", jobs("dev"), jobs("prod")));
  }

  private static String line(String what, int dev, int prod) {
    return String.format(java.util.Locale.ROOT, "%-8s %4d %6d", what, dev, prod);
  }

  private JsonNode mlflow(
      String workspace,
      String method,
      String path,
      @org.jspecify.annotations.Nullable JsonNode body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(world.mlflow(workspace).resolve("/api/2.0/mlflow/" + path));
    if (body != null) {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body.toString()));
    }
    return send(request.build());
  }

  private static HttpRequest.Builder request(URI address) {
    return HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30));
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(request.uri() + " answered " + answer.statusCode());
    }
    return mapper.readTree(answer.body());
  }

  @Override
  public void close() {
    client.close();
  }
}
