package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.http.HttpAnswer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs of an MLflow server. Limits of one call as in MLflow's {@code utils/validation.py}. */
public final class Runs {
  /** Values of metrics that one call writes. */
  public static final int METRICS_A_BATCH = 1000;

  private static final int PAGE = 1000;

  private static final int PARAMS_AND_TAGS_A_BATCH = 100;

  private final MlflowServer server;

  Runs(MlflowServer server) {
    this.server = server;
  }

  /** One by its id, also when it is deleted. A user error when there is none. */
  public Run get(String id) {
    return RunJson.read(
        server,
        server.get("read run " + id, "runs/get", Map.of("run_id", id)).path("run"),
        "read run " + id);
  }

  /** One by its id, also when it is deleted. */
  public Optional<Run> find(String id) {
    String tried = "read run " + id;
    HttpAnswer answer = server.ask(tried, "runs/get", Map.of("run_id", id));
    if (answer.isError(MlflowErrors.ABSENT)) {
      return Optional.empty();
    }
    return Optional.of(
        RunJson.read(server, server.good(tried, "runs/get", answer).path("run"), tried));
  }

  /** Active runs with this tag, in no special order. For what is known to be few. */
  public List<Run> withTag(List<String> experimentIds, String key, String value) {
    return search().withTag(experimentIds, key, value);
  }

  /**
   * Active runs of an experiment with these tags, those that started last first.
   *
   * @param atOnce how many to request at once, for what is expected to be enough
   * @param each called once for every run
   * @param goesOn called before each page
   */
  public void newestWithTag(
      String experimentId, RunTag tag, int atOnce, Consumer<Run> each, BooleanSupplier goesOn) {
    search().newestWithTag(experimentId, tag, atOnce, each, goesOn);
  }

  /** Looks for some of them. */
  RunSearch search() {
    return new RunSearch(server);
  }

  /** Some active run of an experiment, if it has any. */
  public Optional<Run> anyOf(String experimentId) {
    String tried = "find a run of experiment " + experimentId;
    ObjectNode body =
        MlflowServer.object().put("run_view_type", "ACTIVE_ONLY").put("max_results", 1);
    body.putArray("experiment_ids").add(experimentId);
    JsonNode runs = server.post(tried, "runs/search", body).path("runs");
    return runs.isEmpty()
        ? Optional.empty()
        : Optional.of(RunJson.read(server, runs.path(0), tried));
  }

  /**
   * Whether the login may create runs in an experiment. It requests one with an invalid start time,
   * which no server creates: a login without the right gets 403, one with the right gets the error
   * in the time.
   *
   * @throws io.temporal.failure.ApplicationFailure if it may not, or the server does not answer
   */
  public void requireWrites(String experimentId, String tried) {
    HttpAnswer answer =
        server.send(
            tried,
            "POST",
            "runs/create",
            MlflowServer.object().put("experiment_id", experimentId).put("start_time", "no time"));
    if (answer.isSuccess()) {
      delete(answer.json().path("run").path("info").path("run_id").asText());
    } else if (answer.status() == 401 || answer.status() == 403 || answer.status() >= 500) {
      server.good(tried, "runs/create", answer);
    }
  }

  /** Makes one. Not to be repeated blindly: a second call makes a second run. */
  public Run create(
      String experimentId, String name, @Nullable Long startTime, Map<String, String> tags) {
    ObjectNode body =
        MlflowServer.object().put("experiment_id", experimentId).put("run_name", name);
    if (startTime != null) {
      body.put("start_time", startTime);
    }
    Json.list(body, "tags", tags);
    return RunJson.read(
        server, server.post("create a run", "runs/create", body).path("run"), "create a run");
  }

  /** Deletes one; it can be restored. */
  public void delete(String id) {
    server.post("delete run " + id, "runs/delete", MlflowServer.object().put("run_id", id));
  }

  /** Sets its end. */
  public void end(String id, String status, @Nullable Long endTime) {
    ObjectNode body = MlflowServer.object().put("run_id", id).put("status", status);
    if (endTime != null) {
      body.put("end_time", endTime);
    }
    server.post("end run " + id, "runs/update", body);
  }

  /** Sets tags; repeating is harmless. */
  public void tag(String id, Map<String, String> tags) {
    logEntries(id, "tags", tags);
  }

  /** Sets params; repeating is harmless, another value is an error. */
  public void params(String id, Map<String, String> params) {
    logEntries(id, "params", params);
  }

  private void logEntries(String id, String field, Map<String, String> entries) {
    List<Map.Entry<String, String>> all = List.copyOf(entries.entrySet());
    for (int from = 0; from < all.size(); from += PARAMS_AND_TAGS_A_BATCH) {
      ObjectNode body = MlflowServer.object().put("run_id", id);
      ArrayNode list = body.putArray(field);
      all.subList(from, Math.min(all.size(), from + PARAMS_AND_TAGS_A_BATCH))
          .forEach(e -> list.addObject().put("key", e.getKey()).put("value", e.getValue()));
      server.set("write " + field + " of run " + id, "runs/log-batch", body);
    }
  }

  /** Logs values of metrics; an existing value isn't duplicated. */
  public void metrics(String id, List<Metric> metrics) {
    metrics(id, metrics, null);
  }

  /** As {@link #metrics(String, List)}, as measured for a logged model of that run. */
  public void metrics(String id, List<Metric> metrics, @Nullable String modelId) {
    for (int from = 0; from < metrics.size(); from += METRICS_A_BATCH) {
      ObjectNode body = MlflowServer.object().put("run_id", id);
      ArrayNode list = body.putArray("metrics");
      metrics
          .subList(from, Math.min(metrics.size(), from + METRICS_A_BATCH))
          .forEach(metric -> {
            ObjectNode written = Json.write(list, metric);
            if (modelId != null) {
              written.put("model_id", modelId);
            }
          });
      server.post("write metrics of run " + id, "runs/log-batch", body);
    }
  }

  /**
   * Some of the values that a metric had in a run; it may have had millions.
   *
   * @param values in the server's order
   * @param next requests the following ones, empty if there are none
   */
  public record Values(List<Metric> values, String next) {}

  /**
   * A page of the values that a metric had in a run.
   *
   * @param from empty for the first ones, else as in {@link Values#next}
   */
  public Values history(String id, String key, String from) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("run_id", id);
    query.put("metric_key", key);
    query.put("max_results", String.valueOf(PAGE));
    if (!from.isEmpty()) {
      query.put("page_token", from);
    }
    JsonNode page = server.get("read the history of metric " + key, "metrics/get-history", query);
    List<Metric> values = new ArrayList<>();
    page.path("metrics").forEach(node -> values.add(Json.metric(node)));
    return new Values(values, Json.text(page, "next_page_token"));
  }

  /** Logs datasets as inputs, in the server's own form. */
  public void inputs(String id, List<JsonNode> datasets) {
    ObjectNode body = MlflowServer.object().put("run_id", id);
    ArrayNode list = body.putArray("datasets");
    datasets.forEach(list::add);
    server.post("write inputs of run " + id, "runs/log-inputs", body);
  }

  /** Names of folders and files in a folder of a run's artifacts; a folder ends with a slash. */
  public List<String> artifacts(String id, String folder) {
    String tried = "list artifacts of run " + id;
    List<String> found = new ArrayList<>();
    String token = "";
    do {
      Map<String, String> query = new LinkedHashMap<>();
      query.put("run_id", id);
      if (!folder.isEmpty()) {
        query.put("path", folder);
      }
      if (!token.isEmpty()) {
        query.put("page_token", token);
      }
      JsonNode page = server.get(tried, "artifacts/list", query);
      for (JsonNode file : page.path("files")) {
        String path = Json.text(file, "path");
        found.add(
            path.substring(path.lastIndexOf('/') + 1)
                + (file.path("is_dir").asBoolean() ? "/" : ""));
      }
      token = Json.text(page, "next_page_token");
    } while (!token.isEmpty());
    return found;
  }
}
