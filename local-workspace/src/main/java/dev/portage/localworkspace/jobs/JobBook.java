package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The jobs of the workspace. Creating one has no idempotency token, so the same body twice makes
 * two jobs.
 */
final class JobBook {
  private final TreeMap<Long, Job> jobs = new TreeMap<>();
  private final LongSupplier ids;
  private final InstantSource clock;

  JobBook(LongSupplier ids, InstantSource clock) {
    this.ids = ids;
    this.clock = clock;
  }

  synchronized Job create(JsonNode settings, String creator) {
    Job job = new Job(ids.getAsLong(), withDefaults(settings), creator, clock.instant());
    jobs.put(job.id(), job);
    return job;
  }

  /** Replaces all settings but whom the job runs as, which stays where it is not said. */
  synchronized void reset(long id, JsonNode settings) {
    Job old = get(id);
    ObjectNode all = withDefaults(settings);
    if (!all.has("run_as") && old.settings().has("run_as")) {
      all.set("run_as", old.settings().get("run_as").deepCopy());
    }
    jobs.put(id, new Job(id, all, old.creator(), old.createdAt()));
  }

  synchronized void delete(long id) {
    get(id);
    jobs.remove(id);
  }

  synchronized Job get(long id) {
    return find(id)
        .orElseThrow(() -> ApiRefusal.invalidParameter("Job " + id + " does not exist."));
  }

  /** The job of that id; empty when there is none. */
  synchronized Optional<Job> find(long id) {
    return Optional.ofNullable(jobs.get(id));
  }

  /** All jobs, newest first. */
  synchronized List<Job> newestFirst() {
    return List.copyOf(jobs.descendingMap().values());
  }

  private static ObjectNode withDefaults(JsonNode settings) {
    ObjectNode copy = settings.deepCopy();
    Map<String, JsonNode> nulls = new TreeMap<>();
    copy.properties()
        .forEach(entry -> {
          if (entry.getValue().isNull()) {
            nulls.put(entry.getKey(), entry.getValue());
          }
        });
    copy.remove(nulls.keySet());
    if (!copy.has("name")) {
      copy.put("name", "Untitled");
    }
    if (!copy.has("max_concurrent_runs")) {
      copy.put("max_concurrent_runs", 1);
    }
    if (!copy.has("timeout_seconds")) {
      copy.put("timeout_seconds", 0);
    }
    if (!copy.has("email_notifications")) {
      copy.putObject("email_notifications");
    }
    if (copy.get("schedule") instanceof ObjectNode schedule && !schedule.has("pause_status")) {
      schedule.put("pause_status", "UNPAUSED");
    }
    copy.put("format", "MULTI_TASK");
    return copy;
  }
}
