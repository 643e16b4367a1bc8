package dev.portage.eventlog;

import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryQuery;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.RunTag;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a log from its newest entry back, and no more of it than is wanted. */
final class LogReader {

  /** Earlier releases that are read for one answer: each takes a few calls. */
  private static final int MOST_EARLIER = 30;

  /** Entries that can't be read, named one by one. */
  private static final int MOST_UNREADABLE = 5;

  private final MlflowServers servers;
  private final EarlierReleases earlier;
  private final InstantSource clock;

  LogReader(MlflowServers servers, EarlierReleases earlier, InstantSource clock) {
    this.servers = servers;
    this.earlier = earlier;
    this.clock = clock;
  }

  /**
   * What was read.
   *
   * @param more whether there are older entries than these
   */
  record Read(List<HistoryEvent> events, boolean more, List<String> notes) {

    /** The same with what was found otherwise. */
    Read with(List<HistoryEvent> others, List<String> said) {
      Map<String, HistoryEvent> byId = new LinkedHashMap<>();
      Stream.concat(events.stream(), others.stream())
          .forEach(event -> byId.putIfAbsent(event.id(), event));
      return new Read(
          byId.values().stream().sorted(HistoryEvent.NEWEST_FIRST).toList(),
          more,
          Stream.concat(notes.stream(), said.stream()).toList());
    }

    /** The first of them, as many as wanted. */
    Read first(int limit) {
      return events.size() <= limit ? this : new Read(events.subList(0, limit), true, notes);
    }
  }

  /**
   * Reads the newest entries until there are enough. Releases from before the log are read once the
   * log itself has no more.
   *
   * @param atOnce how many to read at a time
   * @param named versions whose releases are sought in any case
   * @param enough of those that were read so far, newest first
   */
  Read read(
      HistoryQuery query,
      int atOnce,
      Collection<String> named,
      Predicate<Collection<EventRuns.Entry>> enough) {
    boolean[] stopped = new boolean[1];
    List<EventRuns.Entry> entries =
        entries(
            query,
            atOnce,
            read -> {
              stopped[0] = enough.test(read);
              return stopped[0];
            });
    List<String> notes = unreadable(entries, query.workspace());
    List<HistoryEvent> events = new ArrayList<>(events(entries));
    events.removeIf(event -> !query.includes(event.at()));
    events.sort(HistoryEvent.NEWEST_FIRST);
    if (stopped[0]) {
      return new Read(events, true, notes);
    }
    EarlierReleases.Found found =
        earlier.of(
            query.workspace(),
            query.model(),
            versions(events.stream().filter(event -> event.isOf(query.model())).toList()),
            MOST_EARLIER,
            named);
    found.events().stream()
        .filter(event -> query.includes(event.at()))
        .filter(event -> events.stream().noneMatch(known -> known.id().equals(event.id())))
        .forEach(events::add);
    notes.addAll(found.notes());
    events.sort(HistoryEvent.NEWEST_FIRST);
    return new Read(events, found.more(), notes);
  }

  /** The first few, and how many more there are: a whole log would not fit into one answer. */
  private static List<String> unreadable(List<EventRuns.Entry> entries, String workspace) {
    List<EventRuns.Entry> broken = entries.stream().filter(entry -> entry.event() == null).toList();
    List<String> notes = new ArrayList<>();
    broken.stream()
        .limit(MOST_UNREADABLE)
        .forEach(entry -> notes.add(unreadable(entry, workspace)));
    if (broken.size() > MOST_UNREADABLE) {
      notes.add(broken.size() - MOST_UNREADABLE + " more entries can't be read either");
    }
    return notes;
  }

  private static String unreadable(EventRuns.Entry entry, String workspace) {
    return "entry "
        + entry.id()
        + " can't be read: run "
        + entry.run()
        + " of experiment "
        + EventRuns.EXPERIMENT
        + " in "
        + workspace
        + " was changed, or written by a later release of Portage";
  }

  /**
   * Entries of the registered model and, where a name is given, those under other registered models
   * that it had.
   */
  private List<EventRuns.Entry> entries(
      HistoryQuery query, int atOnce, Predicate<Collection<EventRuns.Entry>> enough) {
    EventRuns runs = new EventRuns(servers.of(query.workspace()), clock);
    boolean[] stopped = new boolean[1];
    List<EventRuns.Entry> entries =
        new ArrayList<>(
            runs.newest(
                new RunTag(Tags.MODEL, query.model()),
                atOnce,
                query.until(),
                read -> {
                  stopped[0] = enough.test(read);
                  return stopped[0];
                }));
    String name = query.name();
    if (name != null) {
      // Whatever is older than the last of enough changes nothing.
      long since = stopped[0] && !entries.isEmpty() ? entries.getLast().happened() : Long.MIN_VALUE;
      // Several workspaces may be at one address: what they call a model tells them apart, its name
      // in promotion.yaml does not.
      runs
          .newest(
              new RunTag(Tags.NAME, name).butNot(Tags.MODEL, query.model()),
              atOnce,
              query.until(),
              read -> read.stream().anyMatch(entry -> entry.happened() < since))
          .stream()
          .filter(entry -> entry.isOf(query.workspace()))
          .filter(entry -> entry.happened() >= since)
          .forEach(entries::add);
      entries.sort(EventRuns.NEWEST_FIRST);
    }
    return entries;
  }

  /** Those that can be read. */
  static List<HistoryEvent> events(Collection<EventRuns.Entry> entries) {
    return entries.stream().flatMap(entry -> Stream.ofNullable(entry.event())).toList();
  }

  /** Versions that entries made live. */
  static Set<String> versions(List<HistoryEvent> events) {
    return events.stream()
        .flatMap(event -> Stream.ofNullable(event.release()))
        .map(Release::version)
        .collect(Collectors.toSet());
  }
}
