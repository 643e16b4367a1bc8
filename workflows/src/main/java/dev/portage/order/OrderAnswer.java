package dev.portage.order;

import dev.portage.failure.Problem;
import dev.portage.freeze.Freeze;
import dev.portage.quarantine.Quarantined;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of an order in one workspace.
 *
 * @param workspace its name in the platform file
 * @param changed whether something is other than before
 * @param text what happened, one line for people
 * @param freezes those that were begun or ended, or that stood already
 * @param lifted candidates that were lifted
 * @param notes what a reader has to know besides, a line each
 * @param problem why it was not done there, null if it was
 */
public record OrderAnswer(
    String workspace,
    Boolean changed,
    String text,
    List<Freeze> freezes,
    List<Quarantined> lifted,
    List<String> notes,
    @Nullable Problem problem) {

  public OrderAnswer {
    freezes = List.copyOf(freezes);
    lifted = List.copyOf(lifted);
    notes = List.copyOf(notes);
  }

  /** Nothing was to be done there. */
  static OrderAnswer unchanged(String workspace, String text, List<String> notes) {
    return new OrderAnswer(workspace, false, text, List.of(), List.of(), notes, null);
  }

  /** It could not be done there. */
  static OrderAnswer failed(String workspace, Problem problem) {
    return new OrderAnswer(
        workspace,
        false,
        problem.cameBack() + " → " + problem.remedy(),
        List.of(),
        List.of(),
        List.of(),
        problem);
  }
}
