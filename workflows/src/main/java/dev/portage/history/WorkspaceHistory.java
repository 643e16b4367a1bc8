package dev.portage.history;

import dev.portage.failure.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one workspace answered about the history of a model.
 *
 * @param workspace its name in the platform file
 * @param model full name of the registered model there
 * @param more whether it has older entries than those listed
 * @param notes what a reader has to know, a line each
 * @param problem why it could not be read, null if it was
 */
public record WorkspaceHistory(
    String workspace, String model, Boolean more, List<String> notes, @Nullable Problem problem) {

  public WorkspaceHistory {
    notes = List.copyOf(notes);
  }

  /** The same, when these entries are not listed. */
  WorkspaceHistory leaving(List<HistoryEvent> left) {
    boolean leaves = left.stream().anyMatch(event -> event.workspace().equals(workspace));
    return new WorkspaceHistory(workspace, model, more || leaves, notes, problem);
  }
}
