package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.id;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.job.JobState;
import dev.portage.lane.LaneWorkflow;
import dev.portage.lane.Preempt;
import dev.portage.lane.TurnRequest;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeReceiver;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promotions that hold the turn, and rollbacks that take it. */
@Timeout(120)
class ContentionTest {

  private static final TurnRequest ROLLBACK =
      new TurnRequest("prod", "diabetes", "rollback/prod/diabetes/1", "prod-1", "run-r");

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void aRollbackTakesTheTurnFromAPromotionThatScoresAndThePromotionComesAgain() {
    JobState before = new JobState(7, "diabetes-batch", "hash-0", "0", null, null);
    world.jobs.job = before;
    world.receivers = List.of(new NoticeReceiver("team", List.of(NoticeKind.PREEMPTED)));
    WorkflowStub promotion = scoring();

    requestForRollback();
    engine.until(promotion, view -> ROLLBACK.equals(engine.lane("prod").holder()));

    assertThat(world.effects)
        .containsSubsequence("reset job", "run job", "cancel run batch", "put job back");
    assertThat(world.jobs.job).isEqualTo(before);
    assertThat(engine.lane("prod").waiting())
        .extracting(TurnRequest::holder)
        .containsExactly(id(promotion));
    assertThat(status(promotion).notices())
        .anyMatch(notice -> notice.startsWith("rollback/prod/diabetes/1 took the turn"));
    assertThat(status(promotion).state()).isEqualTo(PromotionState.RUNNING);

    world.jobs.finish("batch");
    lane().giveBack(ROLLBACK);

    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.registry.marks).containsEntry("prod/champion", "1");
    assertThat(world.delivered)
        .extracting(order -> order.notice().kind())
        .containsExactly(NoticeKind.PREEMPTED);
  }

  @Test
  void aPromotionWhoseChampionMovesFinishesBeforeTheRollback() throws InterruptedException {
    FaultyWorld.Hold hold = world.hold("mark prod champion");
    WorkflowStub promotion = engine.approved();
    hold.awaitReached();

    requestForRollback();
    engine.until(promotion, view -> engine.lane("prod").preemptedBy() != null);
    hold.release();

    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    engine.environment.sleep(Duration.ofSeconds(2));
    assertThat(engine.lane("prod").holder()).isEqualTo(ROLLBACK);
    assertThat(world.count("put job back")).isZero();
  }

  @Test
  void aCancelOfAPreemptedPromotionEndsIt() {
    WorkflowStub promotion = scoring();
    requestForRollback();
    engine.until(promotion, view -> ROLLBACK.equals(engine.lane("prod").holder()));
    promotion.cancel("by ana@example.com: enough");
    engine.environment.sleep(Duration.ofSeconds(5));
    assertThat(status(promotion).state()).isEqualTo(PromotionState.CANCELLED);
    assertThat(engine.lane("prod").waiting()).isEmpty();
    world.jobs.finish("batch");
  }

  @Test
  void aMessageAboutATurnThatIsNotHeldChangesNothing() {
    WorkflowStub promotion = scoring();
    promotion.signal(
        Preempt.SIGNAL,
        new Preempt(
            new TurnRequest("prod", "diabetes", id(promotion), "prod-9", "other"), "rollback/x"));
    PromotionView view = engine.until(promotion, now -> !now.refused().isEmpty());
    assertThat(view.refused().getFirst().reason()).contains("does not hold that turn");
    world.jobs.finish("batch");
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  private WorkflowStub scoring() {
    world.jobs.last("batch");
    WorkflowStub promotion = engine.approved();
    engine.until(promotion, view -> world.count("run job") == 1 && world.jobs.awaited());
    return promotion;
  }

  private void requestForRollback() {
    world.rollbacks.add(ROLLBACK.holder());
    lane().request(ROLLBACK);
  }

  private LaneWorkflow lane() {
    return engine
        .environment
        .getWorkflowClient()
        .newWorkflowStub(LaneWorkflow.class, ROLLBACK.laneId());
  }
}
