package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs of an MLflow server. Limits of one call as in MLflow's {@code utils/validation.py}. */
public final class Runs {
  /** Values of metrics that one call writes. */
  public static final int METRICS_A_BATCH = 1000;

  private static final int EXPERIMENTS_A_SEARCH = 100;
  private static final int PAGE = 1000;

  /** Runs per request, each complete; fewer if a response would be too long. */
  private static final int RUNS_A_PAGE = 200;

  private static final int PARAMS_AND_TAGS_A_BATCH = 100;

  private static final String NEWEST_FIRST = "attributes.start_time DESC";

  private final MlflowServer server;

  Runs(MlflowServer server) {
    this.server = server;
  }

  /** One by its id, also when it is deleted. A user error when there is none. */
  public Run get(String id) {
    return read(
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
    return Optional.of(read(server.good(tried, "runs/get", answer).path("run"), tried));
  }

  /** Active runs with this tag, in no special order. For what is known to be few. */
  public List<Run> withTag(List<String> experimentIds, String key, String value) {
    List<Run> found = new ArrayList<>();
    RunFilter filter = new RunFilter(key, value, false);
    search(experimentIds, filter, found::add, () -> true);
    return found;
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
    search(
        List.of(experimentId),
        new Order(new RunFilter(tag.key(), tag.value(), false, tag.also()), NEWEST_FIRST),
        Math.clamp(atOnce, 1, PAGE),
        each,
        goesOn);
  }

  /**
   * A tag to search by.
   *
   * @param also what other tags of theirs hold
   */
  public record RunTag(String key, String value, List<RunFilter.Also> also) {

    public RunTag {
      also = List.copyOf(also);
    }

    /** That one alone. */
    public RunTag(String key, String value) {
      this(key, value, List.of());
    }

    /** Of these, those that hold this in another tag as well. */
    public RunTag and(String otherKey, String otherValue) {
      return with(new RunFilter.Also(otherKey, otherValue, true));
    }

    /** Of these, those that hold something else in another tag. */
    public RunTag butNot(String otherKey, String otherValue) {
      return with(new RunFilter.Also(otherKey, otherValue, false));
    }

    private RunTag with(RunFilter.Also one) {
      return new RunTag(key, value, Stream.concat(also.stream(), Stream.of(one)).toList());
    }
  }

  /** Which runs, and in which order; null for any. */
  private record Order(RunFilter filter, @Nullable String by) {}

  /**
   * Active runs that a filter lets pass, one after the other, in no special order.
   *
   * @param each called once for every run; it should keep only what it needs
   * @param goesOn called before each page
   * @return false if it stopped early
   */
  boolean search(
      List<String> experimentIds, RunFilter filter, Consumer<Run> each, BooleanSupplier goesOn) {
    return search(experimentIds, new Order(filter, null), RUNS_A_PAGE, each, goesOn);
  }

  private boolean search(
      List<String> experimentIds,
      Order order,
      int atOnce,
      Consumer<Run> each,
      BooleanSupplier goesOn) {
    Set<String> reported = new HashSet<>();
    Consumer<Run> once =
        run -> {
          // Pages overlap when something changes between two of them, or when they are requested
          // again.
          if (reported.add(run.id())) {
            each.accept(run);
          }
        };
    for (int from = 0; from < experimentIds.size(); from += EXPERIMENTS_A_SEARCH) {
      List<String> some =
          experimentIds.subList(from, Math.min(experimentIds.size(), from + EXPERIMENTS_A_SEARCH));
      int size = atOnce;
      Paged paged = pages(some, order, size, once, goesOn);
      while (paged == Paged.TOO_LONG) {
        size = Math.max(1, size / 10);
        paged = pages(some, order, size, once, goesOn);
      }
      if (paged == Paged.STOPPED) {
        return false;
      }
    }
    return true;
  }

  private enum Paged {
    TO_THE_END,
    /** A page is too long to be read. */
    TOO_LONG,
    STOPPED
  }

  private Paged pages(
      List<String> experimentIds,
      Order order,
      int size,
      Consumer<Run> each,
      BooleanSupplier goesOn) {
    RunFilter filter = order.filter();
    String token = "";
    do {
      if (!goesOn.getAsBoolean()) {
        return Paged.STOPPED;
      }
      ObjectNode body =
          MlflowServer.object()
              .put("filter", filter.text())
              .put("run_view_type", "ACTIVE_ONLY")
              .put("max_results", size);
      experimentIds.forEach(body.putArray("experiment_ids")::add);
      if (order.by() != null) {
        body.putArray("order_by").add(order.by());
      }
      if (!token.isEmpty()) {
        body.put("page_token", token);
      }
      Optional<JsonNode> page =
          size > 1
              ? server.postForLittle(filter.tried(), "runs/search", body)
              : Optional.of(server.post(filter.tried(), "runs/search", body));
      if (page.isEmpty()) {
        return Paged.TOO_LONG;
      }
      for (JsonNode node : page.get().path("runs")) {
        Run run = read(node, filter.tried());
        // The server's word on a filter counts for little where a wrong run would be deleted.
        if (run.active() && filter.letsPass(run)) {
          each.accept(run);
        }
      }
      token = Json.text(page.get(), "next_page_token");
    } while (!token.isEmpty());
    return Paged.TO_THE_END;
  }

  /** Whether the server can leave out nested runs itself, as MLflow 3 can. */
  boolean canLeaveOutNested(List<String> experimentIds) {
    RunFilter filter = new RunFilter("mlflow.runName", "", true);
    ObjectNode body = MlflowServer.object().put("filter", filter.text()).put("max_results", 1);
    experimentIds.stream().limit(1).forEach(body.putArray("experiment_ids")::add);
    HttpAnswer answer = server.send(filter.tried(), "POST", "runs/search", body);
    if (answer.status() == 400) {
      return false;
    }
    server.good(filter.tried(), "runs/search", answer);
    return true;
  }

  /** Some active run of an experiment, if it has any. */
  public Optional<Run> anyOf(String experimentId) {
    String tried = "find a run of experiment " + experimentId;
    ObjectNode body =
        MlflowServer.object().put("run_view_type", "ACTIVE_ONLY").put("max_results", 1);
    body.putArray("experiment_ids").add(experimentId);
    JsonNode runs = server.post(tried, "runs/search", body).path("runs");
    return runs.isEmpty() ? Optional.empty() : Optional.of(read(runs.path(0), tried));
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
    return read(server.post("create a run", "runs/create", body).path("run"), "create a run");
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
      server.post("write " + field + " of run " + id, "runs/log-batch", body);
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

  private Run read(JsonNode node, String tried) {
    JsonNode info = node.path("info");
    JsonNode data = node.path("data");
    String id = Json.text(info, "run_id");
    if (id.isEmpty()) {
      throw server.failure(
          FailureKind.PLATFORM, tried, "a response without a run id", "Portage retries.");
    }
    List<Metric> metrics = new ArrayList<>();
    data.path("metrics").forEach(metric -> metrics.add(Json.metric(metric)));
    List<ModelOutput> models = new ArrayList<>();
    node.path("outputs")
        .path("model_outputs")
        .forEach(output ->
            models.add(
                new ModelOutput(Json.text(output, "model_id"), Json.number(output, "step", 0))));
    List<JsonNode> datasets = new ArrayList<>();
    node.path("inputs").path("dataset_inputs").forEach(datasets::add);
    return new Run(
        new Run.RunInfo(
            id,
            Json.text(info, "experiment_id"),
            Json.text(info, "run_name"),
            Json.text(info, "status"),
            Json.number(info, "start_time"),
            Json.number(info, "end_time"),
            Json.text(info, "artifact_uri"),
            Json.text(info, "lifecycle_stage").equals("active")),
        Json.text(info, "user_id"),
        new Facts(metrics, Json.map(data.path("params")), Json.map(data.path("tags"))),
        models,
        datasets);
  }
}
