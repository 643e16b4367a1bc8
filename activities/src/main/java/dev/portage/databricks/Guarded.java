package dev.portage.databricks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.portage.http.HttpAnswer;
import java.io.IOException;
import java.util.Optional;
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
    String warehouse = body.path("warehouse_id").asText("");
    return STATEMENT.matcher(path).matches() && !warehouse.isEmpty()
        ? Optional.of(new Guarded("warehouses", warehouse, "CAN_USE", "SQL warehouse " + warehouse))
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
