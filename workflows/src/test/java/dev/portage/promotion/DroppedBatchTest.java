package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.job.JobState;
import dev.portage.settings.Work;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A file that had a scoring job and has none any more: whoever approves hears that it goes on. */
@Timeout(180)
class DroppedBatchTest {

  private static final String DROPPED = "stays as it is, since the file has no batch any more";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void beforeAnyoneApprovesItIsSaidWithWhichVersionTheJobGoesOnScoring() {
    engine.release(PromotionEngine.COMMIT);
    world.withBatch = false;

    assertThat(noticesOfTheSecond())
        .filteredOn(notice -> notice.contains(DROPPED))
        .singleElement()
        .asString()
        .startsWith(
            "job 7 (diabetes-batch) "
                + DROPPED
                + ": it goes on scoring with version 1, its schedule or trigger stays, too")
        .contains("To pause it: in that workspace, Jobs & Pipelines")
        .endsWith("To remove it: databricks jobs delete 7");
  }

  @Test
  void aJobOfTheTeamIsTheirsToRemove() {
    world.scores = new Work.Job("nightly", Map.of(), Duration.ofHours(1));
    world.jobs.job = JobState.of(12, "nightly", "their-hash").build();
    engine.release(PromotionEngine.COMMIT);
    world.scores = null;
    world.withBatch = false;

    assertThat(noticesOfTheSecond())
        .filteredOn(notice -> notice.contains(DROPPED))
        .singleElement()
        .asString()
        .endsWith(
            "job 12 (nightly) "
                + DROPPED
                + ": it is the team's own, and no promotion runs it any more");
  }

  @Test
  void nothingIsSaidOfAJobThatTheFileStillHasOrThatIsGone() {
    engine.release(PromotionEngine.COMMIT);
    assertThat(noticesOfTheSecond()).noneMatch(notice -> notice.contains(DROPPED));

    world.withBatch = false;
    world.jobs.job = null;
    WorkflowStub third = engine.start("3333333333333333333333333333333333333333");
    assertThat(engine.untilState(third, PromotionState.WAITING).notices())
        .noneMatch(notice -> notice.contains(DROPPED));
  }

  private List<String> noticesOfTheSecond() {
    WorkflowStub second = engine.start(PromotionEngine.OTHER_COMMIT);
    return engine.untilState(second, PromotionState.WAITING).notices();
  }
}
