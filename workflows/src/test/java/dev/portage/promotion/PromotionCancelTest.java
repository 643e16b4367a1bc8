package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.Receipt;
import dev.portage.job.JobState;
import dev.portage.lane.TurnRequest;
import dev.portage.step.StepView;
import dev.portage.temporal.Memos;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The effect of a cancel, wherever the promotion is. */
@Timeout(120)
class PromotionCancelTest {

  private static final String WHY = "by ana@example.com: wrong data";
  private static final String OTHER_COMMIT = "fedcba9876543210fedcba9876543210fedcba98";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  @Tag("S3.28")
  void aCancelWhileARunIsAwaitedCancelsThatRun() {
    world.jobs.last("diabetes train");
    WorkflowStub promotion = engine.start();
    awaitRun(promotion, "submit notebooks/train.py");

    promotion.cancel(WHY);

    PromotionView view = cancelled(promotion);
    assertThat(view.says())
        .isEqualTo("cancelled by ana@example.com: wrong data; nothing of it is live");
    assertThat(Objects.requireNonNull(view.problem()).message())
        .startsWith("the promotion was ended in step train: cancelled by ana@example.com");
    assertThat(view.notices()).contains("run 102 of train in dev is TERMINATED/CANCELLED");
    assertThat(view.steps())
        .filteredOn(step -> step.name().equals("train"))
        .extracting(StepView::state)
        .containsExactly(StepView.State.FAILED);
    assertThat(world.effects).containsOnlyOnce("cancel run diabetes train");
    assertThat(world.count("register")).isZero();
  }

  @Test
  void aCancelWhileAnApprovalIsAwaited() {
    WorkflowStub promotion = engine.waiting();

    promotion.cancel(WHY);

    PromotionView view = cancelled(promotion);
    assertThat(view.request()).isNull();
    assertThat(view.notices())
        .anyMatch(notice -> notice.contains("version 1 of diabetes in dev, stage None"));
    assertThat(world.count("copy")).isZero();
    assertThatThrownBy(
            () -> promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1")))
        .isInstanceOf(WorkflowNotFoundException.class);
  }

  @Test
  void aCancelDuringTheCopyStopsTheBytes() {
    world.copies.copyGoesOn = true;
    WorkflowStub promotion = engine.approved();
    engine.until(promotion, view -> world.count("copy") == 1);

    promotion.cancel(WHY);

    assertThat(cancelled(promotion).steps())
        .filteredOn(step -> step.name().equals("prod/copy"))
        .extracting(StepView::state)
        .containsExactly(StepView.State.FAILED);
    assertThat(world.count("register in prod")).isZero();
  }

  @Test
  void aCancelBeforeTheChampionMovesRestoresWhatTheHopChanged() {
    JobState before = new JobState(7, "diabetes-batch", "hash-0", "0", null, null);
    world.jobs.job = before;
    world.jobs.last("batch");
    WorkflowStub promotion = engine.approved();
    awaitRun(promotion, "run job");

    promotion.cancel(WHY);

    PromotionView view = cancelled(promotion);
    assertThat(world.effects)
        .containsSubsequence("reset job", "run job", "cancel run batch", "put job back");
    assertThat(world.jobs.job).isEqualTo(before);
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
    assertThat(view.notices())
        .contains("job 7 is as before")
        .anyMatch(notice ->
            notice.contains("version 1 of diabetes in prod, which no alias or stage points"))
        .noneMatch(notice -> notice.contains("table predictions"));
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void aCancelPassesTheTurnOn() {
    WorkflowStub first = engine.waiting();
    WorkflowStub second = queueBehind(first);
    String holder = id(second);
    long asked = engine.environment.currentTimeMillis();

    first.cancel(WHY);

    cancelled(first);
    engine.until(second, view -> holder.equals(holder("prod")));
    // Long before the lane itself checks whether its holder still exists.
    assertThat(engine.environment.currentTimeMillis() - asked)
        .isLessThan(Duration.ofSeconds(50).toMillis());
  }

  @Test
  void cancellingAWaiterLeavesTheTurnWithItsHolder() {
    WorkflowStub first = engine.waiting();
    WorkflowStub second = queueBehind(first);

    second.cancel(WHY);

    cancelled(second);
    assertThat(engine.lane("prod").waiting()).isEmpty();
    assertThat(holder("prod")).isEqualTo(id(first));
    assertThat(status(first).state()).isEqualTo(PromotionState.RUNNING);
  }

  @Test
  void aCancelAfterThePointOfNoReturnHasNoEffect() throws InterruptedException {
    FaultyWorld.Hold hold = world.hold("mark prod champion");
    WorkflowStub promotion = engine.approved();
    hold.awaitReached();
    assertThat(status(promotion).pastNoReturn()).isTrue();

    promotion.cancel(WHY);
    engine.until(promotion, view -> view.says().startsWith("cancelled"));
    hold.release();

    PromotionView view = end(promotion);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.says()).isEqualTo("released v1 in prod");
    assertThat(view.notices())
        .contains(
            "cancelled by ana@example.com: wrong data, but too late: the promotion is past the point of no return");
    assertThat(world.registry.marks)
        .containsEntry("prod/champion", "1")
        .containsEntry("dev/Production", "1");
    assertThat(world.count("put job back")).isZero();
  }

  @Test
  void aCancelWhileTheOriginIsMarkedHasNoEffectEither() throws InterruptedException {
    FaultyWorld.Hold hold = world.hold("mark dev Production");
    WorkflowStub promotion = engine.approved();
    hold.awaitReached();

    promotion.cancel("");
    engine.until(promotion, view -> !view.notices().isEmpty());
    hold.release();

    assertThat(end(promotion).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.registry.marks).containsEntry("dev/Production", "1");
  }

  @Test
  void aCancelInTheLastMomentBeforeTheChampionMovesTakesEffect() throws InterruptedException {
    WorkflowStub promotion = engine.waiting();
    FaultyWorld.Hold batch = world.hold("run job");
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    batch.awaitReached();
    FaultyWorld.Hold hold = world.hold("read champion");
    batch.release();
    hold.awaitReached();
    // The test server can't cancel what ends at that moment, as the look at freezes beside it may.
    engine.untilUnderWay(promotion, 1);

    promotion.cancel(WHY);
    engine.untilHistoryHas(promotion, EventType.EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED);
    hold.release();

    cancelled(promotion);
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
    assertThat(holder("prod")).isNull();
  }

  @Test
  void aCancelEndsAPromotionThatHasStopped() {
    world.failNext("makeManifest", FakeWorld.userFault("no files"));
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.STOPPED);

    promotion.cancel(WHY);

    assertThat(cancelled(promotion).next()).isNull();
  }

  @Test
  void aSecondCancelChangesNothing() {
    world.jobs.last("batch");
    WorkflowStub promotion = engine.approved();
    awaitRun(promotion, "run job");

    promotion.cancel(WHY);
    promotion.cancel("by rui@example.com");

    assertThat(cancelled(promotion).says()).contains("ana@example.com");
    assertThat(world.effects).containsOnlyOnce("cancel run batch").containsOnlyOnce("put job back");
  }

  @Test
  @Tag("S3.28")
  void aRunWhoseStartGotNoResponseIsFoundAndEnded() {
    world.loseNextAnswer("submitNotebook");
    world.jobs.last("diabetes check");
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> isAskedAgainLater(promotion));

    promotion.cancel(WHY);

    assertThat(cancelled(promotion).notices())
        .contains("run 101 of check in dev is TERMINATED/CANCELLED");
    assertThat(world.effects)
        .containsOnlyOnce("submit notebooks/check.py")
        .containsOnlyOnce("cancel run diabetes check");
  }

  @Test
  void aJobWhoseChangeGotNoResponseIsRestored() {
    world.loseNextAnswer("applyJob");
    WorkflowStub promotion = engine.approved();
    engine.until(promotion, view -> isAskedAgainLater(promotion));

    promotion.cancel(WHY);

    assertThat(cancelled(promotion).notices()).contains("job 7 is as before");
    assertThat(world.jobs.job).isNull();
    assertThat(world.count("run job")).isZero();
  }

  @Test
  void aRunThatCannotBeEndedIsReported() {
    world.failNext("cancelRun", FakeWorld.userFault("you may not cancel runs"));
    world.jobs.last("diabetes train");
    WorkflowStub promotion = engine.start();
    awaitRun(promotion, "submit notebooks/train.py");

    promotion.cancel(WHY);

    assertThat(cancelled(promotion).notices())
        .contains(
            "run 102 of train in dev could not be stopped and may still cost money; stop it on its page"
                + " https://dev.example.com/run: you may not cancel runs");
  }

  @Test
  void aCancelBetweenTwoWorkspacesLeavesTheFirstLive() {
    world.targets = List.of("qa", "prod");
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> "qa-1".equals(view.request()));
    promotion.update("approve", Receipt.class, by("ana@example.com", "qa-1"));
    engine.until(promotion, view -> "prod-1".equals(view.request()));

    promotion.cancel(WHY);

    assertThat(cancelled(promotion).says())
        .isEqualTo("cancelled by ana@example.com: wrong data; v1 in qa stays live");
    assertThat(world.registry.marks)
        .containsEntry("qa/champion", "1")
        .doesNotContainKeys("prod/champion", "dev/Production");
  }

  @Test
  void aCancelWhileAnEarlierWorkspacesChampionMovesTakesEffectAfterItsRelease()
      throws InterruptedException {
    world.targets = List.of("qa", "prod");
    FaultyWorld.Hold hold = world.hold("mark qa champion");
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> "qa-1".equals(view.request()));
    promotion.update("approve", Receipt.class, by("ana@example.com", "qa-1"));
    hold.awaitReached();
    assertThat(status(promotion).pastNoReturn()).isFalse();

    promotion.cancel(WHY);
    engine.until(promotion, view -> view.says().startsWith("cancelled"));
    hold.release();

    PromotionView view = cancelled(promotion);
    assertThat(view.releases()).hasSize(1);
    assertThat(view.requests()).hasSize(1);
    assertThat(holder("qa")).isNull();
  }

  /** Whether an activity has failed and is waiting for its next attempt. */
  private static boolean isAskedAgainLater(WorkflowStub promotion) {
    return promotion.describe().getRawDescription().getPendingActivitiesList().stream()
        .anyMatch(activity -> activity.getAttempt() > 1);
  }

  /** Another promotion that waits for the turn, which the first one keeps as long as it may. */
  private WorkflowStub queueBehind(WorkflowStub first) {
    world.jobs.last("batch");
    WorkflowStub second = engine.start(OTHER_COMMIT);
    engine.untilState(second, PromotionState.WAITING);
    first.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    awaitRun(first, "run job");
    second.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.until(second, view -> engine.lane("prod").waiting().size() == 1);
    return second;
  }

  /** Waits until the promotion waits for a run and knows of it. */
  private void awaitRun(WorkflowStub promotion, String effect) {
    engine.until(promotion, view -> world.count(effect) == 1 && world.jobs.awaited());
  }

  private @Nullable String holder(String workspace) {
    TurnRequest holder = engine.lane(workspace).holder();
    return holder == null ? null : holder.holder();
  }

  private static String id(WorkflowStub promotion) {
    return Objects.requireNonNull(promotion.getExecution()).getWorkflowId();
  }

  private PromotionView cancelled(WorkflowStub promotion) {
    PromotionView view = end(promotion);
    assertThat(view.state()).isEqualTo(PromotionState.CANCELLED);
    assertThat(view.ended()).isNotNull();
    return view;
  }

  /**
   * In Temporal it ends as cancelled, whether it took effect or not; the query shows its result.
   */
  private static PromotionView end(WorkflowStub promotion) {
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class))
        .isInstanceOf(WorkflowFailedException.class)
        .hasCauseInstanceOf(CanceledFailure.class);
    PromotionView view = status(promotion);
    assertThat(promotion.describe().getMemo(Memos.SAYS, String.class, String.class))
        .isEqualTo(view.says());
    return view;
  }
}
