package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.plan.Action;
import dev.portage.scoring.PredictionCount;
import dev.portage.settings.PredictionCheck;
import dev.portage.settings.Work;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Existing scoring, into a table without Portage's columns or into none. */
class UncheckedScoringTest {
  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @BeforeEach
  void scoreByAScript() {
    world.scores =
        new Work.Script(
            "score.py", Map.of(), List.of("--model", "{model_uri}"), Duration.ofHours(1), null);
  }

  @Test
  void aTableWithoutOurColumnsNeedsRowsAndApproversKnowTheyAreUnchecked() {
    world.predictionCheck = PredictionCheck.TABLE;
    world.scoring.predictions = new PredictionCount(true, 12, 0, 0);
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    assertThat(planned(promotion))
        .endsWith("into predictions, whose rows are not checked (batch.verify: table)");

    PromotionView released = approve(promotion);

    assertThat(released.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.jobs.scored.getLast().work())
        .isEqualTo(
            new Work.Script(
                "score.py",
                Map.of(),
                List.of("--model", "models:/diabetes/1"),
                Duration.ofHours(1),
                null));
    assertThat(world.jobs.scored.getLast().parameters()).isEmpty();
  }

  @Test
  void anEmptyTableStopsThePromotionBeforeTheChampionMoves() {
    world.predictionCheck = PredictionCheck.TABLE;
    world.scoring.predictions = new PredictionCount(true, 0, 0, 0);
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(status(promotion).toString()).contains("the run succeeded, but the table is empty");
    assertThat(world.count("mark prod champion")).isZero();
  }

  @Test
  void withoutATableNothingIsCounted() {
    world.predictionCheck = PredictionCheck.NONE;
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    assertThat(planned(promotion)).endsWith("; what it writes is not checked (batch.verify: none)");

    assertThat(approve(promotion).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.count("count")).isZero();
    assertThat(world.count("run job")).isOne();
  }

  private static String planned(WorkflowStub promotion) {
    return status(promotion).requests().getFirst().plan().actions().stream()
        .filter(action -> action.step().equals("prod/batch"))
        .map(Action::then)
        .findFirst()
        .orElseThrow();
  }

  private static PromotionView approve(WorkflowStub promotion) {
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return promotion.getResult(PromotionView.class);
  }
}
