package dev.portage.databricks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.portage.http.HttpAnswer;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;

/**
 * The object of a call, if it has its own permissions: a login may have every right in a workspace
 * and still lack it for someone else's job.
 *
 * @param kind as the Permissions API calls it
 * @param id its id
 * @param level the permission that Portage needs for it
 * @param words how messages name it
 * @see <a href="https://docs.databricks.com/api/workspace/permissions">Permissions API</a>
 */
record Guarded(String kind, String id, String level, String words) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Pattern ONE_JOB =
      Pattern.compile("/api/2\\.\\d/jobs/(get|reset|update|delete)");

  private static final Pattern RUN_OF_A_JOB = Pattern.compile("/api/2\\.\\d/jobs/run-now");

  private static final Pattern WITH_CLUSTER =
      Pattern.compile("/api/2\\.\\d/jobs/(create|reset|update|runs/submit)");

  private static final Pattern ENDPOINT =
      Pattern.compile("/api/2\\.0/serving-endpoints/([^/]+)(/.*)?");

  private static final Pattern NEW_ENDPOINT = Pattern.compile("/api/2\\.0/serving-endpoints/?");

  private static final Pattern ASKED =
      Pattern.compile("/serving-endpoints/([^/]+)/(served-models/[^/]+/)?invocations");

  /** How a refusal to create an endpoint speaks of the model, and not of the endpoint. */
  private static final Pattern OF_MODEL =
      Pattern.compile("(?i)\\b(execute|use (catalog|schema)|registered model|model version)\\b");

  /** The Permissions API knows the workspace's registry by this, */
  private static final String REGISTERED_MODEL = "registered-models";

  /** and Unity Catalog grants a model's rights as those of a function. */
  private static final String FUNCTION = "function";

  private static final Pattern STATEMENT = Pattern.compile("/api/2\\.\\d/sql/statements/?");

  /** A job that Portage configures for a promotion, runs and restores. */
  static Guarded job(String id) {
    return new Guarded("jobs", id, "CAN_MANAGE", "job " + id);
  }

  /** A job that is run, and read before that, as it is. */
  static Guarded runOf(String id) {
    return new Guarded("jobs", id, "CAN_MANAGE_RUN", "job " + id);
  }

  /** An endpoint that Portage changes for a promotion. */
  static Guarded endpoint(String id, String name) {
    return new Guarded("serving-endpoints", id, "CAN_MANAGE", "endpoint " + name);
  }

  /** An endpoint that Portage changes. Its id is not known: the command finds it by the name. */
  static Guarded endpoint(String name) {
    return named(name, "CAN_MANAGE");
  }

  /** An endpoint that is asked for predictions. */
  static Guarded askedEndpoint(String name) {
    return named(name, "CAN_QUERY");
  }

  private static Guarded named(String name, String level) {
    return new Guarded(
        "serving-endpoints",
        "$(databricks serving-endpoints get " + name + " -o json | jq -r .id)",
        level,
        "endpoint " + name);
  }

  /** A model whose versions an endpoint of the login serves. */
  private static Guarded servedModel(String model) {
    return model.contains(".")
        ? new Guarded(FUNCTION, model, "EXECUTE", "model " + model)
        : new Guarded(
            REGISTERED_MODEL,
            "$(databricks model-registry get-model '"
                + model
                + "' -o json | jq -r .registered_model_databricks.id)",
            "CAN_READ",
            "model " + model);
  }

  /** The same, where its id is known; the same as before for none. */
  Guarded withId(String known) {
    return known.isEmpty() ? this : new Guarded(kind, known, level, words);
  }

  /** Command that gives a login the permission. */
  String grant(Me login) {
    return kind.equals(FUNCTION)
        ? login.grantInCatalog(kind, id, level)
        : login.grantPermission(kind, id, level);
  }

  /** Whether the call that is refused can be about a thing that is not there any more. */
  boolean mayBeGone() {
    return !isServedModel();
  }

  /** Whether it is a model that an endpoint serves. */
  boolean isServedModel() {
    return kind.equals(FUNCTION) || kind.equals(REGISTERED_MODEL);
  }

  /** Whether the refused call was to create an endpoint. */
  static boolean isNewEndpoint(Request request) {
    return request.method().equals("POST")
        && NEW_ENDPOINT.matcher(request.url().encodedPath()).matches();
  }

  /** What is tried by a look at its permissions, for messages. */
  String question() {
    return "check who may change " + words;
  }

  /** Where to look who may do what with it. */
  String path() {
    return "/api/2.0/permissions/" + kind + "/" + id;
  }

  /**
   * What a refused call was about.
   *
   * @return empty when it was about nothing in particular
   */
  static Optional<Guarded> of(Request request, HttpAnswer refusal) {
    HttpUrl url = request.url();
    String path = url.encodedPath();
    JsonNode body = bodyOf(request);
    if (WITH_CLUSTER.matcher(path).matches() && refusal.message().contains("pool")) {
      String pool = body.findPath("instance_pool_id").asText("");
      if (!pool.isEmpty()) {
        return Optional.of(new Guarded("instance-pools", pool, "CAN_ATTACH_TO", "pool " + pool));
      }
    }
    if (ONE_JOB.matcher(path).matches()) {
      String asked = url.queryParameter("job_id");
      String id = asked == null ? body.path("job_id").asText("") : asked;
      return id.isEmpty() ? Optional.empty() : Optional.of(job(id));
    }
    if (RUN_OF_A_JOB.matcher(path).matches()) {
      String id = body.path("job_id").asText("");
      return id.isEmpty() ? Optional.empty() : Optional.of(runOf(id));
    }
    Optional<Guarded> endpoint = ofEndpoint(request, path, body, refusal);
    if (endpoint.isPresent()) {
      return endpoint;
    }
    String warehouse = body.path("warehouse_id").asText("");
    return STATEMENT.matcher(path).matches() && !warehouse.isEmpty()
        ? Optional.of(new Guarded("warehouses", warehouse, "CAN_USE", "SQL warehouse " + warehouse))
        : Optional.empty();
  }

  private static Optional<Guarded> ofEndpoint(
      Request request, String path, JsonNode body, HttpAnswer refusal) {
    Matcher asked = ASKED.matcher(path);
    if (asked.matches()) {
      return Optional.of(askedEndpoint(String.valueOf(asked.group(1))));
    }
    Matcher endpoint = ENDPOINT.matcher(path);
    boolean isChange = path.endsWith("/config") || isNewEndpoint(request);
    if (isChange && OF_MODEL.matcher(refusal.message()).find()) {
      for (JsonNode entity : body.findPath("served_entities")) {
        String model = entity.path("entity_name").asText();
        if (!model.isEmpty() && refusal.message().contains(model)) {
          return Optional.of(servedModel(model));
        }
      }
    }
    return endpoint.matches()
        ? Optional.of(endpoint(String.valueOf(endpoint.group(1))))
        : Optional.empty();
  }

  private static JsonNode bodyOf(Request request) {
    RequestBody body = request.body();
    if (body == null) {
      return JSON.missingNode();
    }
    Buffer text = new Buffer();
    try {
      body.writeTo(text);
      JsonNode json = JSON.readTree(text.readUtf8());
      return json == null ? JSON.missingNode() : json;
    } catch (JsonProcessingException _) {
      return JSON.missingNode();
    } catch (IOException e) {
      throw new IllegalStateException("a text can always be written to memory", e);
    }
  }
}
