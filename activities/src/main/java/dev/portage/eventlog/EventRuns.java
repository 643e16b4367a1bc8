package dev.portage.eventlog;

import dev.portage.failure.FailureKind;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.mlflow.Experiment;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.Run;
import dev.portage.mlflow.RunTag;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Entries of the log as runs of an experiment of their own in the same workspace, one each. A run
 * starts when the thing happened, so that MLflow itself sorts them, and people see them in its
 * pages. A tracking server has no idempotency token: an entry is found by its id, and of several
 * with one id the first written counts, wherever they are read.
 */
final class EventRuns {

  /** Its name does not depend on any file: what is read years later must be found. */
  static final String EXPERIMENT = "/Shared/portage-history";

  /** Entries of a model that are searched for duplicates whenever one is added. */
  private static final int CLEANED = 20;

  private static final Comparator<Entry> FIRST =
      Comparator.comparingLong(Entry::written).thenComparing(Entry::run);

  /** The order in which people read them. */
  static final Comparator<Entry> NEWEST_FIRST =
      Comparator.comparingLong(Entry::happened).reversed().thenComparing(FIRST);

  private final MlflowServer server;
  private final InstantSource clock;

  EventRuns(MlflowServer server, InstantSource clock) {
    this.server = server;
    this.clock = clock;
  }

  /**
   * An entry as it is stored.
   *
   * @param id its id
   * @param run run that holds it
   * @param happened when it happened, in milliseconds since 1970
   * @param written when it was written, likewise
   * @param ended whether its run has ended
   * @param event what it says, null if that can't be read
   */
  record Entry(
      String id,
      String run,
      long happened,
      long written,
      boolean ended,
      @Nullable HistoryEvent event) {

    /** Whether it is about that workspace; one that can't be read might be. */
    boolean isOf(String workspace) {
      return event == null || event.workspace().equals(workspace);
    }
  }

  /** Adds an entry; returns the one that counts. */
  HistoryEvent append(HistoryEvent event) {
    String experiment = server.experiments().namedOrNew(EXPERIMENT).id();
    List<Entry> known = withId(experiment, event.id());
    if (known.isEmpty()) {
      Entry created = create(experiment, event);
      known = new ArrayList<>(withId(experiment, event.id()));
      if (known.stream().noneMatch(entry -> entry.run().equals(created.run()))) {
        // A search may lag behind.
        known.add(created);
      }
    }
    Entry first = keepFirst(known);
    if (!first.ended()) {
      server.runs().end(first.run(), "FINISHED", event.at().toEpochMilli());
    }
    HistoryEvent counts = first.event();
    if (counts == null) {
      throw server.failure(
          FailureKind.USER,
          "write entry " + event.id() + " of the log",
          "run " + first.run() + " of " + EXPERIMENT + " has that id and can't be read",
          "Someone changed its tags, or a later release wrote it. Delete that run, then retry.");
    }
    String model = event.model();
    if (model != null) {
      removeLateDuplicates(experiment, model);
    }
    return counts;
  }

  private Entry create(String experiment, HistoryEvent event) {
    Instant now = clock.instant();
    Map<String, String> tags = EventTags.write(event, now);
    long happened = event.at().toEpochMilli();
    Run run = server.runs().create(experiment, name(event), happened, tags);
    return new Entry(event.id(), run.id(), happened, now.toEpochMilli(), false, event);
  }

  private static String name(HistoryEvent event) {
    Release release = event.release();
    return name(event.kind(), event.model(), release == null ? null : release.version());
  }

  /**
   * The name of an entry's run, for MLflow's pages. Those that name no versions in tags are found
   * by it: it stays as it is.
   *
   * @param model registered model, null for none
   * @param version the version that it made live, null for none
   */
  static String name(HistoryKind kind, @Nullable String model, @Nullable String version) {
    return kind.word()
        + (model == null ? "" : " of " + model)
        + (version == null ? "" : " version " + version);
  }

  private List<Entry> withId(String experiment, String id) {
    return server.runs().withTag(List.of(experiment), Tags.KEY, id).stream()
        .map(EventRuns::entry)
        .toList();
  }

  /** Deletes all but the first written. */
  private Entry keepFirst(List<Entry> sameId) {
    Entry first = sameId.stream().min(FIRST).orElseThrow();
    sameId.stream()
        .filter(entry -> !entry.run().equals(first.run()))
        .forEach(twin -> server.runs().delete(twin.run()));
    return first;
  }

  /**
   * A call without a response may take effect long after it was made. Readers count such a
   * duplicate once; whoever writes next removes it, or else the one after.
   */
  private void removeLateDuplicates(String experiment, String model) {
    try {
      Map<String, List<Entry>> byId = new HashMap<>();
      List<Run> newest = new ArrayList<>();
      server
          .runs()
          .newestWithTag(
              experiment, new RunTag(Tags.MODEL, model), CLEANED, newest::add, newest::isEmpty);
      newest.stream()
          .map(EventRuns::entry)
          .forEach(entry -> byId.computeIfAbsent(entry.id(), id -> new ArrayList<>()).add(entry));
      byId.values().forEach(this::keepFirst);
    } catch (ApplicationFailure untidy) {
      // What was to be written is written.
    }
  }

  /**
   * The newest entries with a tag, one for each id.
   *
   * @param atOnce how many are read at a time
   * @param until only those that happened at this time or before; null for all
   * @param enough asked before each page, of all that were read so far
   * @return newest first; all of them if they were never enough
   */
  List<Entry> newest(
      RunTag tag, int atOnce, @Nullable Instant until, Predicate<Collection<Entry>> enough) {
    Optional<Experiment> experiment =
        server.experiments().named(EXPERIMENT).filter(Experiment::active);
    if (experiment.isEmpty()) {
      return List.of();
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    server
        .runs()
        .newestWithTag(
            experiment.get().id(),
            tag,
            atOnce,
            run -> {
              Entry entry = entry(run);
              if (until == null || entry.happened() <= until.toEpochMilli()) {
                entries.merge(
                    entry.id(),
                    entry,
                    (one, other) -> FIRST.compare(one, other) <= 0 ? one : other);
              }
            },
            () -> !enough.test(Collections.unmodifiableCollection(entries.values())));
    return entries.values().stream().sorted(NEWEST_FIRST).toList();
  }

  /** The newest entry with a tag that fits, reading so many at a time. */
  Optional<HistoryEvent> find(RunTag tag, int atOnce, Predicate<HistoryEvent> fits) {
    Optional<Experiment> experiment =
        server.experiments().named(EXPERIMENT).filter(Experiment::active);
    List<HistoryEvent> found = new ArrayList<>();
    if (experiment.isPresent()) {
      server
          .runs()
          .newestWithTag(
              experiment.get().id(),
              tag,
              atOnce,
              run -> EventTags.read(run.tags()).filter(fits).ifPresent(found::add),
              found::isEmpty);
    }
    return found.stream().findFirst();
  }

  private static Entry entry(Run run) {
    return new Entry(
        run.tags().getOrDefault(Tags.KEY, run.id()),
        run.id(),
        Objects.requireNonNullElse(run.startTime(), 0L),
        EventTags.written(run.tags()),
        !run.status().equals("RUNNING"),
        EventTags.read(run.tags()).orElse(null));
  }
}
