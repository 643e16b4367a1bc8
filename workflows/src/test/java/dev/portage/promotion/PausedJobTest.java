package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.job.RunResult;
import dev.portage.release.Unfinished;
import io.temporal.client.WorkflowStub;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A scoring job that starts by itself does not, from its reset until the champion has moved. */
class PausedJobTest {
  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  @Tag("S1.10")
  void itIsResumedOnceTheChampionHasMoved() {
    world.jobs.resumes = "UNPAUSED";
    PromotionView view = engine.approved().getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.effects)
        .containsSubsequence("create job", "run job", "mark prod champion", "resume job");
    assertThat(world.count("resume job")).isOne();
    assertThat(view.steps())
        .filteredOn(step -> step.name().equals("prod/release"))
        .singleElement()
        .satisfies(step -> assertThat(step.line()).contains("what starts job 7 is UNPAUSED again"));
  }

  @Test
  void oneThatNothingStartsIsNotResumed() {
    assertThat(engine.approved().getResult(PromotionView.class).state())
        .isEqualTo(PromotionState.RELEASED);
    assertThat(world.count("resume job")).isZero();
  }

  @Test
  void aFailedRunPutsTheSettingsBackAndResumesNothingElse() {
    world.jobs.resumes = "UNPAUSED";
    world.jobs.endNext("batch", RunResult.Ending.FAILED);
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(world.effects).containsSubsequence("create job", "run job", "put job back");
    assertThat(world.count("resume job")).isZero();
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    promotion.getResult(PromotionView.class);
    assertThat(world.count("resume job")).isOne();
  }

  @Test
  void oneThatCannotBeResumedIsListedAsUnfinished() {
    world.jobs.resumes = "UNPAUSED";
    world.refuse("resume job", FakeWorld.userFault("you may not manage the job"));
    PromotionView view = engine.approved().getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.left())
        .extracting(Unfinished::text)
        .containsExactly("prod/release: resume job 7 in prod (you may not manage the job)");
  }
}
