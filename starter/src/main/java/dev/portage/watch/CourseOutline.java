package dev.portage.watch;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.step.CourseView;
import dev.portage.temporal.Memos;
import dev.portage.temporal.PromotionAttributes;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowExecutionDescription;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server knows of a workflow that consists of steps, where no worker answers for it.
 *
 * @param state its state
 * @param says one line
 * @param startedBy who started it, "unknown" where the server doesn't know
 * @param started when
 * @param ended when it ended, null while it runs
 * @param problem why it failed, null otherwise
 */
record CourseOutline(
    CourseView.State state,
    String says,
    String startedBy,
    Instant started,
    @Nullable Instant ended,
    @Nullable Problem problem) {

  /**
   * Of what is described.
   *
   * @param what what it is, for the problem of one that was terminated: "the rollback"
   * @param terminated what to do about that
   */
  static CourseOutline of(WorkflowExecutionDescription described, String what, String terminated) {
    CourseView.State state = Courses.state(described);
    String step = Promotions.attribute(described, PromotionAttributes.STEP).orElse("none");
    String said = described.getMemo(Memos.SAYS, String.class, String.class);
    Problem problem =
        described.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED
            ? Problem.of(
                FailureKind.CANCELLED,
                what,
                "step " + step,
                "terminated in Temporal; nothing was put back",
                terminated)
            : null;
    return new CourseOutline(
        state,
        says(state, problem, said, step),
        Promotions.attribute(described, PromotionAttributes.STARTED_BY).orElse("unknown"),
        described.getStartTime(),
        state.ended() ? described.getCloseTime() : null,
        problem);
  }

  private static String says(
      CourseView.State state, @Nullable Problem problem, @Nullable String said, String step) {
    if (problem != null) {
      return problem.cameBack();
    }
    if (said != null) {
      return said;
    }
    return state.ended()
        ? "ended at step " + step
        : "no worker is responding; last known step " + step + ". Start one with: portage worker";
  }

  /** As a course without steps: which there are, only a worker knows. */
  CourseView course(String id) {
    return new CourseView(
        id,
        state,
        says,
        started,
        ended,
        List.of(),
        problem,
        new CourseView.Told(List.of(), List.of()));
  }
}
