package dev.portage.step;

import dev.portage.approval.DeskState;
import dev.portage.failure.Problem;
import dev.portage.lane.TurnRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a workflow that consists of steps hands to the next.
 *
 * @param steps all that is recorded of steps
 * @param desk orders to resume and refusals
 * @param shown its state, as people see it
 * @param turn the request for a turn that waits, null without one
 * @param turns how often a turn was requested
 * @param messages how many orders came so far
 */
public record CourseState(
    StepsState steps,
    DeskState desk,
    Shown shown,
    @Nullable TurnRequest turn,
    Integer turns,
    Integer messages) {

  /**
   * What people saw of it.
   *
   * @param state its state
   * @param says the same in a line
   * @param started when
   * @param notices things that people should know
   * @param problem why it stopped, null otherwise
   */
  public record Shown(
      CourseView.State state,
      String says,
      Instant started,
      List<String> notices,
      @Nullable Problem problem) {
    public Shown {
      notices = List.copyOf(notices);
    }
  }
}
