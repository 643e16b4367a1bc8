package dev.portage.rollback;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.live.LiveWatchId;
import dev.portage.step.Course;
import dev.portage.step.EarlyEnd;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;

/**
 * Workflow code: a rollback that was started under any other id than those of rollbacks, such as
 * from the Web UI, can't take the turn. It only looks, and starts the workflow that rolls back.
 */
final class DelegatedRollback {

  private final Course course;
  private final RollbackStart start;
  private final RollbackContext context;

  DelegatedRollback(Course course, RollbackStart start, RollbackContext context) {
    this.course = course;
    this.start = start;
    this.context = context;
  }

  /**
   * What the rollback would do, with the id that it would have.
   *
   * @throws EarlyEnd if that id can't be found
   */
  RollbackPlan planned(Findings looked) {
    RollbackPlan found = looked.plan();
    return new RollbackPlan(
        free(looked).workflow(),
        found.workspace(),
        found.from(),
        found.to(),
        found.releasedBy(),
        found.releasedAt(),
        found.actions(),
        found.remarks());
  }

  private RollbackId free(Findings looked) {
    try {
      return OneRollback.freeId(first(looked));
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      throw new EarlyEnd(
          Failures.problemOf(failure, "number the rollback", "workspace " + context.workspace()));
    }
  }

  /** The id after the last that is recorded. */
  private static RollbackId first(Findings looked) {
    return RollbackId.of(looked.plan().rollback()).orElseThrow();
  }

  /**
   * The result of the other workflow, once it has ended.
   *
   * @throws EarlyEnd if it could not be started
   */
  RollbackView done(Findings looked) {
    List<RollbackId> tried = new ArrayList<>();
    try {
      return OneRollback.by(
          first(looked),
          start.of(context.settings()),
          context.settings().model(),
          id -> {
            tried.add(id);
            course.notice("the rollback is " + id.workflow());
          });
    } catch (TemporalFailure failure) {
      if (!tried.isEmpty() && CancellationScope.current().isCancelRequested()) {
        course.notice(
            "the cancel went to "
                + tried.getLast().workflow()
                + ", too, and its page says whether it came too late");
      }
      CancellationScope.throwCanceled();
      throw new EarlyEnd(
          Failures.problemOf(failure, "start the rollback", "workspace " + context.workspace()));
    }
  }

  /** Under such an id, the rollback would take this workflow for a watch, and ask nobody. */
  void requireNoWatchId() {
    if (Workflow.getInfo().getWorkflowId().startsWith(LiveWatchId.WATCHES)) {
      throw new EarlyEnd(
          Problem.of(
              FailureKind.USER,
              "roll back " + start.model(),
              "Temporal",
              "ids that begin with " + LiveWatchId.WATCHES + " are those of watches",
              "Nothing was changed. Start it under another id, or: portage rollback "
                  + start.model()
                  + " --reason TEXT"));
    }
  }
}
