package dev.portage.eventlog;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.history.Fitting;
import dev.portage.history.HistoryActivities;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryPage;
import dev.portage.history.HistoryQuery;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.Runs.RunTag;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import dev.portage.store.tracking.ArtifactStores;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The log of a workspace, on its own tracking server. */
public final class EventLog implements HistoryActivities {

  /** Earlier releases that are read for one answer: each takes a few calls. */
  private static final int MOST_EARLIER = 30;

  private final MlflowServers servers;
  private final EarlierReleases earlier;
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
    Read read = read(query, query.limit());
    List<HistoryEvent> events = Fitting.first(read.events(), query.limit());
    return new HistoryPage(
        events, read.more() || events.size() < read.events().size(), read.notes());
  }

  /** What was read: all of it if there is no more. */
  private record Read(List<HistoryEvent> events, boolean more, List<String> notes) {}

  /**
   * Reads one entry more than wanted, which shows whether there are more. Releases from before the
   * log are read once the log itself has no more.
   */
  private Read read(HistoryQuery query, int limit) {
    List<EventRuns.Entry> entries = entries(query, limit + 1);
    List<String> notes = new ArrayList<>();
    List<HistoryEvent> events = new ArrayList<>();
    for (EventRuns.Entry entry : entries) {
      HistoryEvent event = entry.event();
      if (event == null) {
        notes.add(
            "entry "
                + entry.id()
                + " can't be read: run "
                + entry.run()
                + " of experiment "
                + EventRuns.EXPERIMENT
                + " in "
                + query.workspace()
                + " was changed, or written by a later release of Portage");
      } else if (query.includes(event.at())) {
        events.add(event);
      }
    }
    if (entries.size() > limit) {
      return new Read(events, true, notes);
    }
    EarlierReleases.Found found =
        earlier.of(query.workspace(), query.model(), versions(events), MOST_EARLIER);
    found.events().stream()
        .filter(event -> query.includes(event.at()))
        .filter(event -> events.stream().noneMatch(known -> known.id().equals(event.id())))
        .forEach(events::add);
    notes.addAll(found.notes());
    events.sort(HistoryEvent.NEWEST_FIRST);
    return new Read(events, found.more(), notes);
  }

  private List<EventRuns.Entry> entries(HistoryQuery query, int wanted) {
    EventRuns runs = new EventRuns(servers.of(query.workspace()), clock);
    Map<String, EventRuns.Entry> byId = new LinkedHashMap<>();
    runs.newest(new RunTag(Tags.MODEL, query.model()), wanted, query.until())
        .forEach(entry -> byId.put(entry.id(), entry));
    String name = query.name();
    if (name != null) {
      // Several workspaces may be at one address: what they call a model tells them apart, its name
      // in promotion.yaml does not.
      runs.newest(new RunTag(Tags.NAME, name), wanted, query.until()).stream()
          .filter(entry -> entry.isOf(query.workspace()))
          .forEach(entry -> byId.putIfAbsent(entry.id(), entry));
    }
    return byId.values().stream()
        .sorted(Comparator.comparingLong(EventRuns.Entry::happened).reversed())
        .limit(wanted)
        .toList();
  }

  private static Set<String> versions(List<HistoryEvent> events) {
    return events.stream()
        .flatMap(event -> Stream.ofNullable(event.release()))
        .map(Release::version)
        .collect(Collectors.toSet());
  }
}
