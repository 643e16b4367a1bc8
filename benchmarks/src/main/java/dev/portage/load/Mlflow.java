package dev.portage.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.temporal.Payloads;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An MLflow server by plain HTTP, to create models for a measurement and to count afterwards,
 * without any of Portage's own code.
 */
final class Mlflow {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final HttpClient http;
  private final URI server;

  /** A server without a login. */
  Mlflow(HttpClient http, URI server) {
    this.http = http;
    this.server = server;
  }

  /** Id of an experiment, which is made where it is missing. */
  String experiment(String name) {
    Optional<String> found = find(name);
    return found.isPresent()
        ? found.get()
        : post("experiments/create", object().put("name", name)).path("experiment_id").asText();
  }

  /** Id of an experiment; empty where there is none. */
  Optional<String> find(String name) {
    ObjectNode order = object().put("max_results", 1).put("filter", "name = '" + name + "'");
    return Optional.ofNullable(post("experiments/search", order).path("experiments").get(0))
        .map(found -> found.path("experiment_id").asText());
  }

  /** A finished run with one metric. */
  String run(String experiment, String metric, double value) {
    long now = System.currentTimeMillis();
    String id =
        post(
                "runs/create",
                object()
                    .put("experiment_id", experiment)
                    .put("run_name", "train")
                    .put("start_time", now))
            .path("run")
            .path("info")
            .path("run_id")
            .asText();
    post(
        "runs/log-metric",
        object().put("run_id", id).put("key", metric).put("value", value).put("timestamp", now));
    post("runs/update", object().put("run_id", id).put("status", "FINISHED").put("end_time", now));
    return id;
  }

  /** A registered model. */
  void model(String name) {
    post("registered-models/create", object().put("name", name));
  }

  /** A version of it. Returns its number. */
  String version(String model, String source, String run) {
    return post(
            "model-versions/create",
            object().put("name", model).put("source", source).put("run_id", run))
        .path("model_version")
        .path("version")
        .asText();
  }

  /** All versions of all models. */
  List<JsonNode> versions() {
    return pages("model-versions/search?max_results=5000", "model_versions");
  }

  /** All active runs of an experiment. */
  List<JsonNode> runs(String experiment) {
    List<JsonNode> runs = new ArrayList<>();
    String page = "";
    do {
      ObjectNode order = object().put("max_results", 5000);
      order.putArray("experiment_ids").add(experiment);
      if (!page.isEmpty()) {
        order.put("page_token", page);
      }
      JsonNode answer = post("runs/search", order);
      answer.path("runs").forEach(runs::add);
      page = answer.path("next_page_token").asText("");
    } while (!page.isEmpty());
    return runs;
  }

  private List<JsonNode> pages(String call, String list) {
    List<JsonNode> all = new ArrayList<>();
    String page = "";
    do {
      JsonNode answer =
          send(
              "/api/2.0/mlflow/" + call + (page.isEmpty() ? "" : "&page_token=" + encode(page)),
              null);
      answer.path(list).forEach(all::add);
      page = answer.path("next_page_token").asText("");
    } while (!page.isEmpty());
    return all;
  }

  /** A run's or version's tag; empty where it has none of the name. */
  static String tag(JsonNode tagged, String key) {
    for (JsonNode tag : tagged.path("tags")) {
      if (tag.path("key").asText().equals(key)) {
        return tag.path("value").asText();
      }
    }
    return "";
  }

  private JsonNode post(String call, ObjectNode body) {
    return send("/api/2.0/mlflow/" + call, body);
  }

  private JsonNode send(String path, @Nullable ObjectNode body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path)).timeout(TIMEOUT);
    if (body != null) {
      request
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (answer.statusCode() != 200) {
        throw new LoadException(
            server.resolve(path) + " answered " + answer.statusCode() + ": " + answer.body());
      }
      return Payloads.mapper().readTree(answer.body());
    } catch (IOException e) {
      throw new LoadException(server.resolve(path) + " does not respond: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LoadException("interrupted", e);
    }
  }

  private static ObjectNode object() {
    return Payloads.mapper().createObjectNode();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
