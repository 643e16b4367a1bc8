package dev.portage.databricks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.attempt.LostResponse;
import dev.portage.attempt.Recheck;
import dev.portage.failure.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Creates a job once. {@code jobs/create} takes no idempotency token, so whoever attempts it again
 * searches first, and once more afterwards: of several the lowest id counts, and the caller deletes
 * the others.
 */
final class JobCreation {
  /** A list may be behind that long, before another job is made. */
  private static final Recheck LISTED =
      new Recheck(Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(2));

  private final ActivityWait waiting;
  private final MadeBefore before;

  JobCreation(ActivityWait waiting, MadeBefore before) {
    this.waiting = waiting;
    this.before = before;
  }

  /**
   * The jobs that are there, or the one just made; never empty, lowest id first.
   *
   * @param name of the job
   * @param wanted its settings if it is made: with tags by which a search knows it for ours, and
   *     paused, since a duplicate of it may appear late
   * @param listed those that the workspace lists
   * @param otherwise another way to find it, where neither the list nor an earlier attempt knows it
   */
  List<StoredJob> thereOrMade(
      StoredJobs jobs,
      String name,
      ObjectNode wanted,
      Supplier<List<StoredJob>> listed,
      Supplier<Optional<StoredJob>> otherwise) {
    Supplier<List<StoredJob>> known = () -> known(jobs, name, listed, otherwise);
    boolean asked = before.asked().attempt() > 1;
    // An attempt without an answer may have made one, and a list may be behind.
    List<StoredJob> ours =
        asked && before.job().isEmpty()
            ? LISTED.until(known, found -> !found.isEmpty(), waiting::sleep)
            : known.get();
    if (!ours.isEmpty()) {
      return ours;
    }
    StoredJob made = make(jobs, name, wanted);
    if (!asked) {
      return List.of(made);
    }
    List<StoredJob> all = known.get();
    return all.isEmpty() ? List.of(made) : all;
  }

  /** The jobs that the workspace lists, and the one that an earlier attempt has made. */
  private List<StoredJob> known(
      StoredJobs jobs,
      String name,
      Supplier<List<StoredJob>> listed,
      Supplier<Optional<StoredJob>> otherwise) {
    List<StoredJob> known = new ArrayList<>(listed.get());
    before
        .job()
        .filter(made -> known.stream().noneMatch(job -> job.id() == made))
        .flatMap(made -> madeBefore(jobs, name, made))
        .ifPresent(known::add);
    if (known.isEmpty()) {
      otherwise.get().ifPresent(known::add);
    }
    known.sort(Comparator.comparingLong(StoredJob::id));
    return known;
  }

  private Optional<StoredJob> madeBefore(StoredJobs jobs, String name, long made) {
    Optional<StoredJob> job = jobs.find("read job " + name, made);
    if (job.isEmpty() && !before.asked().longEnough()) {
      throw notSeenYet(jobs, name, made);
    }
    return job;
  }

  private StoredJob make(StoredJobs jobs, String name, ObjectNode wanted) {
    ObjectNode asked = wanted.deepCopy();
    LostResponse.tags(before.asked().attempt(), Instant.now())
        .forEach((tag, value) -> asked.withObjectProperty("tags").put(tag, value));
    long made = jobs.create("create job " + name, asked);
    before.made(made);
    return StoredJobs.SHOWN
        .until(() -> jobs.find("read job " + name, made), Optional::isPresent, waiting::sleep)
        .orElseThrow(() -> notSeenYet(jobs, name, made));
  }

  private static RuntimeException notSeenYet(StoredJobs jobs, String name, long made) {
    return jobs.failure(
        FailureKind.PLATFORM,
        "create job " + name,
        "job " + made + " was created but is not visible yet",
        "Portage retries.");
  }
}
