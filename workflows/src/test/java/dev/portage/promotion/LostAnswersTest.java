package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.Receipt;
import dev.portage.job.JobState;
import dev.portage.release.Release;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * When the response to a change under the turn is lost, the result is read before anything is
 * restored.
 */
@Timeout(120)
class LostAnswersTest {

  private static final JobState BEFORE =
      new JobState(7, "diabetes-batch", "hash-0", "5", null, null);

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void aChampionThatMovedDespiteALostResponseAndARefusalIsLive() {
    WorkflowStub promotion = waitingBesideVersion5();
    loseTheMovesAnswerThen(FakeWorld.userFault("you may not move aliases"));
    approve(promotion);

    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.count("put job back")).isZero();
    assertThat(world.registry.marks).containsEntry("prod/champion", "1");
    assertThat(view.releases()).extracting(Release::previousVersion).containsExactly("5");
    assertThat(view.notices())
        .contains(
            "champion of diabetes in prod is version 1, although the response to moving it was: you"
                + " may not move aliases");
  }

  @Test
  void aFatalErrorAfterALostResponseDoesNotUndoWhatIsLive() {
    WorkflowStub promotion = waitingBesideVersion5();
    loseTheMovesAnswerThen(FakeWorld.fatalFault("the version is deleted"));
    approve(promotion);
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.count("put job back")).isZero();
  }

  @Test
  void ifTheChampionDidNotMoveTheJobIsRestoredAndTheLiveStateReported() {
    WorkflowStub promotion = waitingBesideVersion5();
    world.failNext("mark prod champion", FakeWorld.userFault("you may not move aliases"));
    approve(promotion);

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(world.jobs.job).isEqualTo(BEFORE);
    assertThat(view.notices())
        .contains("job 7 is as before")
        .contains("live in prod now: batch: job 7 with version 5, champion: version 5");
    assertThat(engine.lane("prod").holder()).isNull();
  }

  @Test
  void aLateMoveIsNoticed() {
    WorkflowStub promotion = waitingBesideVersion5();
    world.failNext("mark prod champion", FakeWorld.platformFault("no answer"));
    world.failNext("mark prod champion", FakeWorld.userFault("you may not move aliases"));
    world.registry.movesLate("1");
    approve(promotion);
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.count("put job back")).isZero();
  }

  @Test
  void anUnreadableChampionRestoresNothingAndDelaysNobody() {
    WorkflowStub promotion = waitingBesideVersion5();
    blindAfterTheMove();
    approve(promotion);

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(view.says()).contains("unknown whether it moved, so nothing was undone");
    assertThat(world.count("put job back")).isZero();
    assertThat(engine.lane("prod").holder()).isNull();
    assertThat(view.notices())
        .anyMatch(n ->
            n.startsWith("job 7 with version 1 at 0123456789ab in prod was not put back")
                && n.contains("jq '{job_id: 7, new_settings: .}'"));

    world.registry.blindOnceMoved = false;
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    PromotionView after = promotion.getResult(PromotionView.class);
    assertThat(after.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(after.releases()).extracting(Release::previousVersion).containsExactly("5");
    assertThat(world.effects).containsOnlyOnce("run job").containsOnlyOnce("mark prod champion");
  }

  @Test
  void theJobIsRestoredFirstUnderTheNextTurnIfTheChampionHadNotMoved() {
    WorkflowStub promotion = waitingBesideVersion5();
    world.refuse("mark prod champion", FakeWorld.userFault("you may not move aliases"));
    world.registry.blindOnceRefused = true;
    approve(promotion);
    engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(world.count("put job back")).isZero();

    world.registry.blindOnceRefused = false;
    world.allow("mark prod champion");
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.requests()).as("what was decided stands").hasSize(1);
    assertThat(world.effects)
        .containsSubsequence("reset job", "put job back", "reset job", "mark prod champion");
  }

  @Test
  void onceItIsKnownAFailedBatchIsRestoredAsUsual() {
    WorkflowStub promotion = waitingBesideVersion5();
    world.refuse("mark prod champion", FakeWorld.userFault("you may not move aliases"));
    world.registry.blindOnceRefused = true;
    approve(promotion);
    engine.untilState(promotion, PromotionState.STOPPED);

    world.registry.blindOnceRefused = false;
    world.failNext("awaitRun batch", FakeWorld.userFault("you may not view runs"));
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    engine.until(promotion, view -> view.says().startsWith("stopped at prod/batch"));
    assertThat(world.jobs.job).isEqualTo(BEFORE);
    assertThat(world.count("put job back")).isEqualTo(2);
  }

  @Test
  void fourteenDaysOfSilenceDoNotFailWhatIsLive() {
    WorkflowStub promotion = waitingBesideVersion5();
    blindAfterTheMove();
    approve(promotion);
    engine.untilState(promotion, PromotionState.STOPPED);
    world.registry.blindOnceMoved = false;
    engine.environment.sleep(Duration.ofDays(14).plusHours(2));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void silenceOverAnUnknownOutcomeIsReported() {
    WorkflowStub promotion = waitingBesideVersion5();
    blindAfterTheMove();
    approve(promotion);
    engine.untilState(promotion, PromotionState.STOPPED);
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class))
        .isInstanceOf(WorkflowFailedException.class);
    assertThat(status(promotion).notices())
        .anyMatch(notice -> notice.endsWith("is version 1 is unknown; check it"));
    assertThat(world.count("put job back")).isZero();
  }

  @Test
  void aCancelDuringAnUnknownOutcomeReportsTheTruth() {
    WorkflowStub promotion = waitingBesideVersion5();
    blindAfterTheMove();
    approve(promotion);
    engine.untilState(promotion, PromotionState.STOPPED);
    promotion.cancel("by ana@example.com: enough");
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class))
        .isInstanceOf(WorkflowFailedException.class);
    assertThat(status(promotion).says())
        .isEqualTo(
            "cancelled by ana@example.com: enough; whether champion of diabetes in prod is version 1 is unknown");
  }

  @Test
  void aCancelAfterAnUnseenMoveIsTooLate() {
    WorkflowStub promotion = waitingBesideVersion5();
    blindAfterTheMove();
    approve(promotion);
    engine.untilState(promotion, PromotionState.STOPPED);
    world.registry.blindOnceMoved = false;
    promotion.cancel("by ana@example.com: enough");
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class))
        .isInstanceOf(WorkflowFailedException.class);
    assertThat(status(promotion).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void aJobChangedDespiteALostResponseAndARefusalIsRestored() {
    WorkflowStub promotion = waitingBesideVersion5();
    world.loseNextAnswer("applyJob");
    world.failNext("answer of applyJob", FakeWorld.userFault("you may not manage jobs"));
    approve(promotion);

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(world.jobs.job).isEqualTo(BEFORE);
    assertThat(view.notices()).contains("job 7 is as before");
    assertThat(world.count("run job")).isZero();
  }

  @Test
  void anUnreadableChampionAfterTheBatchRestoresTheJobAndStops() {
    WorkflowStub promotion = waitingBesideVersion5();
    world.jobs.last("batch");
    approve(promotion);
    engine.until(promotion, view -> world.jobs.awaited());
    world.failNext("read champion", FakeWorld.userFault("you may not read models"));
    world.jobs.finish("batch");

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(view.says()).isEqualTo("stopped at prod/champion: you may not read models");
    assertThat(world.jobs.job).isEqualTo(BEFORE);
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void aRunThatCannotBeAwaitedIsEndedBeforeTheTurnIsReturned() {
    WorkflowStub promotion = waitingBesideVersion5();
    world.failNext("awaitRun batch", FakeWorld.userFault("you may not view runs"));
    approve(promotion);

    engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(world.effects).containsSubsequence("run job", "cancel run batch", "put job back");
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.count("run job")).isEqualTo(2);
  }

  @Test
  void aRunStartedDespiteALostResponseAndARefusalIsEnded() {
    WorkflowStub promotion = waitingBesideVersion5();
    world.loseNextAnswer("runJob");
    world.failNext("answer of runJob", FakeWorld.userFault("you may not run jobs"));
    approve(promotion);

    engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(world.effects).containsSubsequence("run job", "cancel run batch", "put job back");
    assertThat(world.count("run job")).isEqualTo(1);
  }

  @Test
  void anUnchangedJobAfterARefusalIsLeftAlone() {
    WorkflowStub promotion = waitingBesideVersion5();
    world.failNext("applyJob", FakeWorld.userFault("you may not manage jobs"));
    approve(promotion);
    engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(world.jobs.job).isEqualTo(BEFORE);
    assertThat(world.count("put job back")).isZero();
  }

  /**
   * The champion is moved, the response is lost, and neither the move nor the champion can be
   * retried or read.
   */
  private void blindAfterTheMove() {
    world.loseNextAnswer("mark");
    world.registry.blindOnceMoved = true;
  }

  private void loseTheMovesAnswerThen(RuntimeException fault) {
    world.loseNextAnswer("mark");
    world.passNext("mark prod champion");
    world.failNext("mark prod champion", fault);
  }

  private WorkflowStub waitingBesideVersion5() {
    world.jobs.job = BEFORE;
    world.registry.isChampion("5", Map.of("rmse", 55.0), PromotionEngine.COMMIT);
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    return promotion;
  }

  private static void approve(WorkflowStub promotion) {
    Objects.requireNonNull(
        promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1")));
  }
}
