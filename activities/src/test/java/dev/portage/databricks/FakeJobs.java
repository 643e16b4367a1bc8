package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a {@link FakeWorkspace}: adds its own defaults, returns small pages and reordered
 * lists, keeps the run-as identity, and can show outdated settings.
 */
final class FakeJobs {
  static final String ME = "portage@example.com";

  private static final int PAGE = 2;
  private static final int TASKS_A_PAGE = 100;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  final Map<Long, ObjectNode> settings = new ConcurrentSkipListMap<>();
  final Map<Long, String> creators = new HashMap<>();
  private final Map<Long, @Nullable ObjectNode> old = new HashMap<>();
  private final Map<Long, Integer> toShowOld = new HashMap<>();
  private long lastId = 100;

  /** Whether lists are still empty. */
  volatile boolean listIsBehind;

  /** How many more reads show a job as it was before it was created, reset or deleted. */
  volatile int oldPictures;

  /** The error for a job that does not exist. */
  volatile MockResponse absence;

  /** What the workspace computes for a cluster from a pool, and refuses as input. */
  volatile ObjectNode computed = JSON.objectNode();

  FakeJobs(FakeWorkspace workspace) {
    absence = FakeWorkspace.refusal(400, "INVALID_PARAMETER_VALUE", "Job 101 does not exist.");
    workspace
        .on("POST /api/2.2/jobs/create", call -> created(call.body()))
        .on("POST /api/2.2/jobs/reset", this::reset)
        .on("POST /api/2.2/jobs/update", this::update)
        .on("POST /api/2.2/jobs/delete", this::delete)
        .on("GET /api/2.2/jobs/get", this::get)
        .on("GET /api/2.2/jobs/list", this::list);
  }

  /** Creates a job as requested and returns its id. */
  long add(JsonNode wanted) {
    settings.put(++lastId, withDefaults(wanted));
    creators.put(lastId, ME);
    return lastId;
  }

  /** The only job. */
  ObjectNode only() {
    if (settings.size() != 1) {
      throw new AssertionError("there are jobs " + settings.keySet());
    }
    return settings.values().iterator().next();
  }

  /** The job with that id. */
  ObjectNode job(long id) {
    ObjectNode job = settings.get(id);
    if (job == null) {
      throw new AssertionError("there are jobs " + settings.keySet());
    }
    return job;
  }

  private static ObjectNode withDefaults(JsonNode wanted) {
    ObjectNode settings = wanted.deepCopy();
    settings.put("format", "MULTI_TASK").put("a_field_of_tomorrow", "A_WORD_OF_TOMORROW");
    if (!settings.has("email_notifications")) {
      settings.putObject("email_notifications").put("no_alert_for_skipped_runs", false);
    }
    if (!settings.has("webhook_notifications")) {
      settings.putObject("webhook_notifications");
    }
    PoolAdditions.clusters(settings)
        .forEach(cluster -> cluster.remove("apply_policy_default_values"));
    return settings;
  }

  private MockResponse created(JsonNode body) {
    MockResponse refusal = refusal(body);
    if (refusal != null) {
      return refusal;
    }
    long id = add(body);
    wasBefore(id, null);
    return FakeWorkspace.json(200, "{\"job_id\": " + id + "}");
  }

  private void wasBefore(long id, @Nullable ObjectNode before) {
    old.put(id, before);
    toShowOld.put(id, oldPictures);
  }

  MockResponse reset(FakeWorkspace.Call call) {
    long id = call.body().path("job_id").asLong();
    ObjectNode before = settings.get(id);
    if (before == null) {
      return absence;
    }
    MockResponse refusal = refusal(call.body().path("new_settings"));
    if (refusal != null) {
      return refusal;
    }
    ObjectNode after = withDefaults(call.body().path("new_settings"));
    if (before.has("run_as") && !after.has("run_as")) {
      after.set("run_as", before.get("run_as"));
    }
    wasBefore(id, before);
    settings.put(id, after);
    return FakeWorkspace.json(200, "{}");
  }

  MockResponse update(FakeWorkspace.Call call) {
    long id = call.body().path("job_id").asLong();
    ObjectNode before = settings.get(id);
    if (before == null) {
      return absence;
    }
    ObjectNode after = before.deepCopy();
    call.body()
        .path("new_settings")
        .properties()
        .forEach(field -> after.set(field.getKey(), field.getValue()));
    wasBefore(id, before);
    settings.put(id, after);
    return FakeWorkspace.json(200, "{}");
  }

  private @Nullable MockResponse refusal(JsonNode wanted) {
    for (ObjectNode cluster : PoolAdditions.clusters(wanted)) {
      for (Map.Entry<String, JsonNode> field : computed.properties()) {
        if (cluster.has("instance_pool_id") && cluster.has(field.getKey())) {
          return FakeWorkspace.refusal(
              400,
              "INVALID_PARAMETER_VALUE",
              "The field '"
                  + field.getKey()
                  + "' cannot be supplied when an instance pool ID is provided.");
        }
      }
    }
    return null;
  }

  private MockResponse delete(FakeWorkspace.Call call) {
    long id = call.body().path("job_id").asLong();
    ObjectNode before = settings.remove(id);
    if (before == null) {
      return absence;
    }
    wasBefore(id, before);
    return FakeWorkspace.json(200, "{}");
  }

  private MockResponse get(FakeWorkspace.Call call) {
    long id = Long.parseLong(call.query("job_id"));
    ObjectNode job = settings.get(id);
    int left = toShowOld.getOrDefault(id, 0);
    if (left > 0) {
      toShowOld.put(id, left - 1);
      job = old.get(id);
    }
    if (job == null) {
      return absence;
    }
    ObjectNode answer = JSON.objectNode().put("job_id", id);
    answer.put("creator_user_name", creators.get(id));
    answer.put("run_as_user_name", creators.get(id));
    answer.set("settings", shown(job));
    String token = call.url().queryParameter("page_token");
    cut(answer, token == null ? 0 : Integer.parseInt(token));
    return FakeWorkspace.json(200, answer.toString());
  }

  /** With computed fields, and lists reordered. */
  private ObjectNode shown(ObjectNode job) {
    ObjectNode shown = job.deepCopy();
    for (ObjectNode cluster : PoolAdditions.clusters(shown)) {
      if (cluster.has("instance_pool_id")) {
        cluster.setAll(computed);
      }
    }
    for (JsonNode list : shown.path("webhook_notifications")) {
      reverse(list);
    }
    for (JsonNode task : shown.path("tasks")) {
      reverse(task.path("depends_on"));
    }
    return shown;
  }

  private static void reverse(JsonNode json) {
    if (json instanceof ArrayNode list) {
      List<JsonNode> elements = new ArrayList<>();
      list.forEach(elements::addFirst);
      list.removeAll();
      list.addAll(elements);
    }
  }

  private static void cut(ObjectNode answer, int from) {
    ObjectNode settings = (ObjectNode) answer.path("settings");
    JsonNode all = settings.path("tasks");
    if (all.size() <= TASKS_A_PAGE) {
      return;
    }
    ArrayNode page = JSON.arrayNode();
    int to = Math.min(from + TASKS_A_PAGE, all.size());
    for (int i = from; i < to; i++) {
      page.add(all.get(i));
    }
    settings.set("tasks", page);
    if (from > 0) {
      settings.putArray("job_clusters");
      settings.remove("parameters");
    }
    if (to < all.size()) {
      answer.put("has_more", true).put("next_page_token", Integer.toString(to));
    }
  }

  /** Newest first; a page without a match may be followed by one with a match. */
  private MockResponse list(FakeWorkspace.Call call) {
    String name = call.url().queryParameter("name");
    String token = call.url().queryParameter("page_token");
    long below = token == null ? Long.MAX_VALUE : Long.parseLong(token);
    ObjectNode answer = JSON.objectNode();
    ArrayNode jobs = answer.putArray("jobs");
    int seen = 0;
    for (Map.Entry<Long, ObjectNode> job : new TreeMap<>(settings).descendingMap().entrySet()) {
      if (job.getKey() >= below || listIsBehind) {
        continue;
      }
      if (++seen > PAGE) {
        answer.put("next_page_token", Long.toString(below));
        break;
      }
      below = job.getKey();
      ObjectNode listed = job.getValue().deepCopy();
      if (name == null
          || listed
              .path("name")
              .asText()
              .toLowerCase(Locale.ROOT)
              .equals(name.toLowerCase(Locale.ROOT))) {
        listed.remove(List.of("tasks", "job_clusters", "parameters"));
        jobs.addObject().put("job_id", job.getKey()).set("settings", listed);
      }
    }
    return FakeWorkspace.json(200, answer.toString());
  }
}
