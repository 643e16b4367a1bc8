package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portage.approval.Receipt;
import dev.portage.job.JobState;
import dev.portage.job.RunResult;
import dev.portage.plan.Action;
import dev.portage.release.Release;
import dev.portage.scoring.PublishOrder;
import dev.portage.settings.Work;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A team's own jobs: run as they are, once per key, and never changed. */
class TeamJobTest {
  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @BeforeEach
  void trainByAJob() {
    world.trains = new Work.Job("nightly", Map.of("alpha", "0.5"), Duration.ofHours(2));
  }

  @Test
  void trainingRunsTheJobOnceDespiteALostResponse() {
    world.loseNextAnswer("runTheirJob");
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);

    assertThat(world.count("run their job nightly")).isOne();
    assertThat(world.jobs.theirs).hasSizeGreaterThan(1);
    assertThat(world.jobs.theirs.stream().map(order -> order.key()).distinct()).hasSize(1);
    assertThat(world.jobs.theirs.getFirst().parameters()).isEqualTo(Map.of("alpha", "0.5"));
  }

  @Test
  void anUnknownCommitIsReportedToApprovers() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);

    assertThat(status(promotion).toString())
        .contains("the commit that job nightly trained from is unknown: the job has no Git");
  }

  @Test
  void anotherCommitThanThePromotionsIsReportedToApprovers() {
    world.trains = new Work.Job("nightly", Map.of(), Duration.ofHours(2));
    world.jobs.usedByTheirs = "f".repeat(40);
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);

    assertThat(status(promotion).toString())
        .contains("job nightly trained from commit " + "f".repeat(40));
  }

  @Test
  void aCancelEndsTheRun() {
    world.jobs.last("nightly");
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> world.count("run their job nightly") == 1);

    promotion.cancel("by ana@example.com");

    engine.untilState(promotion, PromotionState.CANCELLED);
    assertThat(world.effects).containsOnlyOnce("cancel run nightly");
  }

  @Test
  void aRepairedRunIsUsedAndNoOtherIsStarted() {
    world.jobs.endNext("nightly", RunResult.Ending.FAILED);
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.STOPPED);

    world.jobs.repair("nightly");
    promotion.update("resume", Receipt.class, by("ana@example.com", "stop-1"));
    engine.untilState(promotion, PromotionState.WAITING);

    assertThat(world.count("run their job nightly")).isOne();
  }

  @Test
  void aFailedRunThatNobodyRepairedIsFollowedByAnother() {
    world.jobs.endNext("nightly", RunResult.Ending.FAILED);
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.STOPPED);

    promotion.update("resume", Receipt.class, by("ana@example.com", "stop-1"));
    engine.untilState(promotion, PromotionState.WAITING);

    assertThat(world.count("run their job nightly")).isEqualTo(2);
  }

  @Test
  void scoringRunsTheJobUnchangedAndThePlanSaysSo() {
    world.scores = new Work.Job("scoring", Map.of(), Duration.ofHours(2));
    world.jobs.job =
        JobState.of(12, "scoring", "0123456789abcdef")
            .remarks(List.of("which commit it runs is not known: it has no Git source"))
            .build();
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);

    Action batch =
        status(promotion).requests().getFirst().plan().actions().stream()
            .filter(action -> action.step().equals("prod/batch"))
            .findFirst()
            .orElseThrow();
    assertThat(batch.now())
        .isEqualTo(
            "job 12, settings 0123456789ab; which commit it runs is not known: it has no Git"
                + " source");
    assertThat(batch.then())
        .isEqualTo(
            "runs once with <new version> into predictions; its settings stay as they are, so"
                + " there is nothing to put back");
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    PromotionView released = approveAgain(promotion);

    assertThat(released.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.count("run their job 12")).isOne();
    assertThat(world.count("create job")).isZero();
    assertThat(world.count("reset job")).isZero();
    assertThat(world.count("put job back")).isZero();
    assertThat(world.jobs.theirs.getLast().offered())
        .containsKeys("model_uri", "model_version", "table", "batch_id", "promotion_id");
  }

  @Test
  @Tag("S0.04")
  void theTeamsOwnJobsAndStepsOfPortageReachTheSameEnd() {
    world.scores = new Work.Job("scoring", Map.of(), Duration.ofHours(2));
    world.jobs.job = JobState.of(12, "scoring", "0123456789abcdef").build();
    WorkflowStub promotion = engine.approved();
    Release theirs = approveAgain(promotion).releases().getFirst();
    try (PromotionEngine other = new PromotionEngine()) {
      Release own = other.approved().getResult(PromotionView.class).releases().getFirst();

      assertThat(theirs.version()).isEqualTo(own.version());
      assertThat(theirs.digest()).isEqualTo(own.digest());
      assertThat(theirs.commit()).isEqualTo(own.commit());
      assertThat(world.registry.marks).isEqualTo(other.world.registry.marks);
      assertThat(world.scoring.published)
          .extracting(PublishOrder::live, PublishOrder::batchId)
          .isNotEmpty()
          .isEqualTo(
              other.world.scoring.published.stream()
                  .map(one -> tuple(one.live(), one.batchId()))
                  .toList());
      assertThat(world.scoring.staging).isEqualTo(other.world.scoring.staging).isEmpty();
    }
    assertThat(world.count("submit notebooks/train.py")).isZero();
    assertThat(world.count("run job")).isZero();
  }

  /** If nobody knows who made the model, one approval is not enough. */
  private PromotionView approveAgain(WorkflowStub promotion) {
    promotion.update("approve", Receipt.class, by("ben@example.com", "prod-1"));
    return promotion.getResult(PromotionView.class);
  }
}
