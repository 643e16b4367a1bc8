package dev.portage.databricks;

import com.databricks.sdk.service.jobs.BaseJob;
import com.databricks.sdk.service.jobs.DeleteJob;
import com.databricks.sdk.service.jobs.ListJobsRequest;
import com.databricks.sdk.service.jobs.ListJobsResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.attempt.Recheck;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.HttpAnswer;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the stored jobs of a workspace. Reads may be stale: the list may lack a job just
 * created, and a job may show its settings before a reset.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs">Jobs API</a>
 */
final class StoredJobs {
  /** How a job is read after a change: an activity of one call has half a minute in all. */
  static final Recheck SHOWN =
      new Recheck(Duration.ofSeconds(4), Duration.ofMillis(600), Duration.ofSeconds(3));

  private static final long PAGE = 100;

  private final DatabricksApi api;

  StoredJobs(DatabricksApi api) {
    this.api = api;
  }

  /** Its workspace's name in the platform file. */
  String workspace() {
    return api.workspace().name();
  }

  /** Names of the other workspaces of the platform file at the same address. */
  Set<String> neighbours() {
    return api.workspace().neighbours();
  }

  /** The result of reading one job. */
  sealed interface Look {}

  /** The table exists. */
  record There(StoredJob job) implements Look {}

  /** There is no such job. */
  record Gone() implements Look {}

  /**
   * It is gone, or hidden from this login.
   *
   * @param said what the workspace said
   * @param failure the failure of a caller who needs the job
   */
  record GoneOrHidden(String said, ApplicationFailure failure) implements Look {}

  /**
   * A job as listed, without its tasks.
   *
   * @param tags its tags
   * @param runsByItself whether it has a schedule or trigger that is not paused
   * @param creator who created it, null where the workspace doesn't say
   * @param trigger what else than a schedule starts it; missing for nothing
   */
  record Listed(
      long id,
      String name,
      Map<String, String> tags,
      boolean runsByItself,
      @Nullable String creator,
      JsonNode trigger) {}

  /** Looks at a job by its id, and reads it whole. */
  Look look(String tried, long id) {
    Map<String, String> query = new HashMap<>(Map.of("job_id", Long.toString(id)));
    ObjectNode whole = null;
    while (true) {
      Object page =
          api.<Object>askOr(tried, () -> api.read("/api/2.2/jobs/get", query), StoredJobs::notSeen);
      if (page instanceof Look look) {
        return look;
      }
      if (!(page instanceof ObjectNode job)) {
        throw failure(FailureKind.PLATFORM, tried, "the response has no job", "Portage retries.");
      }
      if (whole == null) {
        whole = job;
      } else {
        append(whole, job);
      }
      String next = job.path("next_page_token").asText();
      if (next.isEmpty() || next.equals(query.put("page_token", next))) {
        return new There(StoredJob.of(id, whole));
      }
    }
  }

  private static Optional<Object> notSeen(HttpAnswer answer, Supplier<ApplicationFailure> failure) {
    if (DatabricksErrors.isNotThere(answer)) {
      return Optional.of(new Gone());
    }
    // A login that may not see all jobs gets the same answer for a hidden job and for none.
    return DatabricksErrors.isForbidden(answer)
        ? Optional.of(
            new GoneOrHidden((answer.status() + " " + answer.message()).strip(), failure.get()))
        : Optional.empty();
  }

  /** Lists longer than a page continue in later ones, which contain nothing else. */
  private static void append(ObjectNode whole, ObjectNode page) {
    ObjectNode settings = whole.withObjectProperty("settings");
    page.path("settings")
        .properties()
        .forEach(field -> {
          if (field.getValue() instanceof ArrayNode more && !more.isEmpty()) {
            settings.withArrayProperty(field.getKey()).addAll(more);
          }
        });
  }

  /** The job of that id; empty when there is none. One that is hidden is a failure. */
  Optional<StoredJob> find(String tried, long id) {
    return switch (look(tried, id)) {
      case There(StoredJob job) -> Optional.of(job);
      case Gone() -> Optional.empty();
      case GoneOrHidden hidden -> throw hidden.failure();
    };
  }

  /** All jobs of that name, whosever they are, lowest id first. */
  List<StoredJob> named(String name) {
    String tried = "find job " + name;
    List<StoredJob> found = new ArrayList<>();
    for (Listed listed : list(tried, name, Integer.MAX_VALUE, () -> {})) {
      switch (look(tried, listed.id())) {
        case There(StoredJob job) -> found.add(job);
        case Gone() -> {
          // It was deleted since the list was made.
        }
        case GoneOrHidden hidden -> {
          if (list(tried, name, Integer.MAX_VALUE, () -> {}).stream()
              .anyMatch(again -> again.id() == listed.id())) {
            throw hidden.failure();
          }
        }
      }
    }
    found.sort(Comparator.comparingLong(StoredJob::id));
    return found;
  }

  /**
   * The newest jobs that the login may see, to find some by their tags.
   *
   * @param pages how many pages of the list are read at most, of 100 jobs each
   */
  List<Listed> newest(String tried, int pages) {
    return newest(tried, pages, () -> {});
  }

  /**
   * The same.
   *
   * @param more runs if there are more jobs than that
   */
  List<Listed> newest(String tried, int pages, Runnable more) {
    return list(tried, null, pages, more);
  }

  /** The same, with their tasks. */
  List<StoredJob> newestWithTasks(String tried, int pages) {
    List<StoredJob> found = new ArrayList<>();
    each(
        tried,
        new ListJobsRequest().setLimit(PAGE).setExpandTasks(true),
        pages,
        job -> found.add(StoredJob.of(job.getJobId(), api.json(job))),
        () -> {});
    return found;
  }

  private List<Listed> list(String tried, @Nullable String name, int mostPages, Runnable more) {
    List<Listed> found = new ArrayList<>();
    each(
        tried,
        new ListJobsRequest().setName(name).setLimit(PAGE),
        mostPages,
        job -> {
          // The list's own filter ignores case.
          if (name == null || name.equals(job.getSettings().getName())) {
            found.add(listed(job));
          }
        },
        more);
    return found;
  }

  private void each(
      String tried,
      ListJobsRequest request,
      int mostPages,
      Consumer<BaseJob> whole,
      Runnable more) {
    for (int pages = 1; ; pages++) {
      ListJobsResponse page = api.ask(tried, () -> api.jobs().list(request));
      if (page.getJobs() != null) {
        page.getJobs().stream()
            .filter(job -> job.getSettings() != null && job.getJobId() != null)
            .forEach(whole);
      }
      String next = page.getNextPageToken();
      if (next == null || next.isEmpty()) {
        return;
      }
      if (pages == mostPages) {
        more.run();
        return;
      }
      request.setPageToken(next);
    }
  }

  private Listed listed(BaseJob job) {
    JsonNode settings = api.json(job.getSettings());
    return new Listed(
        job.getJobId(),
        settings.path("name").asText(),
        JobTags.all(settings),
        runsByItself(settings),
        job.getCreatorUserName(),
        settings.path("trigger"));
  }

  private static boolean runsByItself(JsonNode settings) {
    for (String kind : new String[] {"schedule", "trigger", "continuous"}) {
      JsonNode starts = settings.path(kind);
      if (starts.isObject() && !starts.path("pause_status").asText().equals("PAUSED")) {
        return true;
      }
    }
    return false;
  }

  /** Makes a job, and gives its id. There is no token that would make a second call harmless. */
  long create(String tried, ObjectNode settings) {
    JsonNode id = api.ask(tried, () -> api.send("/api/2.2/jobs/create", settings)).path("job_id");
    if (!id.canConvertToLong() || id.longValue() <= 0) {
      throw failure(FailureKind.PLATFORM, tried, "the response names no job", "Portage retries.");
    }
    return id.longValue();
  }

  /**
   * Replaces all settings of a job, except values that a workspace computes itself and refuses in
   * requests.
   *
   * @param now the job as it is
   * @return whether it existed
   */
  boolean reset(String tried, StoredJob now, JsonNode settings) {
    ObjectNode sent = settings.deepCopy();
    PoolAdditions.remove(sent);
    if (sent.path("run_as").equals(now.settings().path("run_as"))) {
      // It stays without being sent, and to send it takes a right of its own.
      sent.remove("run_as");
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("job_id", now.id());
    body.set("new_settings", sent);
    return api.askOr(
        tried,
        () -> {
          api.send("/api/2.2/jobs/reset", body);
          return true;
        },
        (answer, _) -> wasNotThere(answer));
  }

  /**
   * Replaces the tags of a job; everything else stays.
   *
   * @return whether it existed
   */
  boolean tag(String tried, long id, Map<String, String> tags) {
    ObjectNode sent = JsonNodeFactory.instance.objectNode();
    ObjectNode all = sent.putObject("tags");
    new TreeMap<>(tags).forEach(all::put);
    return update(tried, id, sent);
  }

  /**
   * Replaces these fields of a job's settings; all others stay.
   *
   * @return whether it existed
   */
  boolean update(String tried, long id, ObjectNode fields) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("job_id", id);
    body.set("new_settings", fields);
    return api.askOr(
        tried,
        () -> {
          api.send("/api/2.2/jobs/update", body);
          return true;
        },
        (answer, _) -> wasNotThere(answer));
  }

  /** Deletes a job. Returns whether it existed; a missing one is no failure. */
  boolean delete(String tried, long id) {
    return api.askOr(
        tried,
        () -> {
          api.jobs().delete(new DeleteJob().setJobId(id));
          return true;
        },
        (answer, _) -> wasNotThere(answer));
  }

  private static Optional<Boolean> wasNotThere(HttpAnswer answer) {
    return DatabricksErrors.isNotThere(answer) ? Optional.of(false) : Optional.empty();
  }

  /** A failure of something tried in this workspace. */
  ApplicationFailure failure(FailureKind kind, String tried, String cameBack, String remedy) {
    return Failures.of(Problem.of(kind, tried, api.workspace().where(), cameBack, remedy));
  }
}
