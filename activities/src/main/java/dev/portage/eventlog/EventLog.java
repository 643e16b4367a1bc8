package dev.portage.eventlog;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.history.Fitting;
import dev.portage.history.HistoryActivities;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryPage;
import dev.portage.history.HistoryQuery;
import dev.portage.history.ReleaseAt;
import dev.portage.history.ReleaseAtQuery;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.RunTag;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import dev.portage.rollback.WayBack;
import dev.portage.rollback.WayBackActivities;
import dev.portage.rollback.WayBackQuery;
import dev.portage.store.tracking.ArtifactStores;
import io.temporal.failure.ApplicationFailure;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The log of a workspace, on its own tracking server. */
public final class EventLog implements HistoryActivities, WayBackActivities {

  /** Earlier releases that are read for one answer: each takes a few calls. */
  private static final int MOST_EARLIER = 30;

  /** Entries that can't be read, named one by one. */
  private static final int MOST_UNREADABLE = 5;

  /** Entries that are read at a time to find one. */
  private static final int ENTRIES_AT_ONCE = 100;

  /** The same where all may have to be read: a server sorts all of them for each page. */
  private static final int ENTRIES_OF_MANY = 1_000;

  private final MlflowServers servers;
  private final EarlierReleases earlier;
  private final WorkspaceQuarantine quarantine;
  private final InstantSource clock;

  /** The log on these servers. */
  public EventLog(MlflowServers servers, RegistryActivities registry, ArtifactStores stores) {
    this(
        servers,
        new EarlierReleases(registry, new ReleaseFiles(servers, stores)),
        InstantSource.system());
  }

  EventLog(MlflowServers servers, EarlierReleases earlier, InstantSource clock) {
    this.servers = servers;
    this.earlier = earlier;
    this.quarantine = new WorkspaceQuarantine(servers);
    this.clock = clock;
  }

  @Override
  public HistoryEvent appendEvent(HistoryEvent event) {
    if (event.model() == null) {
      throw Failures.of(
          Problem.of(
              FailureKind.FATAL,
              "write entry " + event.id() + " of the log",
              "workspace " + event.workspace(),
              "it names no registered model",
              "The log is kept by model. Report this: it is a mistake in Portage."));
    }
    return new EventRuns(servers.of(event.workspace()), clock).append(event);
  }

  @Override
  public HistoryPage readHistory(HistoryQuery query) {
    int limit = query.limit();
    Read read = read(query, limit + 1, List.of(), entries -> entries.size() > limit).first(limit);
    List<HistoryEvent> events = Fitting.first(read.events(), limit);
    return new HistoryPage(
        events, read.more() || events.size() < read.events().size(), read.notes());
  }

  @Override
  public ReleaseAt releaseAt(ReleaseAtQuery query) {
    Read read =
        read(
            query.entries(),
            ENTRIES_OF_MANY,
            List.of(),
            entries -> events(entries).stream().anyMatch(query::isAnsweredBy));
    List<HistoryEvent> releases =
        read.events().stream()
            .filter(HistoryEvent::hasRelease)
            .filter(event -> event.isOf(query.model()))
            .toList();
    Optional<HistoryEvent> last = releases.stream().filter(query::isAnsweredBy).findFirst();
    List<String> notes = new ArrayList<>(read.notes());
    if (last.isEmpty()) {
      read.events().stream()
          .filter(query::wasLive)
          .findFirst()
          .ifPresent(other -> notes.add(underAnotherName(other, query)));
    }
    return new ReleaseAt(
        last.orElse(null),
        last.isPresent() || releases.isEmpty() ? null : releases.getLast(),
        notes);
  }

  private static String underAnotherName(HistoryEvent other, ReleaseAtQuery query) {
    return "the model had another registered name then: of "
        + other.model()
        + " in "
        + query.workspace()
        + ", version "
        + versions(List.of(other)).stream().findFirst().orElse("unknown")
        + " was live since "
        + other.at();
  }

  @Override
  public WayBack wayBack(WayBackQuery query) {
    // Of that registered model alone: what another one released under the same name in
    // promotion.yaml are no versions of this one, though their numbers may be the same.
    HistoryQuery all = HistoryQuery.newest(query.workspace(), query.model(), ENTRIES_AT_ONCE);
    Read read = read(all, ENTRIES_AT_ONCE, query.versions(), entries -> !entries.isEmpty());
    // Of the newest in a row, since between what is found by its version others may lie.
    RollbackNumbers numbers =
        new RollbackNumbers(new EventRuns(servers.of(query.workspace()), clock), query);
    boolean isLast = numbers.areIn(read.events());
    if (read.more() && !WayBack.isKnown(read.events(), query, Set.of())) {
      Sought sought = sought(query, read.events());
      read = read.with(sought);
      if (!WayBack.isKnown(read.events(), query, sought.never())) {
        read =
            read(
                all,
                ENTRIES_OF_MANY,
                query.versions(),
                entries -> WayBack.isKnown(events(entries), query, sought.never()));
        isLast = numbers.areIn(read.events());
      }
    }
    WayBack found = WayBack.of(read.events(), read.more(), query, read.notes());
    if (found.released() == null
        && query.live() == null
        && !earlier.isRegistered(query.workspace(), query.model())) {
      return found.unregistered();
    }
    return inQuarantine(found.after(numbers.last(isLast || !read.more())), query);
  }

  /** What can't be read of it must not keep anyone from going back. */
  private WayBack inQuarantine(WayBack found, WayBackQuery query) {
    if (found.target() == null && found.live() == null) {
      return found;
    }
    try {
      return found.quarantined(
          quarantine.quarantines(QuarantineQuery.all(query.workspace(), query.model())));
    } catch (ApplicationFailure failure) {
      if (FailureKind.ofType(failure.getType()) == FailureKind.PLATFORM) {
        throw failure;
      }
      return found.unread(Failures.line(failure));
    }
  }

  /**
   * What was found of the versions that a query names.
   *
   * @param never those that were never made live, neither by an entry nor before there was a log
   */
  private record Sought(List<HistoryEvent> events, Set<String> never, List<String> notes) {}

  private Sought sought(WayBackQuery query, List<HistoryEvent> read) {
    VersionEntries entries =
        new VersionEntries(new EventRuns(servers.of(query.workspace()), clock), query.model());
    List<HistoryEvent> events = new ArrayList<>();
    Set<String> never = new HashSet<>();
    for (String version : query.versions()) {
      if (read.stream().anyMatch(event -> VersionEntries.isFirst(event, version))) {
        continue;
      }
      List<EventRuns.Entry> found = entries.madeLive(version);
      events.addAll(events(found));
      if (found.isEmpty()) {
        never.add(version);
      } else {
        events.addAll(events(entries.left(version)));
      }
    }
    List<String> notes = new ArrayList<>();
    if (!never.isEmpty()) {
      EarlierReleases.Found before =
          earlier.of(query.workspace(), query.model(), Set.of(), 0, List.copyOf(never));
      events.addAll(before.events());
      notes.addAll(before.notes());
      never.removeAll(versions(before.events()));
    }
    return new Sought(events, never, notes);
  }

  /**
   * What was read.
   *
   * @param more whether there are older entries than these
   */
  private record Read(List<HistoryEvent> events, boolean more, List<String> notes) {

    /** The same with what was found otherwise. */
    private Read with(Sought sought) {
      Map<String, HistoryEvent> byId = new LinkedHashMap<>();
      Stream.concat(events.stream(), sought.events().stream())
          .forEach(event -> byId.putIfAbsent(event.id(), event));
      return new Read(
          byId.values().stream().sorted(HistoryEvent.NEWEST_FIRST).toList(),
          more,
          Stream.concat(notes.stream(), sought.notes().stream()).toList());
    }

    private Read first(int limit) {
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
  private Read read(
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

  private static List<HistoryEvent> events(Collection<EventRuns.Entry> entries) {
    return entries.stream().flatMap(entry -> Stream.ofNullable(entry.event())).toList();
  }

  private static Set<String> versions(List<HistoryEvent> events) {
    return events.stream()
        .flatMap(event -> Stream.ofNullable(event.release()))
        .map(Release::version)
        .collect(Collectors.toSet());
  }
}
