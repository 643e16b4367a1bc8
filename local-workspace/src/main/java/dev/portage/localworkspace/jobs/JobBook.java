package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.documents.DocumentFolder;
import dev.portage.localworkspace.protocol.ApiRefusal;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of the workspace. Creating one has no idempotency token, so sending the same body twice
 * creates two jobs.
 */
final class JobBook {
  private static final Logger log = LoggerFactory.getLogger(JobBook.class);

  private final TreeMap<Long, Job> jobs = new TreeMap<>();
  private final LongSupplier ids;
  private final InstantSource clock;
  private final DocumentFolder kept;

  /**
   * The jobs of a folder.
   *
   * @throws IOException when they can't be read
   */
  JobBook(LongSupplier ids, InstantSource clock, DocumentFolder kept) throws IOException {
    this.ids = ids;
    this.clock = clock;
    this.kept = kept;
    for (Map.Entry<Long, ObjectNode> document : kept.all().entrySet()) {
      try {
        jobs.put(document.getKey(), Job.read(document.getKey(), document.getValue()));
      } catch (DateTimeException e) {
        log.warn("Skipping job {}, which can't be read: {}", document.getKey(), e.getMessage());
      }
    }
  }

  /** The highest id; 0 where there is none. */
  synchronized long highest() {
    return jobs.isEmpty() ? 0 : jobs.lastKey();
  }

  private Job put(Job job) {
    kept.put(job.id(), job.document());
    jobs.put(job.id(), job);
    return job;
  }

  synchronized Job create(JsonNode settings, String creator) {
    return put(new Job(ids.getAsLong(), withDefaults(settings), creator, clock.instant()));
  }

  /** Replaces all settings but whom the job runs as, which stays where it is not said. */
  synchronized void reset(long id, JsonNode settings) {
    Job old = get(id);
    ObjectNode all = withDefaults(settings);
    if (!all.has("run_as") && old.settings().has("run_as")) {
      all.set("run_as", old.settings().get("run_as").deepCopy());
    }
    put(new Job(id, all, old.creator(), old.createdAt()));
  }

  synchronized void delete(long id) {
    get(id);
    kept.remove(id);
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
