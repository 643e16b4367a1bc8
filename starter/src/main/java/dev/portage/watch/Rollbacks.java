package dev.portage.watch;

import dev.portage.connection.TemporalConnection;
import dev.portage.failure.Problem;
import dev.portage.rollback.RollbackId;
import dev.portage.rollback.RollbackStart;
import dev.portage.rollback.RollbackView;
import dev.portage.rollback.RollbackWorkflow;
import dev.portage.temporal.PromotionAttributes;
import dev.portage.temporal.Queues;
import dev.portage.text.Markdown;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.util.Optional;
import java.util.UUID;

/** Plans, starts and watches rollbacks. */
public final class Rollbacks {

  private final TemporalConnection connection;

  /** Rolls back through a connection. */
  public Rollbacks(TemporalConnection connection) {
    this.connection = connection;
  }

  /** Whether an id is a rollback's. */
  public static boolean isId(String typed) {
    return typed.startsWith(RollbackId.ROLLBACKS);
  }

  /** Starts to look what a rollback would do. Changes nothing. Returns the workflow's id. */
  public String startPlan(RollbackStart start) {
    String id = "preflight/" + RollbackId.ROLLBACKS + start.model() + "/" + UUID.randomUUID();
    RollbackStart dry =
        new RollbackStart(
            start.model(), start.workspace(), start.to(), start.reason(), start.by(), true, null);
    stub(id, dry, "what a rollback of " + start.model() + " would do").start(dry);
    return id;
  }

  /**
   * Starts a rollback.
   *
   * @param id as its plan named it
   * @return false if another one was started by that id in the meantime
   */
  public boolean start(String id, RollbackStart start) {
    try {
      stub(id, start, "roll back " + start.model()).start(start);
      return true;
    } catch (WorkflowExecutionAlreadyStarted another) {
      return false;
    }
  }

  /**
   * Who holds the turn that a rollback would take, in a sentence without its full stop; empty when
   * nobody does, or that is not known.
   *
   * @param planned what it would do
   */
  public Optional<String> holder(RollbackView planned) {
    String workspace = planned.workspace();
    String registered = planned.registered();
    return workspace == null || registered == null
        ? Optional.empty()
        : new TurnHolders(connection).before(workspace, registered);
  }

  /**
   * Why a rollback is refused, by what is under way now.
   *
   * @param planned the look at what it would do
   * @param refused why that look was refused
   */
  public Problem refusal(RollbackView planned, Problem refused) {
    return new Meanwhile(connection).refusal(planned, refused);
  }

  private WorkflowStub stub(String id, RollbackStart start, String summary) {
    return connection
        .client()
        .newUntypedWorkflowStub(
            RollbackWorkflow.TYPE,
            WorkflowOptions.newBuilder()
                .setWorkflowId(id)
                .setTaskQueue(Queues.PORTAGE)
                .setWorkflowIdReusePolicy(
                    WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
                .setWorkflowIdConflictPolicy(
                    WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
                .setTypedSearchAttributes(
                    PromotionAttributes.of(
                        String.valueOf(start.model()), String.valueOf(start.by())))
                .setStaticSummary(Markdown.summary(summary))
                .build());
  }

  /** Rollbacks as they are looked at and followed. */
  public static final class Kind implements Courses.Kind<RollbackView> {

    @Override
    public String word() {
      return "rollback";
    }

    @Override
    public Class<RollbackView> type() {
      return RollbackView.class;
    }

    @Override
    public RollbackView completed(TemporalConnection connection, RollbackView said) {
      return new Finishing(connection).now(said);
    }

    @Override
    public RollbackView outline(String id, WorkflowExecutionDescription described) {
      CourseOutline outline =
          CourseOutline.of(
              described,
              "the rollback",
              "Check what is live, then roll back again, also to the same version: it restores"
                  + " whatever is not as that release recorded it.");
      Optional<RollbackId> parts = RollbackId.of(id);
      return RollbackView.of(
              id,
              Promotions.attribute(described, PromotionAttributes.MODEL)
                  .or(() -> parts.map(RollbackId::model))
                  .orElse(id),
              outline.state(),
              outline.says(),
              outline.startedBy(),
              outline.started())
          .where(parts.map(RollbackId::workspace).orElse(null), null)
          .ended(outline.ended())
          .problem(outline.problem())
          .build();
    }
  }
}
