package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.COMMIT;
import static dev.portage.promotion.PromotionEngine.OTHER_COMMIT;
import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.job.RunRef;
import dev.portage.rollback.RollbackView;
import dev.portage.step.CourseView.State;
import dev.portage.temporal.Queues;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What terminated workflows left, and the next rollback settles: no code of theirs runs. */
@Timeout(180)
@Tag("S1.12")
class CutOffTest {

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;
  private int rollbacks;

  @Test
  void theRunOfATerminatedPromotionIsEndedSoThatItPublishesNothing() {
    released(COMMIT, OTHER_COMMIT);
    RunRef run = new RunRef("prod", 7L, 99, URI.create("https://prod.example.com/run/99"));
    world.jobs.isLeft("promotion/diabetes/terminated", run);

    RollbackView view = done(rollback(null));

    assertThat(world.effects).contains("cancel run left 99");
    assertThat(view.steps())
        .filteredOn(step -> step.name().equals("batch"))
        .singleElement()
        .satisfies(step ->
            assertThat(step.line())
                .contains("run 99 of job 7 in prod was left by promotion/diabetes/terminated"));
  }

  @Test
  void aRunThatMayNotBeEndedIsToldAndHoldsNothingUp() {
    released(COMMIT, OTHER_COMMIT);
    RunRef run = new RunRef("prod", 7L, 99, URI.create("https://prod.example.com/run/99"));
    world.jobs.isLeft("promotion/diabetes/terminated", run);
    world.refuse("cancelRun", FakeWorld.userFault("you may not manage runs"));

    RollbackView view = done(rollback(null));

    assertThat(view.steps())
        .filteredOn(step -> step.name().equals("batch"))
        .singleElement()
        .satisfies(
            step -> assertThat(step.line()).contains("so look there: ", "you may not manage runs"));
  }

  private void released(String... commits) {
    for (String commit : commits) {
      WorkflowStub promotion = engine.start(commit);
      engine.untilState(promotion, PromotionState.WAITING);
      promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
      assertThat(promotion.getResult(PromotionView.class).state())
          .isEqualTo(PromotionState.RELEASED);
    }
  }

  private WorkflowStub rollback(@Nullable String to) {
    rollbacks++;
    WorkflowStub stub =
        engine
            .environment
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                "RollbackWorkflow",
                WorkflowOptions.newBuilder()
                    .setWorkflowId("rollback/prod/diabetes/" + rollbacks)
                    .setTaskQueue(Queues.PORTAGE)
                    .build());
    stub.start(FakeRollbacks.order(to));
    return stub;
  }

  private static RollbackView done(WorkflowStub rollback) {
    RollbackView view = rollback.getResult(RollbackView.class);
    assertThat(view.state()).as(view.toString()).isEqualTo(State.DONE);
    assertThat(view.unfinished()).isEmpty();
    return view;
  }
}
