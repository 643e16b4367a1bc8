package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.job.RunRef;
import dev.portage.lane.Settling;
import dev.portage.lane.TurnRequest;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowStub;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What counts as a turn, and what happens when one is lost. */
@Timeout(120)
class TurnsTest {

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void aPromotionThatLostTheTurnChangesNothingMore() {
    WorkflowStub promotion = holding();
    world.grants.grantAnother(
        new TurnRequest("prod", "diabetes", "promotion/diabetes/other", "prod-1", "run"));
    world.jobs.finish("batch");

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says())
        .contains("the turn was lost to promotion/diabetes/other, which has number 2");
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
  }

  @Test
  void aTerminatedPromotionsRunIsEndedBeforeTheNextOneScores() {
    WorkflowStub first = holding();
    String left = PromotionEngine.id(first);
    RunRef run = new RunRef("prod", 7L, 99, URI.create("https://prod.example.com/run/99"));
    world.jobs.isLeft(left, run);
    first.terminate("in the Web UI");
    engine.workflow("lane/prod/diabetes").terminate("too");
    world.jobs.finish("batch");
    // What it may have been writing is waited out, which an activity that waits would do in real
    // time.
    engine.environment.sleep(Settling.LONGEST_WRITE);

    WorkflowStub second = engine.start(PromotionEngine.OTHER_COMMIT);
    engine.untilState(second, PromotionState.WAITING);
    second.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    PromotionView view = second.getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.notices())
        .anySatisfy(
            notice -> assertThat(notice).contains("run 99 of job 7 in prod was left by " + left));
    assertThat(world.effects.indexOf("cancel run left 99"))
        .isNotNegative()
        .isLessThan(world.effects.lastIndexOf("run job"));
  }

  @Test
  void waitingForATurnTakesNoSlotFromReturningOne() {
    holding();
    WorkflowStub second = engine.start(PromotionEngine.OTHER_COMMIT);
    engine.untilState(second, PromotionState.WAITING);
    second.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.until(second, view -> engine.lane("prod").waiting().size() == 1);

    assertThat(queuesOf(second, "AwaitGrant")).containsExactly("portage-turns");
    world.jobs.finish("batch");
    engine.untilState(second, PromotionState.WAITING);
    assertThat(queuesOf(second, "GiveBack")).as("done where the workflow runs").isEmpty();
    assertThat(engine.lane("prod").holder()).isNull();
  }

  /** The task queues that activities of a type went to. */
  private List<String> queuesOf(WorkflowStub promotion, String type) {
    return engine
        .environment
        .getWorkflowClient()
        .fetchHistory(Objects.requireNonNull(promotion.getExecution()).getWorkflowId())
        .getEvents()
        .stream()
        .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
        .map(HistoryEvent::getActivityTaskScheduledEventAttributes)
        .filter(scheduled -> scheduled.getActivityType().getName().equals(type))
        .map(scheduled -> scheduled.getTaskQueue().getName())
        .toList();
  }

  private WorkflowStub holding() {
    world.jobs.last("batch");
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.until(promotion, view -> world.jobs.awaited());
    return promotion;
  }
}
