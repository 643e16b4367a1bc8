package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import mockwebserver3.MockResponse;

/** The jobs of a {@link FakeWorkspace}: adds defaults of its own, and lists few at a time. */
final class FakeJobs {
  private static final int PAGE = 2;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  final Map<Long, ObjectNode> settings = new ConcurrentSkipListMap<>();
  private long lastId = 100;

  /** Whether a list shows nothing yet. */
  volatile boolean listIsBehind;

  FakeJobs(FakeWorkspace workspace) {
    workspace
        .on("POST /api/2.2/jobs/create", call -> created(add(call.body())))
        .on("POST /api/2.2/jobs/reset", this::reset)
        .on("POST /api/2.2/jobs/delete", this::delete)
        .on("GET /api/2.2/jobs/get", this::get)
        .on("GET /api/2.2/jobs/list", this::list);
  }

  /** Makes a job as it is asked for, and gives its id. */
  long add(JsonNode wanted) {
    settings.put(++lastId, withDefaults(wanted));
    return lastId;
  }

  /** The one job that there is. */
  ObjectNode only() {
    if (settings.size() != 1) {
      throw new AssertionError("there are jobs " + settings.keySet());
    }
    return settings.values().iterator().next();
  }

  /** The job of that id. */
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
    settings.putObject("email_notifications").put("no_alert_for_skipped_runs", false);
    settings.putObject("webhook_notifications");
    return settings;
  }

  private static MockResponse created(long jobId) {
    return FakeWorkspace.json(200, "{\"job_id\": " + jobId + "}");
  }

  MockResponse reset(FakeWorkspace.Call call) {
    long id = call.body().path("job_id").asLong();
    if (!settings.containsKey(id)) {
      return doesNotExist(id);
    }
    settings.put(id, withDefaults(call.body().path("new_settings")));
    return FakeWorkspace.json(200, "{}");
  }

  private MockResponse delete(FakeWorkspace.Call call) {
    long id = call.body().path("job_id").asLong();
    return settings.remove(id) == null ? doesNotExist(id) : FakeWorkspace.json(200, "{}");
  }

  private MockResponse get(FakeWorkspace.Call call) {
    long id = Long.parseLong(call.query("job_id"));
    ObjectNode job = settings.get(id);
    if (job == null) {
      return doesNotExist(id);
    }
    ObjectNode answer = JSON.objectNode().put("job_id", id);
    answer.set("settings", job);
    return FakeWorkspace.json(200, answer.toString());
  }

  /** Newest first, and a page with nothing of that name may be followed by one that has it. */
  private MockResponse list(FakeWorkspace.Call call) {
    String name = call.query("name").toLowerCase(Locale.ROOT);
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
      if (job.getValue().path("name").asText().toLowerCase(Locale.ROOT).equals(name)) {
        ObjectNode item = jobs.addObject().put("job_id", job.getKey());
        item.putObject("settings").set("name", job.getValue().path("name"));
      }
    }
    return FakeWorkspace.json(200, answer.toString());
  }

  private static MockResponse doesNotExist(long id) {
    return FakeWorkspace.refusal(400, "INVALID_PARAMETER_VALUE", "Job " + id + " does not exist.");
  }
}
