package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.job.RunResult;
import dev.portage.scoring.PredictionCount;
import io.temporal.client.WorkflowStub;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A promotion goes on only if the scoring run wrote what it should. */
class PromotionScoringTest {
  @AutoClose private final PromotionEngine engine = new PromotionEngine();

  private final FakeWorld world = engine.world;

  @Test
  @Tag("S1.11")
  void aFailedScoringRunRestoresTheJobAndLeavesTheChampion() {
    world.jobs.endNext("batch", RunResult.Ending.FAILED);
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(world.effects).containsSubsequence("create job", "run job", "put job back");
    assertThat(world.jobs.job).isNull();
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.count("run job")).isEqualTo(2);
  }

  @Test
  void theScoringNotebooksOwnClaimsDoNotCount() {
    world.scoring.predictions = new PredictionCount(true, 442, 0, 0);
    WorkflowStub promotion = engine.approved();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(view.says()).contains("442 of 442 rows name another model version");
  }

  @Test
  void anOlderTableIsAcceptedOnceTheJobHasAddedItsColumns() {
    world.scoring.predictionsBefore = new PredictionCount(true, 0, 0, 0, List.of("batch_id"));
    assertThat(engine.approved().getResult(PromotionView.class).state())
        .isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void missingColumnsThatTheJobDoesNotAddAreNamed() {
    world.scoring.predictions =
        new PredictionCount(true, 0, 0, 0, List.of("batch_id", "model_version"));
    PromotionView view = engine.untilState(engine.approved(), PromotionState.STOPPED);
    assertThat(view.says())
        .contains("the table has no column batch_id, model_version, which it must write");
  }

  @Test
  @Tag("S0.02")
  void aRunOfAnotherCommitIsRefused() {
    world.jobs.usedCommit = "f".repeat(40);
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(view.says()).contains("the workspace ran commit " + "f".repeat(40));
    assertThat(world.count("submit notebooks/train.py")).isZero();
  }

  @Test
  @Tag("S1.12")
  void aFailedRunsRowsAreInNoBatch() {
    world.jobs.endNext("batch", RunResult.Ending.FAILED);
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.STOPPED);
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    promotion.getResult(PromotionView.class);

    assertThat(world.jobs.scoring)
        .extracting(order -> order.parameters().get("table"))
        .hasSize(2)
        .doesNotHaveDuplicates();
    assertThat(world.scoring.published)
        .singleElement()
        .satisfies(order ->
            assertThat(order.staging())
                .isEqualTo(world.jobs.scoring.getLast().parameters().get("table")));
  }
}
