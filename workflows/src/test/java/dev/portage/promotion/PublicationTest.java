package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.job.RunResult;
import dev.portage.release.Release;
import dev.portage.scoring.LiveWrites;
import dev.portage.scoring.PredictionCount;
import dev.portage.scoring.PublishOrder;
import dev.portage.scoring.Removed;
import dev.portage.settings.Work;
import dev.portage.step.StepView;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Readers see no row of a batch before its version is champion, and every row afterwards. */
class PublicationTest {
  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void aBatchIsScoredAsideCheckedAndPublishedAfterTheChampionUnderTheSameTurn() {
    PromotionView view = approved().getResult(PromotionView.class);

    Map<String, String> given = world.jobs.scoring.getFirst().parameters();
    assertThat(given.get("table")).startsWith("predictions__portage_0123456789ab_");
    assertThat(world.effects)
        .containsSubsequence(
            "prepare table in prod",
            "run job",
            "look at the live table in prod",
            "count",
            "audit in prod",
            "mark prod champion",
            "publish in prod",
            "drop table in prod");
    PublishOrder order = world.scoring.published.getFirst();
    assertThat(order.live()).isEqualTo("predictions");
    assertThat(order.staging()).isEqualTo(given.get("table"));
    assertThat(order.batchId()).isEqualTo(given.get("batch_id"));
    assertThat(order.grant()).isNotNull();
    assertThat(world.scoring.published).hasSize(1);
    assertThat(world.scoring.staging).isEmpty();
    assertThat(view.releases()).extracting(Release::turn).containsExactly(1L);
    assertThat(step(view, "prod/publish").result())
        .isEqualTo("batch promotion/diabetes/0123456789ab/prod is visible in predictions");
    assertThat(view.left()).isEmpty();
  }

  @Test
  void wrongRowsAreDroppedBeforeReadersSeeThem() {
    world.scoring.predictions = new PredictionCount(true, 442, 442, 3);
    WorkflowStub promotion = approved();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says()).contains("3 of 442 rows have no prediction");
    assertThat(world.effects).containsSubsequence("put job back", "drop table in prod");
    assertThat(world.scoring.published).isEmpty();
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void aCancelDuringTheRunDropsItsTable() {
    world.jobs.last("batch");
    WorkflowStub promotion = approved();
    engine.until(promotion, view -> world.jobs.awaited());
    promotion.cancel("by ana@example.com");

    engine.untilState(promotion, PromotionState.CANCELLED);
    assertThat(world.effects)
        .containsSubsequence("cancel run batch", "put job back", "drop table in prod");
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void aResumeAfterAFailedMoveReusesTheScoredRows() {
    world.failNext("mark prod champion", FakeWorld.userFault("no right"));
    WorkflowStub promotion = approved();
    engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(world.scoring.staging).hasSize(1);
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));

    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.effects).containsOnlyOnce("run job", "publish in prod");
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void endingInsteadOfResumingLeavesNoTable() {
    world.failNext("mark prod champion", FakeWorld.userFault("no right"));
    WorkflowStub promotion = approved();
    engine.untilState(promotion, PromotionState.STOPPED);
    promotion.cancel("by ana@example.com");

    engine.untilState(promotion, PromotionState.CANCELLED);
    assertThat(world.scoring.staging).isEmpty();
    assertThat(world.scoring.published).isEmpty();
  }

  @Test
  void rowsAreScoredAgainAfterANewDecision() {
    world.jobs.last("batch");
    WorkflowStub promotion = approved();
    engine.until(promotion, view -> world.jobs.awaited());
    world.registry.isChampion("6", Map.of("rmse", 54.0), "f".repeat(40));
    world.jobs.finish("batch");
    engine.until(promotion, view -> "prod-2".equals(view.request()));
    assertThat(world.scoring.staging).isEmpty();
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-2"));

    promotion.getResult(PromotionView.class);
    assertThat(world.count("run job")).isEqualTo(2);
    assertThat(world.count("publish in prod")).isOne();
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void slowPublishingContinuesWithoutTheTurn() {
    world.failNext("publish in prod", FakeWorld.userFault("the warehouse is gone"));
    WorkflowStub promotion = approved();
    PromotionView view = promotion.getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.left()).isEmpty();
    assertThat(world.scoring.published).hasSize(2);
    assertThat(world.scoring.published.getLast().grant()).isNull();
    assertThat(world.scoring.published.getLast().turn()).isEqualTo(1);
    assertThat(world.scoring.staging).isEmpty();
    assertThat(step(view, "prod/publish").result()).contains("is visible in predictions");
  }

  @Test
  void aReplacedReleasesRowsAreNotPublishedAndThatIsReported() {
    world.refuse("publish in prod", FakeWorld.userFault("the warehouse is gone"));
    WorkflowStub promotion = approved();
    engine.until(promotion, view -> view.says().contains("retrying"));
    world.registry.isChampion("9", Map.of("rmse", 50.0), "f".repeat(40));
    world.allow("publish in prod");

    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(step(view, "prod/publish").result())
        .contains("was not published in predictions", "version 1 (turn 1) is no longer live")
        .contains("version 9 is");
    assertThat(world.effects).doesNotContain("publish in prod");
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void aLostResponsePublishesTheSameBatchAgain() {
    world.failNext(
        "answer of publishPredictions",
        dev.portage.failure.Failures.of(
            dev.portage.failure.Problem.of(
                dev.portage.failure.FailureKind.PLATFORM, "publish", "prod", "no answer", "wait")));
    PromotionView view = approved().getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.scoring.published).hasSize(2);
    assertThat(world.scoring.published.stream().distinct()).hasSize(1);
  }

  @Test
  void aRunThatIgnoresItsTableStopsThePromotionAndItsRowsAreNamed() {
    world.scoring.liveWrites.put(
        "prod", new LiveWrites(List.of("version 8: WRITE, 442 rows"), true));
    world.scoring.removed = new Removed(442, null);
    WorkflowStub promotion = approved();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says()).contains("predictions, which readers see, has changed: version 8");
    assertThat(view.notices())
        .anySatisfy(notice ->
            assertThat(notice)
                .startsWith(
                    "442 rows of batch promotion/diabetes/0123456789ab/prod were removed from"
                        + " predictions in prod; readers may have taken them between "));
    assertThat(world.scoring.staging).isEmpty();
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
  }

  @Test
  void anotherWritersRowsAreReportedAndStopNothing() {
    world.scoring.liveWrites.put("prod", new LiveWrites(List.of("version 8: MERGE"), false));
    PromotionView view = approved().getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.notices()).anyMatch(text -> text.contains("version 8: MERGE"));
  }

  @Test
  void aChampionFoundMovedHasItsBatchPublishedToo() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    world.loseNextAnswer("mark");
    world.registry.blindOnceMoved = true;
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(world.scoring.staging).hasSize(1);
    world.registry.blindOnceMoved = false;
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));

    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.effects).containsOnlyOnce("run job", "publish in prod");
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void aTableThatCannotBeDroppedIsNamedAndDelaysNothing() {
    world.refuse("dropStaging", FakeWorld.userFault("you are not its owner"));
    PromotionView view = approved().getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.notices())
        .anyMatch(text -> text.contains("to drop it: DROP TABLE predictions__portage_"));
  }

  @Test
  void nobodyWaitsForTheTurnWhileATableIsDropped() throws InterruptedException {
    FaultyWorld.Hold drop = world.hold("drop table in prod");
    WorkflowStub promotion = approved();
    drop.awaitReached();
    untilNobodyHoldsTheTurn();
    drop.release();

    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void nobodyWaitsForTheTurnWhileTheTableOfAFailedRunIsDropped() throws InterruptedException {
    world.jobs.endNext("batch", RunResult.Ending.FAILED);
    FaultyWorld.Hold drop = world.hold("drop table in prod");
    WorkflowStub promotion = approved();
    drop.awaitReached();
    untilNobodyHoldsTheTurn();
    drop.release();

    engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void latePublishingSucceedsEvenIfItsTableCannotBeDropped() {
    world.failNext("publish in prod", FakeWorld.userFault("the warehouse is gone"));
    world.refuse("dropStaging", FakeWorld.userFault("you are not its owner"));
    PromotionView view = approved().getResult(PromotionView.class);

    assertThat(view.left()).isEmpty();
    assertThat(world.scoring.published).hasSize(2);
    assertThat(step(view, "prod/publish").result())
        .contains("is visible in predictions", "to drop it: DROP TABLE predictions__portage_");
  }

  @Test
  void aTeamsJobThatTakesATableIsPublishedToo() {
    world.scores = new Work.Job("scoring", Map.of(), Duration.ofHours(2));
    PromotionView view = approved().getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.jobs.theirs.getLast().offered().get("table")).contains("__portage_");
    assertThat(world.scoring.published).hasSize(1);
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void aTeamsJobWithItsOwnTableIsCheckedThereAndThatIsReported() {
    world.scores = new Work.Job("scoring", Map.of(), Duration.ofHours(2));
    world.scoring.theirsWriteTheirTable = false;
    world.scoring.predictionsBefore = new PredictionCount(true, 0, 0, 0);
    PromotionView view = approved().getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.notices())
        .anyMatch(text -> text.contains("was visible before the champion moved"));
    assertThat(world.scoring.published).isEmpty();
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void aTeamsTableWithoutBatchColumnsIsWrittenAsBefore() {
    world.scores = new Work.Job("scoring", Map.of(), Duration.ofHours(2));
    world.scoring.missingColumns = List.of("batch_id");
    world.scoring.predictions = new PredictionCount(true, 0, 0, 0, List.of("batch_id"));
    PromotionView view = approved().getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.jobs.theirs.getLast().offered()).containsEntry("table", "predictions");
    assertThat(view.notices()).anyMatch(text -> text.contains("were not checked"));
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void aFailedRunLeavesNoTable() {
    world.jobs.endNext("batch", RunResult.Ending.FAILED);
    WorkflowStub promotion = approved();
    engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(world.scoring.staging).isEmpty();
  }

  private WorkflowStub approved() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    if (world.scores != null) {
      promotion.update("approve", Receipt.class, by("rui@example.com", "prod-1"));
    }
    return promotion;
  }

  /** Giving it back is a signal, which takes a moment. */
  private void untilNobodyHoldsTheTurn() {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (engine.lane("prod").holder() != null) {
      assertThat(System.nanoTime()).as("the turn is held").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static StepView step(PromotionView view, String name) {
    return view.steps().stream().filter(step -> step.name().equals(name)).findFirst().orElseThrow();
  }
}
