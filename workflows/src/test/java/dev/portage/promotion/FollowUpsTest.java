package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.Receipt;
import dev.portage.registry.Tags;
import dev.portage.release.FinishStart;
import dev.portage.release.FinishView;
import dev.portage.release.FinishWorkflow;
import dev.portage.release.Release;
import dev.portage.release.Unfinished;
import dev.portage.step.StepView;
import dev.portage.temporal.Memos;
import dev.portage.temporal.TestTemporal;
import dev.portage.text.DetailsPage;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What follows once the champion has moved: none of it stops, ends or undoes a promotion. */
@Timeout(120)
class FollowUpsTest {

  private static final String OTHER_COMMIT = "fedcba9876543210fedcba9876543210fedcba98";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void aRefusedTagHoldsNoTurnAndTheReleaseListsItAsUnfinished() {
    world.refuse("label prod/1", FakeWorld.userFault("you may not set tags"));
    WorkflowStub promotion = engine.approved();

    PromotionView trying = engine.until(promotion, view -> !view.left().isEmpty());
    engine.until(promotion, view -> view.says().contains("retrying"));
    assertThat(trying.state()).isEqualTo(PromotionState.RUNNING);
    assertThat(engine.lane("prod").holder()).isNull();

    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.says()).isEqualTo("released v1 in prod");
    assertThat(view.left())
        .extracting(Unfinished::text)
        .containsExactly(
            "prod/release: label version 1 of diabetes in prod (you may not set tags)");
    assertThat(view.next()).isEqualTo("portage resume promotion/diabetes/0123456789ab");
    assertThat(step(view, "prod/release").state()).isEqualTo(StepView.State.FAILED);
    assertThat(step(view, "close").state()).isEqualTo(StepView.State.DONE);
    assertThat(world.count("put job back")).isZero();
    assertThat(world.effects).contains("release 1", "mark dev Production");
    assertThat(promotion.describe().getMemo(Memos.UNFINISHED, String.class, String.class))
        .contains("label version 1");
    assertThat(DetailsPage.of(PromotionPage.details(view)))
        .contains("### Unfinished")
        .contains("label version 1");
  }

  @Test
  void aSlowRecordDelaysNeitherTheTurnNorOtherFollowUps() throws Exception {
    FaultyWorld.Hold record = world.hold("release 1");
    WorkflowStub promotion = engine.approved();
    record.awaitReached();

    engine.until(promotion, any -> world.effects.contains("mark dev Production"));
    engine.until(
        promotion, any -> Tags.LIVE.equals(world.registry.tagsOf("prod", "1").get(Tags.RELEASE)));
    engine.until(promotion, any -> engine.lane("prod").holder() == null);
    assertThat(status(promotion).state()).isEqualTo(PromotionState.RUNNING);

    record.release();
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.left()).isEmpty();
    assertThat(step(view, "prod/release").result())
        .contains("version 1 is labelled", "recorded at");
    assertThat(step(view, "close").state()).isEqualTo(StepView.State.DONE);
  }

  @Test
  void aFatalFailureAfterTheChampionMovedStillEndsReleased() {
    world.refuse("release 1", FakeWorld.fatalFault("the run is deleted"));
    world.refuse("mark dev Production", FakeWorld.fatalFault("the model is deleted"));
    PromotionView view = engine.approved().getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.left())
        .extracting(left -> left.order().step())
        .containsExactly("prod/release", "close");
    assertThat(world.registry.tagsOf("prod", "1")).containsEntry(Tags.RELEASE, Tags.LIVE);
  }

  @Test
  void anotherPromotionGoesLiveWhileTheFirstOneIsStillTrying() {
    world.withBatch = false;
    world.refuse("label prod/1", FakeWorld.userFault("you may not set tags"));
    WorkflowStub first = engine.approved();
    engine.until(first, view -> view.says().contains("retrying"));

    WorkflowStub second = engine.start(OTHER_COMMIT);
    engine.until(second, view -> view.request() != null);
    second.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    assertThat(second.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    world.allow("label prod/1");

    PromotionView view = first.getResult(PromotionView.class);
    assertThat(view.left()).isEmpty();
    assertThat(step(view, "prod/release").result()).contains("superseded");
    assertThat(world.registry.tagsOf("prod", "1")).containsEntry(Tags.RELEASE, Tags.SUPERSEDED);
    assertThat(world.registry.tagsOf("prod", "2")).containsEntry(Tags.RELEASE, Tags.LIVE);
    assertThat(world.registry.marks)
        .containsEntry("prod/champion", "2")
        .containsEntry("dev/Production", "2");
  }

  @Test
  void aFollowUpThatSucceedsLaterIsNotUnfinished() {
    world.failNext("label prod/1", FakeWorld.userFault("not yet"));
    world.failNext("label prod/1", FakeWorld.userFault("not yet"));
    WorkflowStub promotion = engine.approved();
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.left()).isEmpty();
    assertThat(view.next()).isNull();
    assertThat(step(view, "prod/release").state()).isEqualTo(StepView.State.DONE);
    assertThat(world.effects).containsOnlyOnce("release 1", "label prod/1");
  }

  @Test
  void resumeRetriesItImmediately() {
    world.refuse("label prod/1", FakeWorld.userFault("you may not set tags"));
    WorkflowStub promotion = engine.approved();
    engine.until(promotion, view -> view.says().contains("retrying"));
    engine.environment.sleep(Duration.ofMinutes(3));
    world.allow("label prod/1");
    long asked = engine.environment.currentTimeMillis();

    Receipt receipt = promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));

    assertThat(receipt.text()).isEqualTo("resumed by sam@example.com");
    assertThat(promotion.getResult(PromotionView.class).left()).isEmpty();
    assertThat(Objects.requireNonNull(status(promotion).ended()).toEpochMilli() - asked)
        .isLessThan(Duration.ofSeconds(30).toMillis());
  }

  @Test
  void unfinishedFollowUpsDoNotDelayTheNextWorkspace() {
    world.targets = List.of("qa", "prod");
    world.refuse("label qa/1", FakeWorld.userFault("you may not set tags"));
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> "qa-1".equals(view.request()));
    promotion.update("approve", Receipt.class, by("ana@example.com", "qa-1"));
    PromotionView between = engine.until(promotion, view -> "prod-1".equals(view.request()));
    assertThat(between.left()).hasSize(1);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.says()).isEqualTo("released v1 in qa, v1 in prod");
    assertThat(view.left())
        .extracting(Unfinished::text)
        .containsExactly("qa/release: label version 1 of diabetes in qa (you may not set tags)");
  }

  @Test
  void aRejectionByALaterWorkspaceStillListsWhatIsUnfinishedInTheFirst() {
    world.targets = List.of("qa", "prod");
    world.refuse("label qa/1", FakeWorld.userFault("you may not set tags"));
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> "qa-1".equals(view.request()));
    promotion.update("approve", Receipt.class, by("ana@example.com", "qa-1"));
    engine.until(promotion, view -> "prod-1".equals(view.request()));
    promotion.update("reject", Receipt.class, by("ana@example.com", "prod-1"));
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class))
        .isInstanceOf(WorkflowFailedException.class);
    PromotionView view = status(promotion);
    assertThat(view.state()).isEqualTo(PromotionState.REJECTED);
    assertThat(view.left()).hasSize(1);
    assertThat(view.next()).startsWith("portage resume");
  }

  @Test
  void onlyUnfinishedFollowUpsAreFinishedLater() {
    world.refuse("label prod/1", FakeWorld.userFault("you may not set tags"));
    world.refuse("mark dev Production", FakeWorld.userFault("you may not change stages"));
    PromotionView view = engine.approved().getResult(PromotionView.class);
    assertThat(view.left()).hasSize(2);
    world.allow("mark dev Production");
    long before = world.effects.size();

    FinishView half = finish(view, view.left());
    assertThat(half.done()).containsExactly("close: Production of diabetes in dev is version 1");
    assertThat(half.unfinished()).hasSize(1);
    world.allow("label prod/1");
    FinishView whole = finish(view, half.unfinished());

    assertThat(whole.unfinished()).isEmpty();
    assertThat(world.registry.tagsOf("prod", "1")).containsEntry(Tags.RELEASE, Tags.LIVE);
    assertThat(world.effects.stream().skip(before).filter(effect -> !effect.startsWith("read")))
        .containsExactly("mark dev Production", "label prod/1");
  }

  @Test
  void aMarkThatANewerReleaseSetMeanwhileIsRestored() throws InterruptedException {
    FaultyWorld.Hold hold = world.hold("mark dev Production");
    WorkflowStub promotion = engine.approved();
    hold.awaitReached();
    // A newer release goes live and closes between our read and our change.
    world.registry.isChampion("9", Map.of("rmse", 50.0), OTHER_COMMIT);
    world.registry.isOriginOf("8");
    hold.release();
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(world.registry.marks).containsEntry("dev/Production", "8");
    assertThat(step(view, "close").result()).contains("now belongs to the newer release");
  }

  @Test
  void theReleaseNamesTheVersionThatTheMoveReplaced() {
    world.registry.isChampion("5", Map.of("rmse", 55.0), PromotionEngine.COMMIT);
    world.jobs.last("batch");
    WorkflowStub promotion = engine.approved();
    engine.until(promotion, view -> world.count("run job") == 1 && world.jobs.awaited());
    // Someone moves the champion by hand while the batch job runs.
    world.registry.isChampion("6", Map.of("rmse", 54.0), PromotionEngine.COMMIT);
    world.jobs.finish("batch");
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.releases()).extracting(Release::previousVersion).containsExactly("6");
    assertThat(step(view, "prod/champion").result()).isEqualTo("champion 6 → 1");
    assertThat(view.notices()).anyMatch(notice -> notice.contains("the decisions stand"));
  }

  @Test
  void aChampionThatMovesDuringTheBatchAndCantBeComparedIsDecidedAgain() {
    world.registry.isChampion("5", Map.of("rmse", 55.0), PromotionEngine.COMMIT);
    world.jobs.last("batch");
    WorkflowStub promotion = engine.approved();
    engine.until(promotion, view -> world.count("run job") == 1 && world.jobs.awaited());
    world.registry.isChampion("6", Map.of("rmse", 54.0), OTHER_COMMIT);
    world.jobs.finish("batch");
    PromotionView view = engine.until(promotion, v -> "prod-2".equals(v.request()));
    assertThat(world.jobs.job).isNull();
    assertThat(engine.lane("prod").holder()).isNull();
    assertThat(view.notices())
        .anyMatch(notice -> notice.equals("live in prod now: batch: nothing, champion: version 6"));
  }

  private FinishView finish(PromotionView view, List<Unfinished> left) {
    FinishStart start = new FinishStart(view.id(), left, "sam@example.com");
    return engine
        .environment
        .getWorkflowClient()
        .newWorkflowStub(FinishWorkflow.class, TestTemporal.withId(start.workflowId()))
        .finish(start);
  }

  private static StepView step(PromotionView view, String name) {
    return view.steps().stream().filter(step -> step.name().equals(name)).findFirst().orElseThrow();
  }
}
