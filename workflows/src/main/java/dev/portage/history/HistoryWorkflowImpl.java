package dev.portage.history;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.preflight.PlatformActivities;
import dev.portage.preflight.WorkspaceCalls;
import dev.portage.settings.Station;
import dev.portage.temporal.Given;
import dev.portage.text.DetailsPage;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** See {@link HistoryWorkflow}. */
public class HistoryWorkflowImpl implements HistoryWorkflow {

  private final WorkspaceCalls calls;

  /** One that waits for workers as long as someone at a terminal would. */
  public HistoryWorkflowImpl() {
    this(new WorkspaceCalls());
  }

  HistoryWorkflowImpl(WorkspaceCalls calls) {
    this.calls = calls;
  }

  @Override
  public HistoryView history(@Nullable HistoryOrder given) {
    HistoryOrder order = Given.input(given, HistoryOrder.class);
    HistoryView view = read(order);
    Workflow.setCurrentDetails(DetailsPage.of(HistoryText.table(view)));
    return view;
  }

  private HistoryView read(HistoryOrder order) {
    List<Station> stations;
    try {
      stations =
          WorkspaceCalls.here(PlatformActivities.class, "where " + order.model() + " may be live")
              .stations(order.model());
    } catch (TemporalFailure failure) {
      return unanswered(order, Failures.problemOf(failure, "read the workspaces", "platform file"));
    }
    List<Station> meant =
        stations.stream()
            .filter(one -> order.workspace() == null || one.workspace().equals(order.workspace()))
            .toList();
    // They are in order of the path: into the first one nothing is released or adopted.
    return meant.isEmpty()
        ? unanswered(order, unknown(order, stations))
        : read(order, meant, stations.getFirst());
  }

  private HistoryView read(HistoryOrder order, List<Station> stations, Station origin) {
    Instant at = order.at();
    List<Promise<WorkspaceReader.Read>> reads =
        stations.stream()
            .map(station ->
                new WorkspaceReader(calls, station, order.model(), !station.equals(origin)))
            .map(reader ->
                Async.function(() -> at == null ? reader.newest(order.limit()) : reader.at(at)))
            .toList();
    List<WorkspaceHistory> workspaces = new ArrayList<>();
    List<HistoryEvent> events = new ArrayList<>();
    List<LiveThen> live = new ArrayList<>();
    for (Promise<WorkspaceReader.Read> promise : reads) {
      WorkspaceReader.Read read = promise.get();
      workspaces.add(read.about());
      events.addAll(read.events());
      LiveThen then = read.then();
      if (then != null) {
        live.add(then);
      }
    }
    events.sort(HistoryEvent.NEWEST_FIRST);
    List<HistoryEvent> shown = Fitting.first(events, order.limit());
    List<HistoryEvent> left = events.subList(shown.size(), events.size());
    return new HistoryView(
        Workflow.getInfo().getWorkflowId(),
        order.model(),
        at,
        workspaces.stream().map(one -> one.leaving(left)).toList(),
        shown,
        live,
        null);
  }

  private static HistoryView unanswered(HistoryOrder order, Problem problem) {
    return new HistoryView(
        Workflow.getInfo().getWorkflowId(),
        order.model(),
        order.at(),
        List.of(),
        List.of(),
        List.of(),
        problem);
  }

  private static Problem unknown(HistoryOrder order, List<Station> stations) {
    return Problem.of(
        FailureKind.USER,
        "read the history of " + order.model(),
        "platform file",
        "it has no workspace " + order.workspace(),
        "Name one of these, or none for all: "
            + stations.stream().map(Station::workspace).collect(Collectors.joining(", ")));
  }
}
