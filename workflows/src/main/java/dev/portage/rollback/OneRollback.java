package dev.portage.rollback;

import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.step.EarlyEnd;
import dev.portage.temporal.PromotionAttributes;
import dev.portage.temporal.Queues;
import dev.portage.text.Markdown;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.ChildWorkflowCancellationType;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Workflow code that starts the rollback as a workflow of its own, under the id by which only one
 * can run at a time and take the turn.
 */
final class OneRollback {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** Short, since this only adds a remark and a rollback is urgent. */
  private static final Duration LOOK = Duration.ofSeconds(20);

  private OneRollback() {}

  /** The first id that no rollback has had. A user error while one is running. */
  static RollbackId freeId(RollbackId from) {
    return Stubs.here(RollbackIdActivities.class, TIMEOUT, "which number the rollback has")
        .freeId(from);
  }

  /** Whether a rollback was terminated; false if that is unknown. */
  static boolean wasCutOff(String workflow) {
    Optional<RollbackId> id = RollbackId.of(workflow);
    if (id.isEmpty()) {
      return false;
    }
    try {
      return Stubs.here(RollbackIdActivities.class, LOOK, "how " + workflow + " ended")
          .wasCutOff(id.get());
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      return false;
    }
  }

  /**
   * Starts the rollback, under the next free id, and waits for its end.
   *
   * @param name what the model is called where it is listed
   * @param started is told each id before it is tried
   * @throws EarlyEnd with the problem that the rollback ended with
   * @throws io.temporal.failure.CanceledFailure if both were cancelled
   */
  static RollbackView by(
      RollbackId from, RollbackStart start, String name, Consumer<RollbackId> started) {
    RollbackId id = from;
    while (true) {
      id = freeId(id);
      started.accept(id);
      try {
        return Workflow.newUntypedChildWorkflowStub(RollbackWorkflow.TYPE, options(id, start, name))
            .execute(RollbackView.class, start);
      } catch (ChildWorkflowFailure failure) {
        if (!(failure.getCause() instanceof WorkflowExecutionAlreadyStarted)) {
          // A cancel went to both workflows; this one has to end as cancelled, too.
          CancellationScope.throwCanceled();
          throw new EarlyEnd(problem(failure, id));
        }
        id = id.next();
      }
    }
  }

  private static Problem problem(ChildWorkflowFailure failure, RollbackId id) {
    if (failure.getCause() instanceof ApplicationFailure ended
        && ended.getDetails().getSize() > 0) {
      RollbackView view = ended.getDetails().get(RollbackView.class);
      if (view.problem() != null) {
        return view.problem();
      }
    }
    return Problem.of(
        FailureKind.CANCELLED,
        "roll back " + id.model(),
        id.workflow(),
        String.valueOf(failure.getCause() == null ? failure : failure.getCause().getMessage()),
        "See: portage status " + id.workflow());
  }

  private static ChildWorkflowOptions options(RollbackId id, RollbackStart start, String name) {
    return ChildWorkflowOptions.newBuilder()
        .setWorkflowId(id.workflow())
        .setTaskQueue(Queues.PORTAGE)
        .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
        .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
        .setCancellationType(ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED)
        .setTypedSearchAttributes(PromotionAttributes.of(name, String.valueOf(start.by())))
        .setStaticSummary(Markdown.summary("roll back " + id.model() + " in " + id.workspace()))
        .build();
  }
}
