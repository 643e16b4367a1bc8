package dev.portage.command;

import dev.portage.approval.Receipt;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.lane.TurnRequest;
import dev.portage.plan.Action;
import dev.portage.rollback.RollbackPlan;
import dev.portage.rollback.RollbackStart;
import dev.portage.rollback.RollbackView;
import dev.portage.rollback.RollbackWorkflow;
import dev.portage.step.CourseState;
import dev.portage.step.CourseView;
import dev.portage.step.StepView;
import dev.portage.temporal.Payloads;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A rollback from version 3 to version 2 in prod that is done at once. Of the model "live" a look
 * at what it would do is refused; a rollback of that model, or of "stays", does not end.
 */
public final class FakeRollback implements RollbackWorkflow {

  private final RollbackStart start;

  /** As started. */
  @WorkflowInit
  public FakeRollback(@Nullable RawValue given, @Nullable CourseState before) {
    start =
        Payloads.dataConverter()
            .fromPayload(
                Objects.requireNonNull(given).getPayload(),
                RollbackStart.class,
                RollbackStart.class);
  }

  @Override
  public RollbackView rollBack(@Nullable RawValue given, @Nullable CourseState before) {
    if (List.of("live", "stays").contains(start.model()) && !start.isDry()) {
      Workflow.await(() -> false);
    }
    if ("live".equals(start.model())) {
      throw ApplicationFailure.newBuilder()
          .setType("RollbackFailed")
          .setMessage("refused")
          .setDetails(status())
          .setNonRetryable(true)
          .build();
    }
    return status();
  }

  @Override
  public RollbackView status() {
    if ("live".equals(start.model())) {
      return RollbackView.of(
              Workflow.getInfo().getWorkflowId(),
              "live",
              start.isDry() ? CourseView.State.FAILED : CourseView.State.RUNNING,
              "version 2 is live there already",
              String.valueOf(start.by()),
              Instant.EPOCH)
          .where("prod", "ml.live")
          .problem(
              start.isDry()
                  ? Problem.of(
                      FailureKind.USER,
                      "roll back ml.live",
                      "workspace prod",
                      "version 2 is live there already",
                      "Nothing was changed.")
                  : null)
          .build();
    }
    RollbackPlan plan =
        new RollbackPlan(
            "rollback/prod/" + start.model() + "/1",
            "prod",
            "3",
            "2",
            "promotion/" + start.model() + "/x",
            Instant.EPOCH,
            List.of(new Action("champion", "champion in prod", "version 3", "version 2")),
            List.of());
    boolean stays = "stays".equals(start.model()) && !start.isDry();
    return RollbackView.of(
            Workflow.getInfo().getWorkflowId(),
            String.valueOf(start.model()),
            stays ? CourseView.State.RUNNING : CourseView.State.DONE,
            "version 3 → version 2 in prod",
            String.valueOf(start.by()),
            Instant.EPOCH)
        .where("prod", "ml." + start.model())
        .ended(stays ? null : Instant.EPOCH)
        .steps(
            stays
                ? List.of(
                    new StepView(
                        "prod/look",
                        StepView.State.DONE,
                        1,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        "version 3 → version 2",
                        null,
                        null))
                : List.of())
        .plan(plan)
        .build();
  }

  @Override
  public @Nullable TurnRequest turnWanted() {
    return null;
  }

  @Override
  public Receipt approve(@Nullable RawValue message) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Receipt reject(@Nullable RawValue message) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Receipt resume(@Nullable RawValue message) {
    throw new UnsupportedOperationException();
  }
}
