package dev.portage.history;

import dev.portage.failure.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history of a model, as {@code portage history --output json} prints it.
 *
 * @param id workflow that read it
 * @param model the model as it was asked for
 * @param at time that {@code live} is about, null if none was asked for
 * @param workspaces what each workspace answered, in order of the path
 * @param events entries of all workspaces, newest first; none where a time was asked for
 * @param live what was live at that time, by workspace; none where no time was asked for
 * @param problem why there is no answer at all, null if there is one
 */
public record HistoryView(
    String id,
    String model,
    @Nullable Instant at,
    List<WorkspaceHistory> workspaces,
    List<HistoryEvent> events,
    List<LiveThen> live,
    @Nullable Problem problem) {

  public HistoryView {
    workspaces = List.copyOf(workspaces);
    events = List.copyOf(events);
    live = List.copyOf(live);
  }

  /** Whether some workspace did not answer. */
  public boolean lacksAnswers() {
    return workspaces.stream().anyMatch(workspace -> workspace.problem() != null);
  }
}
