package dev.portage.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.sandbox.SandboxException;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;

/**
 * What somebody put into prod before there was Portage: a first model that predicts the mean for
 * everyone, registered by hand as the champion, and an endpoint that serves it. Its files are
 * written as MLflow writes them, so that nobody waits for a training.
 */
public final class ServedBefore implements AutoCloseable {

  private static final String WORKSPACE = "prod";
  private static final String MEAN = "152.13";

  private static final Duration LONGEST = Duration.ofMinutes(5);

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, String> FILES =
      Map.of(
          "MLmodel",
          """
          artifact_path: model
          flavors:
            python_function:
              code: code
              data: mean.json
              loader_module: predicts_mean
              python_version: 3.11.0
          mlflow_version: 3.17.2
          run_id: %s
          """,
          "code/predicts_mean.py",
          """
          import json


          class Mean:
              def __init__(self, mean):
                  self.mean = mean

              def predict(self, rows, params=None):
                  return [self.mean] * len(rows)


          def _load_pyfunc(path):
              with open(path, encoding="utf-8") as file:
                  return Mean(json.load(file))
          """,
          "mean.json",
          MEAN,
          "requirements.txt",
          "");

  private final World world;
  private final String model;
  private final HttpClient client =
      HttpClient.newBuilder()
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  /**
   * In a world.
   *
   * @param model name of the model, and of its endpoint
   */
  public ServedBefore(World world, String model) {
    this.world = world;
    this.model = model;
  }

  /** Registers the model as the champion, and serves it; returns once it answers. */
  public void make() throws IOException, InterruptedException {
    serve(register());
    awaitReady();
  }

  private String register() throws IOException, InterruptedException {
    String experiment =
        mlflow("experiments/create", Map.of("name", "/Shared/by-hand"))
            .path("experiment_id")
            .asText();
    JsonNode run =
        mlflow("runs/create", Map.of("experiment_id", experiment, "run_name", "by hand"))
            .at("/run/info");
    String id = run.path("run_id").asText();
    for (Map.Entry<String, Double> metric : Map.of("rmse", 77.0, "r2", 0.0).entrySet()) {
      mlflow(
          "runs/log-metric",
          Map.of(
              "run_id",
              id,
              "key",
              metric.getKey(),
              "value",
              metric.getValue(),
              "timestamp",
              System.currentTimeMillis()));
    }
    String artifacts = run.path("artifact_uri").asText();
    String folder = artifacts.replaceFirst("^mlflow-artifacts:/+", "");
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      String text = file.getValue().replace("%s", id);
      send(
          HttpRequest.newBuilder(
                  world
                      .mlflow(WORKSPACE)
                      .resolve(
                          "/api/2.0/mlflow-artifacts/artifacts/"
                              + folder
                              + "/model/"
                              + file.getKey()))
              .PUT(BodyPublishers.ofString(text)));
    }
    mlflow("runs/update", Map.of("run_id", id, "status", "FINISHED"));
    mlflow("registered-models/create", Map.of("name", model));
    String version =
        mlflow(
                "model-versions/create",
                Map.of("name", model, "source", artifacts + "/model", "run_id", id))
            .at("/model_version/version")
            .asText();
    // As the sandbox's platform file marks what is live.
    mlflow(
        "model-versions/transition-stage",
        Map.of(
            "name",
            model,
            "version",
            version,
            "stage",
            "Production",
            "archive_existing_versions",
            false));
    return version;
  }

  private void serve(String version) throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode().put("name", model);
    body.putObject("config")
        .putArray("served_entities")
        .addObject()
        .put("name", model + "-" + version)
        .put("entity_name", model)
        .put("entity_version", version)
        .put("workload_size", "Small")
        .put("scale_to_zero_enabled", false);
    send(workspace("").POST(BodyPublishers.ofString(body.toString())));
  }

  private void awaitReady() throws IOException, InterruptedException {
    long until = System.nanoTime() + LONGEST.toNanos();
    while (true) {
      JsonNode endpoint = send(workspace("/" + model).GET());
      if (endpoint.at("/state/ready").asText().equals("READY")) {
        return;
      }
      if (endpoint.at("/state/config_update").asText().equals("UPDATE_FAILED")
          || System.nanoTime() > until) {
        throw new SandboxException(
            "the endpoint " + model + " of prod does not start: " + endpoint.path("state"));
      }
      Thread.sleep(Duration.ofMillis(100));
    }
  }

  private HttpRequest.Builder workspace(String path) throws IOException {
    return HttpRequest.newBuilder(
            world.workspace(WORKSPACE).host().resolve("/api/2.0/serving-endpoints" + path))
        .header("Authorization", "Bearer " + Files.readString(world.token(WORKSPACE)).strip());
  }

  private JsonNode mlflow(String path, Map<String, ?> body)
      throws IOException, InterruptedException {
    URI address = world.mlflow(WORKSPACE).resolve("/api/2.0/mlflow/" + path);
    return send(
        HttpRequest.newBuilder(address)
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpRequest sent =
        request.header("Content-Type", "application/json").timeout(Duration.ofSeconds(30)).build();
    HttpResponse<String> answer = client.send(sent, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(sent.uri() + " answered " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
  }

  @Override
  public void close() {
    client.close();
  }
}
