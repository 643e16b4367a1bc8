package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Experiments, runs and logged models, in memory. */
final class FakeTracking {
  private static final Pattern FILTER =
      Pattern.compile(
          "tags\\.`([^`]+)` = (['\"])(.*)\\2( AND tags\\.`mlflow.parentRunId` IS NULL)?");

  /** One of several conditions. */
  private static final Pattern CONDITION =
      Pattern.compile("tags\\.`([^`]+)` (!?=) (['\"])(.*?)\\3");

  final Map<String, ObjectNode> experiments = new TreeMap<>();
  final Map<String, ObjectNode> runs = new TreeMap<>();
  final Map<String, ObjectNode> models = new TreeMap<>();

  /** Whether searches still return nothing. */
  volatile boolean searchIsBehind;

  private final int server;
  private int last;

  /** Keeps the ids of two servers apart. */
  FakeTracking(int server) {
    this.server = server;
  }

  /** Answers, or returns false if the call is not one of its own. */
  boolean answer(FakeMlflow mlflow, String call, HttpUrl url, ObjectNode body, ObjectNode answer) {
    String token = body.path("page_token").asText();
    switch (call) {
      case "POST experiments/search" ->
          FakeReply.page(
              answer, "experiments", List.copyOf(experiments.values()), mlflow.page, token);
      case "GET experiments/get" ->
          answer.set(
              "experiment", FakeReply.found(experiments.get(url.queryParameter("experiment_id"))));
      case "GET experiments/get-by-name" ->
          answer.set(
              "experiment",
              experiments.values().stream()
                  .filter(
                      e -> e.path("name").asText().equals(url.queryParameter("experiment_name")))
                  .findFirst()
                  .orElseThrow(() -> FakeReply.absent("experiment")));
      case "POST experiments/create" -> {
        if (experiments.values().stream().anyMatch(e -> e.get("name").equals(body.get("name")))) {
          throw new FakeReply.Refusal(400, MlflowErrors.EXISTS, "Experiment already exists");
        }
        answer.put("experiment_id", experimentNamed(body.path("name").asText()));
      }
      case "POST runs/search" ->
          FakeReply.page(
              answer,
              "runs",
              searchIsBehind ? List.of() : search(mlflow, body),
              mlflow.page,
              token);
      case "POST runs/create" -> answer.set("run", createRun(body));
      case "GET runs/get" ->
          answer.set("run", FakeReply.found(runs.get(url.queryParameter("run_id"))));
      case "POST runs/delete" -> info(run(body)).put("lifecycle_stage", "deleted");
      case "POST runs/update" -> {
        info(run(body)).put("status", body.path("status").asText());
        info(run(body)).set("end_time", body.path("end_time"));
      }
      case "POST runs/log-batch" -> logBatch(run(body), body);
      case "POST runs/log-inputs" ->
          run(body).withObject("inputs").set("dataset_inputs", body.path("datasets"));
      case "POST runs/outputs" -> putOut(run(body), body.path("models").path(0));
      case "GET metrics/get-history" ->
          FakeReply.page(
              answer, "metrics", history(url), mlflow.page, url.queryParameter("page_token"));
      default -> {
        return mlflow.hasLoggedModels && loggedModels(mlflow, call, body, answer);
      }
    }
    return true;
  }

  private boolean loggedModels(FakeMlflow mlflow, String call, ObjectNode body, ObjectNode answer) {
    String id = call.substring(call.lastIndexOf('/') + 1);
    switch (call.replaceFirst("/m-.*", "/ID")) {
      case "POST logged-models/search" ->
          FakeReply.page(
              answer,
              "models",
              models.values().stream()
                  .filter(_ -> !searchIsBehind)
                  .filter(model -> isFound(model, body.path("filter").asText()))
                  .toList(),
              mlflow.page,
              body.path("page_token").asText());
      case "POST logged-models" -> answer.set("model", createModel(body));
      case "GET logged-models/ID" -> answer.set("model", FakeReply.found(models.get(id)));
      case "PATCH logged-models/ID" ->
          info(FakeReply.found(models.get(id))).put("status", body.path("status").asText());
      case "DELETE logged-models/ID" -> models.remove(id);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean isFound(ObjectNode model, String filter) {
    JsonNode info = model.path("info");
    Matcher tag = FILTER.matcher(filter);
    return tag.matches()
        ? String.valueOf(tag.group(3))
            .equals(Json.map(info.path("tags")).get(String.valueOf(tag.group(1))))
        : filter.equals("source_run_id = '" + info.path("source_run_id").asText() + "'");
  }

  ObjectNode createRun(ObjectNode body) {
    String id = String.format("%08x%024x", server, ++last);
    String experiment = body.path("experiment_id").asText();
    ObjectNode run = MlflowServer.object();
    run.putObject("info")
        .put("run_id", id)
        .put("experiment_id", experiment)
        .put("run_name", body.path("run_name").asText())
        .put("status", "RUNNING")
        .put("lifecycle_stage", "active")
        .put("start_time", body.path("start_time").asLong())
        .put("artifact_uri", "mlflow-artifacts:/" + experiment + "/" + id + "/artifacts");
    ObjectNode data = run.putObject("data");
    data.set("tags", body.path("tags").deepCopy());
    if (!body.path("run_name").asText().isEmpty()) {
      // MLflow keeps the name of a run as a tag, by which it can be searched for.
      FakeReply.set(
          data.withArray("tags"),
          MlflowServer.object()
              .put("key", "mlflow.runName")
              .put("value", body.path("run_name").asText()));
    }
    run.putObject("inputs");
    run.putObject("outputs");
    runs.put(id, run);
    return run;
  }

  ObjectNode createModel(ObjectNode body) {
    String id = String.format("m-%08x%024x", server, ++last);
    ObjectNode model = MlflowServer.object();
    ObjectNode info = model.putObject("info");
    info.setAll(body);
    JsonNode params = info.remove("params");
    model.putObject("data").set("params", params);
    String root = "mlflow-artifacts:/" + body.path("experiment_id").asText() + "/models/";
    info.put("model_id", id)
        .put("status", "LOGGED_MODEL_PENDING")
        .put("creation_timestamp_ms", last)
        .put("artifact_uri", root + id + "/artifacts");
    models.put(id, model);
    return model;
  }

  String experimentNamed(String name) {
    for (ObjectNode known : experiments.values()) {
      if (known.path("name").asText().equals(name)) {
        return known.path("experiment_id").asText();
      }
    }
    String id = String.valueOf(experiments.size() + 1);
    experiments.put(
        id,
        MlflowServer.object()
            .put("experiment_id", id)
            .put("name", name)
            .put("lifecycle_stage", "active"));
    return id;
  }

  void putOut(ObjectNode run, JsonNode output) {
    ArrayNode outputs = run.withObject("outputs").withArray("model_outputs");
    for (JsonNode known : outputs) {
      if (known.path("model_id").equals(output.path("model_id"))) {
        throw new FakeReply.Refusal(400, "BAD_REQUEST", "UNIQUE constraint failed");
      }
    }
    outputs.add(output);
  }

  private ObjectNode run(ObjectNode body) {
    return FakeReply.found(runs.get(body.path("run_id").asText()));
  }

  static ObjectNode info(ObjectNode thing) {
    return thing.withObject("info");
  }

  private List<ObjectNode> search(FakeMlflow mlflow, ObjectNode body) {
    List<String> in = new ArrayList<>();
    body.path("experiment_ids").forEach(id -> in.add(id.asText()));
    Predicate<Map<String, String>> filter = filter(mlflow, body.path("filter").asText());
    return runs.values().stream()
        .filter(run -> in.contains(info(run).path("experiment_id").asText()))
        .filter(run -> info(run).path("lifecycle_stage").asText().equals("active"))
        .filter(run -> filter.test(Json.map(run.path("data").path("tags"))))
        .sorted(inOrder(body.path("order_by").path(0).asText()))
        .toList();
  }

  private static Predicate<Map<String, String>> filter(FakeMlflow mlflow, String text) {
    Predicate<Map<String, String>> all = tags -> true;
    for (String one : text.split(" AND ", -1)) {
      Matcher condition = CONDITION.matcher(one);
      boolean isTopLevel = one.equals("tags.`mlflow.parentRunId` IS NULL");
      if (isTopLevel ? !mlflow.leavesOutNested : !condition.matches()) {
        throw new FakeReply.Refusal(400, "INVALID_PARAMETER_VALUE", "bad filter");
      }
      all =
          isTopLevel
              ? all.and(tags -> !tags.containsKey("mlflow.parentRunId"))
              : all.and(tags -> {
                // As MLflow does: a run without the tag is neither equal nor unequal.
                String found = tags.get(String.valueOf(condition.group(1)));
                return found != null
                    && found.equals(condition.group(4)) == "=".equals(condition.group(2));
              });
    }
    return all;
  }

  private static Comparator<ObjectNode> inOrder(String by) {
    return switch (by) {
      case "" -> Comparator.comparing(run -> info(run).path("run_id").asText());
      case "attributes.start_time DESC" ->
          Comparator.comparingLong((ObjectNode run) -> -info(run).path("start_time").asLong());
      default -> throw new FakeReply.Refusal(400, "INVALID_PARAMETER_VALUE", "bad order");
    };
  }

  private List<JsonNode> history(HttpUrl url) {
    List<JsonNode> history = new ArrayList<>();
    for (JsonNode metric :
        FakeReply.found(runs.get(url.queryParameter("run_id"))).path("history")) {
      if (metric.path("key").asText().equals(url.queryParameter("metric_key"))) {
        history.add(metric);
      }
    }
    return history;
  }

  private void logBatch(ObjectNode run, ObjectNode body) {
    ObjectNode data = run.withObject("data");
    body.path("tags").forEach(tag -> FakeReply.set(data.withArray("tags"), tag));
    body.path("params").forEach(param -> FakeReply.set(data.withArray("params"), param));
    for (JsonNode metric : body.path("metrics")) {
      ObjectNode plain = metric.deepCopy();
      JsonNode modelId = plain.remove("model_id");
      if (modelId != null) {
        FakeReply.found(models.get(modelId.asText()))
            .withObject("data")
            .withArray("metrics")
            .add(plain);
      }
      boolean known = false;
      for (JsonNode old : run.withArray("history")) {
        known |= old.equals(plain);
      }
      if (!known) {
        run.withArray("history").add(plain);
        FakeReply.remove(data.withArray("metrics"), plain);
        data.withArray("metrics").add(plain);
      }
    }
  }
}
