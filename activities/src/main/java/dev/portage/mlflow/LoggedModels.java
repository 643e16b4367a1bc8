package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Logged models of an MLflow 3 server. */
public final class LoggedModels {
  private static final String SEARCH = "logged-models/search";

  /** How many at once; fewer if a response would be too long. */
  private static final List<Integer> PAGES = List.of(50, 5, 1);

  /** How many experiments one search goes through. */
  private static final int EXPERIMENTS = 500;

  /** More than anyone reads in a message. */
  private static final int FEW = 50;

  private final MlflowServer server;

  LoggedModels(MlflowServer server) {
    this.server = server;
  }

  /**
   * Logged models that a run made, oldest first; empty where the server knows no logged models,
   * which came with MLflow 3, or cannot search by their run.
   */
  public Optional<List<LoggedModel>> ofRun(String experimentId, String runId) {
    List<LoggedModel> found = new ArrayList<>();
    for (int size : PAGES) {
      found.clear();
      switch (pages(experimentId, runId, size, found)) {
        case TO_THE_END -> {
          found.sort(
              Comparator.comparingLong(LoggedModel::createdAt).thenComparing(LoggedModel::id));
          return Optional.of(found);
        }
        case NOT_OFFERED -> {
          return Optional.empty();
        }
        case TOO_LONG -> {} // Again, with fewer at once.
      }
    }
    throw new IllegalStateException("one at a time is read, or it fails");
  }

  /** Those with a tag, in any order; none where the server knows no logged models. */
  List<LoggedModel> withTag(List<String> experimentIds, String key, String value) {
    List<LoggedModel> found = new ArrayList<>();
    String tried = "search logged models by tag " + key;
    String filter = "tags.`" + key + "` = " + Json.quoted(value);
    for (int from = 0; from < experimentIds.size(); from += EXPERIMENTS) {
      String token = "";
      do {
        ObjectNode body = MlflowServer.object().put("filter", filter).put("max_results", 1);
        experimentIds
            .subList(from, Math.min(experimentIds.size(), from + EXPERIMENTS))
            .forEach(body.putArray("experiment_ids")::add);
        if (!token.isEmpty()) {
          body.put("page_token", token);
        }
        HttpAnswer answer = server.send(tried, "POST", SEARCH, body);
        if (isUnknownEndpoint(answer) || answer.isError("INVALID_PARAMETER_VALUE")) {
          return List.of();
        }
        JsonNode page = server.good(tried, SEARCH, answer);
        for (JsonNode node : page.path("models")) {
          LoggedModel model = read(node, tried);
          if (value.equals(model.tags().get(key))) {
            found.add(model);
          }
        }
        token = Json.text(page, "next_page_token");
      } while (!token.isEmpty() && found.size() < FEW);
    }
    return found;
  }

  private enum Paged {
    TO_THE_END,
    /** A page is too long to be read. */
    TOO_LONG,
    NOT_OFFERED
  }

  /** Each comes with all params of its run, and with what was measured for it. */
  private Paged pages(String experimentId, String runId, int size, List<LoggedModel> found) {
    String tried = "search logged models of run " + runId;
    String token = "";
    do {
      ObjectNode body =
          MlflowServer.object()
              .put("filter", "source_run_id = '" + runId + "'")
              .put("max_results", size);
      body.putArray("experiment_ids").add(experimentId);
      if (!token.isEmpty()) {
        body.put("page_token", token);
      }
      Optional<HttpAnswer> answer =
          size > 1
              ? server.sendForLittle(tried, SEARCH, body)
              : Optional.of(server.send(tried, "POST", SEARCH, body));
      if (answer.isEmpty()) {
        return Paged.TOO_LONG;
      }
      if (isUnknownEndpoint(answer.get()) || answer.get().isError("INVALID_PARAMETER_VALUE")) {
        return Paged.NOT_OFFERED;
      }
      JsonNode page = server.good(tried, SEARCH, answer.get());
      for (JsonNode node : page.path("models")) {
        LoggedModel model = read(node, tried);
        if (model.sourceRunId().equals(runId)) {
          found.add(model);
        }
      }
      token = Json.text(page, "next_page_token");
    } while (!token.isEmpty());
    return Paged.TO_THE_END;
  }

  /** One by its id; empty when there is none. */
  public Optional<LoggedModel> find(String id) {
    String tried = "read logged model " + id;
    String path = "logged-models/" + id;
    HttpAnswer answer = server.ask(tried, path, Map.of());
    if (answer.isError(MlflowErrors.ABSENT)) {
      return Optional.empty();
    }
    return Optional.of(read(server.good(tried, path, answer).path("model"), tried));
  }

  /** Makes one, to be filled. Not to be repeated blindly: a second call makes a second one. */
  public LoggedModel create(
      String experimentId,
      String runId,
      String name,
      String type,
      Map<String, String> params,
      Map<String, String> tags) {
    ObjectNode body =
        MlflowServer.object()
            .put("experiment_id", experimentId)
            .put("source_run_id", runId)
            .put("name", name)
            .put("model_type", type);
    Json.list(body, "params", params);
    Json.list(body, "tags", tags);
    String tried = "create logged model " + name;
    return read(server.post(tried, "logged-models", body).path("model"), tried);
  }

  /** Says that its files are complete; repeating is harmless. */
  public void ready(String id) {
    String tried = "finish logged model " + id;
    String path = "logged-models/" + id;
    ObjectNode body = MlflowServer.object().put("model_id", id).put("status", "LOGGED_MODEL_READY");
    server.good(tried, path, server.send(tried, "PATCH", path, body));
  }

  /** Deletes one. */
  public void delete(String id) {
    String tried = "delete logged model " + id;
    String path = "logged-models/" + id;
    HttpAnswer answer = server.send(tried, "DELETE", path, MlflowServer.object());
    if (!answer.isError(MlflowErrors.ABSENT)) {
      server.good(tried, path, answer);
    }
  }

  /** Names it as an output of a run, once. */
  public void putOut(String runId, String modelId) {
    if (server.runs().get(runId).modelIds().contains(modelId)) {
      return; // The server refuses a second time.
    }
    String tried = "name logged model " + modelId + " as output of run " + runId;
    ObjectNode body = MlflowServer.object().put("run_id", runId);
    body.putArray("models").addObject().put("model_id", modelId).put("step", 0);
    HttpAnswer answer = server.send(tried, "POST", "runs/outputs", body);
    if (!answer.isSuccess() && server.runs().get(runId).modelIds().contains(modelId)) {
      return;
    }
    server.good(tried, "runs/outputs", answer);
  }

  /** An older server answers 404 by a page of its own, not by an error code for a missing thing. */
  private static boolean isUnknownEndpoint(HttpAnswer answer) {
    return (answer.status() == 404 || answer.status() == 405)
        && (answer.errorCode() == null || answer.isError("ENDPOINT_NOT_FOUND"));
  }

  private LoggedModel read(JsonNode node, String tried) {
    JsonNode info = node.path("info");
    String id = Json.text(info, "model_id");
    if (id.isEmpty()) {
      throw server.failure(
          FailureKind.PLATFORM, tried, "a response without a model id", "Portage retries.");
    }
    List<Metric> metrics = new ArrayList<>();
    node.path("data").path("metrics").forEach(metric -> metrics.add(Json.metric(metric)));
    return new LoggedModel(
        id,
        Json.text(info, "name"),
        Json.text(info, "artifact_uri"),
        Json.text(info, "status"),
        Json.text(info, "model_type"),
        new LoggedModel.Origin(
            Json.text(info, "experiment_id"),
            Json.text(info, "source_run_id"),
            Json.number(info, "creation_timestamp_ms", 0)),
        new Facts(
            metrics, Json.map(node.path("data").path("params")), Json.map(info.path("tags"))));
  }
}
