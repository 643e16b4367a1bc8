package dev.portage.history;

import dev.portage.failure.Failures;
import dev.portage.freeze.Freeze;
import dev.portage.freeze.FreezeActivities;
import dev.portage.preflight.WorkspaceCalls;
import dev.portage.quarantine.QuarantineActivities;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import dev.portage.release.Release;
import dev.portage.settings.Station;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Workflow code: reads the history of a model in one workspace. */
final class WorkspaceReader {

  private final WorkspaceCalls calls;
  private final Station station;
  private final String model;
  private final boolean releases;
  private final List<String> notes = new ArrayList<>();

  /**
   * Reads at a station.
   *
   * @param model the model as it was asked for
   * @param releases whether models are released there
   */
  WorkspaceReader(WorkspaceCalls calls, Station station, String model, boolean releases) {
    this.releases = releases;
    this.calls = calls;
    this.station = station;
    this.model = model;
  }

  /** What was read, or why it was not. */
  record Read(WorkspaceHistory about, List<HistoryEvent> events, @Nullable LiveThen then) {}

  /** The newest entries, freezes and quarantines among them. */
  Read newest(int limit) {
    return reading(() -> {
      HistoryPage page = page(limit);
      List<HistoryEvent> events = new ArrayList<>(page.events());
      freezes().stream().flatMap(OtherRecords::of).forEach(events::add);
      quarantines().stream().flatMap(OtherRecords::of).forEach(events::add);
      // The platform file also has freezes that are to come.
      Instant now = Instant.ofEpochMilli(Workflow.currentTimeMillis());
      events.removeIf(event -> event.at().isAfter(now));
      events.sort(HistoryEvent.NEWEST_FIRST);
      notes.addAll(page.notes());
      return new Read(about(page.more()), events, null);
    });
  }

  /** What was live at that time. */
  Read at(Instant time) {
    return reading(() -> {
      HistoryEvent frozen =
          freezes().stream()
              .filter(freeze -> OtherRecords.held(freeze, time))
              .findFirst()
              .flatMap(freeze -> OtherRecords.of(freeze).reduce((_, begun) -> begun))
              .orElse(null);
      ReleaseAt found = releaseAt(time);
      notes.addAll(found.notes());
      HistoryEvent since = found.last();
      LiveThen then = since == null ? notKnown(found.first(), frozen) : known(found, since, frozen);
      return new Read(about(false), List.of(), then);
    });
  }

  private LiveThen known(ReleaseAt found, HistoryEvent since, @Nullable HistoryEvent frozen) {
    Release release = Objects.requireNonNull(since.release(), "it was found by its release");
    return new LiveThen(
        station.workspace(),
        station.model(),
        true,
        "version "
            + release.version()
            + " since "
            + since.at()
            + ", by "
            + since.kind().word()
            + (since.workflow() == null ? "" : " " + since.workflow()),
        found.things(),
        since,
        frozen);
  }

  private LiveThen notKnown(@Nullable HistoryEvent first, @Nullable HistoryEvent frozen) {
    Release release = first == null ? null : first.release();
    String text;
    if (first == null || release == null) {
      text =
          "not known: nothing is recorded of "
              + station.model()
              + " in "
              + station.workspace()
              + (releases
                  ? "; if a version is live there, record it: portage adopt "
                      + model
                      + " --workspace "
                      + station.workspace()
                  : "; nothing is released there, since it is the first one of the path");
    } else {
      text =
          "not known: the first record of "
              + station.model()
              + " in "
              + station.workspace()
              + " is of "
              + first.at()
              + (release.previousVersion() == null
                  ? ""
                  : "; it replaced version " + release.previousVersion());
    }
    return new LiveThen(station.workspace(), station.model(), false, text, List.of(), null, frozen);
  }

  private ReleaseAt releaseAt(Instant time) {
    return calls.search(
        HistoryActivities.class,
        station.workspace(),
        "what was live of " + station.model() + " in " + station.workspace() + " at " + time,
        log ->
            log.releaseAt(new ReleaseAtQuery(station.workspace(), station.model(), model, time)));
  }

  private HistoryPage page(int limit) {
    return calls.ask(
        HistoryActivities.class,
        station.workspace(),
        "read the history of " + station.model() + " in " + station.workspace(),
        log ->
            log.readHistory(
                new HistoryQuery(station.workspace(), station.model(), model, limit, null)));
  }

  private List<Freeze> freezes() {
    return unlessUnread(
            "freezes",
            () ->
                calls.ask(
                    FreezeActivities.class,
                    station.workspace(),
                    "read the freezes of " + station.workspace(),
                    freezes -> freezes.allFreezes(station.workspace())))
        .stream()
        .filter(freeze -> freeze.concerns(station.model()))
        .toList();
  }

  private List<Quarantined> quarantines() {
    return unlessUnread(
        "quarantined candidates",
        () ->
            calls.ask(
                QuarantineActivities.class,
                station.workspace(),
                "read the quarantined candidates of " + station.model(),
                quarantines ->
                    quarantines.quarantines(
                        QuarantineQuery.all(station.workspace(), station.model()))));
  }

  /** The rest is worth knowing without them. */
  private <T> List<T> unlessUnread(String what, Supplier<List<T>> read) {
    try {
      return read.get();
    } catch (TemporalFailure failure) {
      if (Failures.isUnknownActivity(failure)) {
        // A worker that knows no such records has written none.
        return List.of();
      }
      notes.add(what + " can't be read: " + Failures.line(failure));
      return List.of();
    }
  }

  private Read reading(Supplier<Read> read) {
    try {
      return read.get();
    } catch (TemporalFailure failure) {
      return new Read(
          new WorkspaceHistory(
              station.workspace(),
              station.model(),
              false,
              notes,
              Failures.problemOf(
                  failure,
                  "read the history of " + station.model(),
                  "workspace " + station.workspace())),
          List.of(),
          null);
    }
  }

  private WorkspaceHistory about(boolean more) {
    return new WorkspaceHistory(station.workspace(), station.model(), more, notes, null);
  }
}
