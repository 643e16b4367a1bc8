package dev.portage.unitycatalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.mlflow.FakeMlflow;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Unity Catalog in front of a {@link FakeMlflow}: registered models and versions, as strict as
 * MLflow's protocol files and Databricks' documentation. Its files are in a {@link FakeFiles}.
 */
final class FakeCatalog implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Answers instead of the catalog unless it returns null; sees file calls, too. */
  volatile Function<RecordedRequest, @Nullable MockResponse> before = _ -> null;

  /** Whether the workspace reports that model files are reached through the Files API. */
  volatile boolean hasFilesApi = true;

  /** Its storage location in answers to credential requests. */
  volatile String storageMode = "DEFAULT_STORAGE";

  /** Status of a version once it is finalised. */
  volatile String finished = "READY";

  /** What happens to the tags of a new version. */
  volatile UnaryOperator<ArrayNode> tags = UnaryOperator.identity();

  final Map<String, Map<String, String>> aliases = new TreeMap<>();
  final List<ObjectNode> versions = new CopyOnWriteArrayList<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  final FakeFiles files = new FakeFiles(this);
  private final AtomicInteger last = new AtomicInteger();

  FakeCatalog(FakeMlflow mlflow) {
    mlflow.before = request -> answer(mlflow, request);
  }

  @Override
  public void close() {
    files.close();
  }

  /** How many requests of a kind were received, such as "POST model-versions/create". */
  long asked(String call) {
    return asked.stream().filter(call::equals).count();
  }

  private @Nullable MockResponse answer(FakeMlflow mlflow, RecordedRequest request) {
    MockResponse disturbed = before.apply(request);
    if (disturbed != null) {
      return disturbed;
    }
    MockResponse own = effect(request);
    return own != null ? own : mlflow.effect(request);
  }

  /** Performs the request, bypassing any fault; null if it is for the run's server. */
  @Nullable MockResponse effect(RecordedRequest request) {
    String path = String.join("/", request.getUrl().pathSegments());
    String call = request.getMethod() + " " + path;
    try {
      if (path.startsWith("api/2.0/fs/")) {
        asked.add(call);
        return files.answer(request, path.substring("api/2.0/fs/".length()));
      }
      if (path.startsWith("api/2.0/mlflow/unity-catalog/")) {
        call = call.replace("api/2.0/mlflow/unity-catalog/", "");
        asked.add(call);
        synchronized (this) {
          return json(200, answer(call, request.getUrl(), bodyOf(request)));
        }
      }
      return null;
    } catch (Refusal refusal) {
      return refusal.response();
    }
  }

  private ObjectNode answer(String call, HttpUrl url, ObjectNode body) {
    ObjectNode answer = JSON.createObjectNode();
    String name = body.path("name").asText(String.valueOf(url.queryParameter("name")));
    String number = body.path("version").asText(String.valueOf(url.queryParameter("version")));
    if (!call.contains(":") && !call.contains("search") && name.split("\\.", -1).length != 3) {
      throw new Refusal(400, "INVALID_PARAMETER_VALUE", "specify all three levels");
    }
    switch (call) {
      case "GET registered-models:is-databricks-sdk-models-artifact-repository-enabled" ->
          answer.put("is_databricks_sdk_models_artifact_repository_enabled", hasFilesApi);
      case "GET registered-models/search" -> answer.putArray("registered_models");
      case "GET registered-models/get" ->
          answer.putObject("registered_model").put("name", model(name, aliases.get(name)));
      case "POST registered-models/create" -> {
        if (aliases.putIfAbsent(name, new TreeMap<>()) != null) {
          throw new Refusal(409, "RESOURCE_ALREADY_EXISTS", "exists");
        }
      }
      case "GET registered-models/alias" -> {
        String holder = aliases.getOrDefault(name, Map.of()).get(url.queryParameter("alias"));
        answer.set("model_version", whole(version(name, holder)));
      }
      case "POST registered-models/alias" ->
          aliases
              .computeIfAbsent(name, _ -> new TreeMap<>())
              .put(body.path("alias").asText(), version(name, number).path("version").asText());
      case "DELETE registered-models/alias" -> {
        if (aliases.getOrDefault(name, Map.of()).remove(body.path("alias").asText()) == null) {
          throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no such alias");
        }
      }
      case "POST model-versions/create" -> answer.set("model_version", whole(create(name, body)));
      case "GET model-versions/get" -> answer.set("model_version", whole(version(name, number)));
      case "GET model-versions/search" ->
          search(String.valueOf(url.queryParameter("filter")), answer);
      case "DELETE model-versions/delete" -> {
        if (aliases.getOrDefault(name, Map.of()).containsValue(number)) {
          throw new Refusal(400, "INVALID_PARAMETER_VALUE", "an alias points at it");
        }
        ObjectNode gone = version(name, number);
        versions.remove(gone);
        files.deleteBelow(files.rootOf(gone));
      }
      case "POST model-versions/set-tag" -> {
        if (body.path("key").asText().contains(".")) {
          throw new Refusal(400, "INVALID_PARAMETER_VALUE", "bad key");
        }
        tag(
            version(name, number).withArray("tags"),
            body.path("key").asText(),
            body.path("value").asText());
      }
      case "POST model-versions/finalize" -> finish(version(name, number));
      case "POST model-versions/generate-temporary-credentials" ->
          answer.putObject("credentials").put("storage_mode", storageMode);
      default -> throw new Refusal(404, "ENDPOINT_NOT_FOUND", call);
    }
    return answer;
  }

  private ObjectNode create(String name, ObjectNode body) {
    model(name, aliases.get(name));
    for (String field : List.of("name", "source", "run_id")) {
      if (body.path(field).asText().isEmpty()) {
        throw new Refusal(400, "INVALID_PARAMETER_VALUE", field + " is missing");
      }
    }
    ObjectNode made = body.deepCopy();
    made.set("tags", tags.apply(body.withArray("tags").deepCopy()));
    made.put("version", String.valueOf(last.incrementAndGet()));
    made.put("status", "PENDING_REGISTRATION").put("storage_location", "s3://somewhere/else");
    versions.add(made);
    return made;
  }

  private void finish(ObjectNode version) {
    if (version.path("status").asText().equals("READY")) {
      return;
    }
    byte[] model = files.content.get(files.rootOf(version) + "MLmodel");
    String text = model == null ? "" : new String(model, StandardCharsets.UTF_8);
    if (!text.contains("inputs:") || !text.contains("outputs:")) {
      throw new Refusal(400, "INVALID_PARAMETER_VALUE", "no signature");
    }
    version.put("status", finished);
    if (finished.equals("FAILED_REGISTRATION")) {
      version.put("status_message", "the storage was away");
    }
  }

  private void search(String filter, ObjectNode answer) {
    ArrayNode found = answer.putArray("model_versions");
    for (ObjectNode version : versions.reversed()) {
      if (filter.equals("name='" + version.path("name").asText() + "'")
          || filter.equals("run_id='" + version.path("run_id").asText() + "'")) {
        ObjectNode shown = version.deepCopy();
        shown.remove("tags");
        found.add(shown);
      }
    }
    if (!filter.matches("(name|run_id)='[^']*'")) {
      throw new Refusal(400, "INVALID_PARAMETER_VALUE", "bad filter " + filter);
    }
  }

  private ObjectNode whole(ObjectNode version) {
    ObjectNode whole = version.deepCopy();
    aliases
        .getOrDefault(version.path("name").asText(), Map.of())
        .forEach((alias, number) -> {
          if (number.equals(version.path("version").asText())) {
            whole.withArray("aliases").addObject().put("alias", alias).put("version", number);
          }
        });
    return whole;
  }

  static void tag(ArrayNode tags, String key, String value) {
    for (int i = tags.size() - 1; i >= 0; i--) {
      if (tags.get(i).path("key").asText().equals(key)) {
        tags.remove(i);
      }
    }
    tags.addObject().put("key", key).put("value", value);
  }

  private static String model(String name, @Nullable Map<String, String> known) {
    if (known == null) {
      throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no model " + name);
    }
    return name;
  }

  ObjectNode version(String name, @Nullable String number) {
    return versions.stream()
        .filter(v -> v.path("name").asText().equals(name))
        .filter(v -> v.path("version").asText().equals(number))
        .findFirst()
        .orElseThrow(() -> new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no version " + number));
  }

  static ObjectNode bodyOf(RecordedRequest request) {
    String text = request.getBody() == null ? "" : request.getBody().utf8();
    try {
      return text.isEmpty() ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new Refusal(400, "MALFORMED_REQUEST", "not JSON");
    }
  }

  static MockResponse json(int status, ObjectNode body) {
    return new MockResponse.Builder()
        .code(status)
        .addHeader("Content-Type", "application/json")
        .body(body.toString())
        .build();
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** An error response of the workspace. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    Refusal(int status, String code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }

    MockResponse response() {
      return json(status, object().put("error_code", code).put("message", getMessage()));
    }
  }
}
