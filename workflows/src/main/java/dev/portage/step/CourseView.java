package dev.portage.step;

import dev.portage.approval.Refusal;
import dev.portage.failure.Problem;
import dev.portage.text.Bounded;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a workflow that consists of steps, as people see it: a part of what a rollback or an
 * adoption shows.
 *
 * @param id workflow id
 * @param state its state
 * @param says one line: what it does, or its result
 * @param started when
 * @param ended when it ended, null while it runs
 * @param steps every step so far and to come, in order
 * @param problem why it stopped or failed, null otherwise
 * @param told what people should know, and what of their messages did not count
 */
public record CourseView(
    String id,
    State state,
    String says,
    Instant started,
    @Nullable Instant ended,
    List<StepView> steps,
    @Nullable Problem problem,
    Told told) {

  public CourseView {
    says = Bounded.line(says, Bounded.COMMENT);
    steps = List.copyOf(steps);
  }

  /** The command that carries it on, null when nobody has to act. */
  public @Nullable String next() {
    return state == State.STOPPED ? "portage resume " + id : null;
  }

  /**
   * What is listed beside the steps.
   *
   * @param notices things that people should know, in order
   * @param refused messages that did not count, newest last, at most 20
   */
  public record Told(List<String> notices, List<Refusal> refused) {
    public Told {
      notices = notices.stream().map(notice -> Bounded.line(notice, Bounded.LINE)).toList();
      refused = List.copyOf(refused);
    }
  }

  /** The state of it. */
  public enum State {
    RUNNING,
    /** People are asked whether it may go on. */
    WAITING,
    /** A step failed; it continues when someone resumes it. */
    STOPPED,
    DONE,
    /** By a person, or because nobody decided in time. */
    REJECTED,
    FAILED,
    CANCELLED;

    /** Whether nothing more will happen. */
    public boolean ended() {
      return switch (this) {
        case RUNNING, WAITING, STOPPED -> false;
        case DONE, REJECTED, FAILED, CANCELLED -> true;
      };
    }
  }
}
