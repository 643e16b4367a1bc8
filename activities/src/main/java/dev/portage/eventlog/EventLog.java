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
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.rollback.WayBack;
import dev.portage.rollback.WayBackActivities;
import dev.portage.rollback.WayBackQuery;
import dev.portage.store.tracking.ArtifactStores;
import io.temporal.failure.ApplicationFailure;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The log of a workspace, on its own tracking server. */
public final class EventLog implements HistoryActivities, WayBackActivities {

  /** Entries that are read at a time to find one. */
  private static final int ENTRIES_AT_ONCE = 100;

  /** The same where all may have to be read: a server sorts all of them for each page. */
  private static final int ENTRIES_OF_MANY = 1_000;

  private final MlflowServers servers;
  private final EarlierReleases earlier;
  private final WorkspaceQuarantine quarantine;
  private final InstantSource clock;
  private final LogReader reader;

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
    this.reader = new LogReader(servers, earlier, clock);
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
    LogReader.Read read =
        reader.read(query, limit + 1, List.of(), entries -> entries.size() > limit).first(limit);
    List<HistoryEvent> events = Fitting.first(read.events(), limit);
    return new HistoryPage(
        events, read.more() || events.size() < read.events().size(), read.notes());
  }

  @Override
  public ReleaseAt releaseAt(ReleaseAtQuery query) {
    LogReader.Read read =
        reader.read(
            query.entries(),
            ENTRIES_OF_MANY,
            List.of(),
            entries -> LogReader.events(entries).stream().anyMatch(query::isAnsweredBy));
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
        notes,
        last.map(entry -> ReleaseAt.stayed(entry, after(entry, releases))).orElse(null));
  }

  /** Entries that were written before one, as far as they were read with it. */
  private static List<HistoryEvent> after(HistoryEvent entry, List<HistoryEvent> newestFirst) {
    return newestFirst.subList(newestFirst.indexOf(entry) + 1, newestFirst.size());
  }

  private static String underAnotherName(HistoryEvent other, ReleaseAtQuery query) {
    return "the model had another registered name then: of "
        + other.model()
        + " in "
        + query.workspace()
        + ", version "
        + LogReader.versions(List.of(other)).stream().findFirst().orElse("unknown")
        + " was live since "
        + other.at();
  }

  @Override
  public WayBack wayBack(WayBackQuery query) {
    // Of that registered model alone: what another one released under the same name in
    // promotion.yaml are no versions of this one, though their numbers may be the same.
    HistoryQuery all = HistoryQuery.newest(query.workspace(), query.model(), ENTRIES_AT_ONCE);
    LogReader.Read read =
        reader.read(all, ENTRIES_AT_ONCE, query.versions(), entries -> !entries.isEmpty());
    // Of the newest in a row, since between what is found by its version others may lie.
    RollbackNumbers numbers =
        new RollbackNumbers(new EventRuns(servers.of(query.workspace()), clock), query);
    boolean isLast = numbers.areIn(read.events());
    if (read.more() && !WayBack.isKnown(read.events(), query, Set.of())) {
      Sought sought = sought(query, read.events());
      read = read.with(sought.events(), sought.notes());
      if (!WayBack.isKnown(read.events(), query, sought.never())) {
        read =
            reader.read(
                all,
                ENTRIES_OF_MANY,
                query.versions(),
                entries -> WayBack.isKnown(LogReader.events(entries), query, sought.never()));
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
      events.addAll(LogReader.events(found));
      if (found.isEmpty()) {
        never.add(version);
      } else {
        events.addAll(LogReader.events(entries.left(version)));
      }
    }
    List<String> notes = new ArrayList<>();
    if (!never.isEmpty()) {
      EarlierReleases.Found before =
          earlier.of(query.workspace(), query.model(), Set.of(), 0, List.copyOf(never));
      events.addAll(before.events());
      notes.addAll(before.notes());
      never.removeAll(LogReader.versions(before.events()));
    }
    return new Sought(events, never, notes);
  }
}
