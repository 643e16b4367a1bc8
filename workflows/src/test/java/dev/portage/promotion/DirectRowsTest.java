package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.job.RunResult;
import dev.portage.scoring.Removed;
import dev.portage.settings.PredictionCheck;
import dev.portage.settings.Work;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows that a run wrote where readers see them go, if the promotion does not go live. */
class DirectRowsTest {
  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @BeforeEach
  void writeDirectly() {
    world.scores =
        new Work.Script(
            "score.py", Map.of(), List.of("--model", "{model_uri}"), Duration.ofHours(1), null);
    world.predictionCheck = PredictionCheck.TABLE;
  }

  @Test
  @Tag("S1.11")
  void aFailedRunsRowsAreRemovedAndPeopleLearnWhatWasReadable() {
    world.scoring.removed = new Removed(17, null);
    world.jobs.endNext("batch", RunResult.Ending.FAILED);
    WorkflowStub promotion = engine.approved();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(world.effects)
        .containsSubsequence("run job", "put job back", "remove batch in prod");
    assertThat(view.notices())
        .anySatisfy(notice ->
            assertThat(notice)
                .matches(
                    "17 rows of batch promotion/diabetes/0123456789ab/prod were removed from"
                        + " predictions in prod; readers may have taken them between \\S+Z and"
                        + " \\S+Z"));
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.count("remove batch in prod")).isOne();
  }

  @Test
  void aTableThatCannotTellThemSaysSo() {
    world.scoring.removed = new Removed(0, "the table has no column batch_id");
    world.jobs.endNext("batch", RunResult.Ending.FAILED);
    PromotionView view = engine.untilState(engine.approved(), PromotionState.STOPPED);

    assertThat(view.notices())
        .anySatisfy(notice ->
            assertThat(notice)
                .contains("where readers see them, and were not removed: the table has no")
                .doesNotContain("DELETE"));
  }

  @Test
  void whatMayNotBeRemovedIsNamedWithTheStatement() {
    world.scoring.removed = new Removed(17, "[INSUFFICIENT_PERMISSIONS] no MODIFY");
    world.jobs.endNext("batch", RunResult.Ending.FAILED);
    PromotionView view = engine.untilState(engine.approved(), PromotionState.STOPPED);

    assertThat(view.notices())
        .anySatisfy(notice ->
            assertThat(notice)
                .endsWith(
                    "no MODIFY; to remove them: DELETE FROM predictions WHERE batch_id ="
                        + " 'promotion/diabetes/0123456789ab/prod'"));
  }

  @Test
  void aReleasesRowsStay() {
    assertThat(engine.approved().getResult(PromotionView.class).state())
        .isEqualTo(PromotionState.RELEASED);
    assertThat(world.count("remove batch in prod")).isZero();
  }
}
