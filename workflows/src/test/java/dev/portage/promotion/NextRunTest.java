package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Decision;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.job.RunResult;
import dev.portage.lane.TurnRequest;
import dev.portage.quarantine.Quarantined;
import dev.portage.settings.Concurrency;
import dev.portage.temporal.Memos;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.PromotionAttributes;
import dev.portage.underway.Ancestors;
import dev.portage.underway.UnderwayWorkflow;
import io.temporal.api.common.v1.Payload;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateHandle;
import io.temporal.client.WorkflowUpdateStage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A promotion whose history grows long continues as a new run of the workflow, exactly where it
 * was. The test server reports from 4 MB on that it is long.
 */
@Isolated("it fills histories, and is slow beside others")
class NextRunTest {

  private static final String JUNK = "x".repeat(1_500_000);

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void whileItWaitsForApprovalItContinuesAsTheSame() {
    world.approvers = List.of("model-owners", "model-risk");
    WorkflowStub promotion = engine.waiting();
    DecisionMessage first = new DecisionMessage("prod-1", "ana@example.com", "good", "one", null);
    promotion.update("approve", Receipt.class, first);
    PromotionView before = status(promotion);
    String former = engine.run(promotion);
    goesOn(promotion);
    assertThat(engine.pageOf(promotion, former))
        .startsWith("## This run has ended; it continues in a newer one");
    PromotionView after = status(promotion);
    assertThat(known(after)).isEqualTo(known(before));
    assertThat(after.refused()).hasSize(3);
    assertThat(promotion.update("approve", Receipt.class, first).text())
        .isEqualTo("prod-1 approved by ana@example.com; still needed: one of model-risk");
    assertThat(
            promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1")).refused())
        .isNotNull();
    promotion.update("approve", Receipt.class, by("rui@example.com", "prod-1"));
    PromotionView end = promotion.getResult(PromotionView.class);
    assertThat(end.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(end.decisions())
        .extracting(Decision::by)
        .containsExactly("ana@example.com", "rui@example.com");
    assertThat(end.refused()).hasSize(4);
    engine.assertOnce();
  }

  @Test
  void itContinuesAsOftenAsNeeded() {
    WorkflowStub promotion = engine.waiting();
    for (int i = 0; i < 5; i++) {
      goesOn(promotion);
    }
    assertThat(status(promotion).refused()).hasSize(15);
    promotion.signal("approve", by("ana@example.com", "prod-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    engine.assertOnce();
  }

  @Test
  void theDeadlineForDecisionsIsKept() {
    WorkflowStub promotion = engine.waiting();
    Instant expires = status(promotion).requests().getFirst().expires();
    engine.environment.sleep(Duration.ofDays(10));
    goesOn(promotion);
    engine.environment.sleep(Duration.ofDays(4).minusMinutes(1));
    assertThat(status(promotion).state()).isEqualTo(PromotionState.WAITING);
    engine.environment.sleep(Duration.ofMinutes(2));
    PromotionView end = status(promotion);
    assertThat(end.state()).isEqualTo(PromotionState.REJECTED);
    assertThat(Objects.requireNonNull(end.ended())).isBetween(expires, expires.plusSeconds(5));
  }

  @Test
  void continuesWhileStoppedWithAJobThatCouldNotBeRestored() {
    world.jobs.endNext("batch", RunResult.Ending.FAILED);
    world.failNext("undoJob", FakeWorld.userFault("no right"));
    WorkflowStub promotion = engine.waiting();
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.STOPPED);
    PromotionView before = status(promotion);
    goesOn(promotion);
    assertThat(known(status(promotion))).isEqualTo(known(before));
    assertThat(status(promotion).next()).isEqualTo(before.next());
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    PromotionView end = promotion.getResult(PromotionView.class);
    assertThat(end.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.count("put job back")).isEqualTo(1);
    assertThat(world.count("submit notebooks/train.py")).isEqualTo(1);
  }

  @Test
  void aJobPausedByAnEarlierRunIsResumedOnceTheMoveIsFound() {
    world.jobs.resumes = "UNPAUSED";
    WorkflowStub promotion = engine.waiting();
    world.loseNextAnswer("mark");
    world.registry.blindOnceMoved = true;
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.STOPPED);
    goesOn(promotion);
    world.registry.blindOnceMoved = false;
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    engine.untilState(promotion, PromotionState.RELEASED);
    assertThat(world.count("resume job")).isOne();
    assertThat(world.count("mark prod champion")).isOne();
  }

  @Test
  void anUnfinishedVersionIsRemovedEvenIfAnotherRunCreatedIt() {
    world.failNext("fillVersion", FakeWorld.userFault("no right to write"));
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.STOPPED);
    goesOn(promotion);
    promotion.cancel("by sam@example.com");
    PromotionView end = engine.until(promotion, view -> view.state() == PromotionState.CANCELLED);
    assertThat(end.notices()).anyMatch(notice -> notice.contains("was incomplete and was removed"));
  }

  @Test
  void whileItTrainsItWaitsForTheSameRun() {
    world.jobs.last("diabetes train");
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> world.jobs.awaited());
    PromotionView before = status(promotion);
    goesOn(promotion);
    assertThat(known(status(promotion))).isEqualTo(known(before));
    world.jobs.finish("diabetes train");
    engine.untilState(promotion, PromotionState.WAITING);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    engine.assertOnce();
  }

  @Test
  void whileItWaitsForTheTurnItKeepsItsPlace() {
    WorkflowStub second = TurnScenarios.queuedBehindAHolder(engine);
    TurnRequest wanted = second.query("turnWanted", TurnRequest.class);
    goesOn(second);
    assertThat(second.query("turnWanted", TurnRequest.class)).isEqualTo(wanted);
    assertThat(engine.lane("prod").waiting()).containsExactly(wanted);
    world.jobs.finish("batch");
    PromotionView asked = engine.until(second, view -> "prod-2".equals(view.request()));
    assertThat(asked.notices()).anyMatch(notice -> notice.contains("so a new request opens"));
  }

  @Test
  void aTurnIsHeldWithinOneRun() {
    WorkflowStub promotion = TurnScenarios.holdingTheTurn(engine);
    String before = engine.run(promotion);
    storm(promotion);
    engine.until(promotion, view -> view.refused().size() == 3);
    world.jobs.finish("batch");
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(engine.run(promotion)).isEqualTo(before);
  }

  @Test
  void aReopenedRequestIsDecidedAgain() {
    WorkflowStub promotion = engine.waiting();
    world.registry.isChampion("5", Map.of("rmse", 55.0), "f".repeat(40));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.until(promotion, view -> "prod-2".equals(view.request()));
    PromotionView before = status(promotion);
    goesOn(promotion);
    assertThat(known(status(promotion))).isEqualTo(known(before));
    promotion.signal("approve", by("ana@example.com", "prod-2"));
    PromotionView end = promotion.getResult(PromotionView.class);
    assertThat(end.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(end.requests()).hasSize(2);
    engine.assertOnce();
  }

  @Test
  void aReleasedWorkspaceStaysReleasedWhileTheNextWaits() {
    world.targets = List.of("qa", "prod");
    world.refuse("label qa/1", FakeWorld.userFault("you may not set tags"));
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> "qa-1".equals(view.request()));
    promotion.update("approve", Receipt.class, by("ana@example.com", "qa-1"));
    engine.until(promotion, view -> "prod-1".equals(view.request()));
    goesOn(promotion);
    assertThat(status(promotion).left()).hasSize(1);
    assertThat(status(promotion).releases()).hasSize(1);
    world.allow("label qa/1");
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    PromotionView end = promotion.getResult(PromotionView.class);
    assertThat(end.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(end.left()).isEmpty();
    assertThat(end.releases()).hasSize(2);
    assertThat(world.count("label qa/1")).isEqualTo(1);
    assertThat(world.count("mark qa champion")).isEqualTo(1);
  }

  /** Skips no time: the test server's clock may stop once a run continued as another. */
  @Test
  void continuesWhileFollowUpsAreRetried() throws Exception {
    WorkflowStub promotion = continuesOnceLive(() -> {});
    PromotionView end = engine.untilState(promotion, PromotionState.RELEASED);
    assertThat(end.left()).isEmpty();
    assertThat(world.count("label prod/1")).isEqualTo(1);
    assertThat(world.count("mark prod champion")).isEqualTo(1);
  }

  @Test
  void whatIsLiveIsNotSupersededByANewerOneThatCameMeanwhile() throws Exception {
    PromotionStart newer =
        PromotionEngine.start(List.of(), null).toBuilder()
            .key(PromotionEngine.OTHER_COMMIT.substring(0, 12))
            .commit(PromotionEngine.OTHER_COMMIT)
            .ancestors(Ancestors.of(List.of(PromotionEngine.COMMIT)))
            .build();
    WorkflowStub promotion =
        continuesOnceLive(() -> engine.untilState(engine.start(newer), PromotionState.WAITING));
    engine.untilState(promotion, PromotionState.RELEASED);
  }

  @Test
  void whatIsLiveIsNotRejectedByAQuarantineThatCameMeanwhile() throws Exception {
    WorkflowStub promotion =
        continuesOnceLive(() ->
            world.clearance.quarantine(
                Quarantined.of(
                        "prod",
                        "diabetes",
                        FakeWorld.DIGEST,
                        Quarantined.Why.ROLLED_BACK,
                        "rollback/prod/diabetes/1",
                        "ops@example.com",
                        Instant.parse("2026-01-02T03:04:05Z"))
                    .commit(PromotionEngine.COMMIT)
                    .version("1")
                    .reason("all zeros")
                    .build()));
    engine.untilState(promotion, PromotionState.RELEASED);
  }

  @Test
  void whatIsQuarantinedWhileItWaitsLosesItsMarkInALaterRun() {
    WorkflowStub promotion = engine.waiting();
    assertThat(world.count("unmark")).isZero();
    world.clearance.quarantine(
        Quarantined.of(
                "prod",
                "diabetes",
                FakeWorld.DIGEST,
                Quarantined.Why.ROLLED_BACK,
                "rollback/prod/diabetes/1",
                "ops@example.com",
                Instant.parse("2026-01-02T03:04:05Z"))
            .commit(PromotionEngine.COMMIT)
            .reason("all zeros")
            .build());
    goesOn(promotion);
    engine.until(promotion, view -> view.state() == PromotionState.REJECTED);
    assertThat(world.effects).containsOnlyOnce("unmark dev Staging");
  }

  @Test
  void oneThatWentOnIsNotRefusedInALaterRunSinceAnotherCameMeanwhile() {
    world.concurrency = Concurrency.REFUSE;
    WorkflowStub first = engine.waiting();
    engine.workflow(UnderwayWorkflow.idOf("prod", "diabetes")).terminate("by mistake");
    engine.untilState(engine.start(PromotionEngine.OTHER_COMMIT), PromotionState.WAITING);
    goesOn(first);
    engine.environment.sleep(Duration.ofSeconds(10));
    assertThat(status(first).state()).isEqualTo(PromotionState.WAITING);
  }

  /** A promotion that continued as a new run once live, with a label left, which works by now. */
  private WorkflowStub continuesOnceLive(Runnable meanwhile) throws InterruptedException {
    world.refuse("label prod/1", FakeWorld.userFault("you may not set tags"));
    WorkflowStub promotion = engine.waiting();
    FaultyWorld.Hold hold = world.hold("mark dev Production");
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    hold.awaitReached();
    String first = engine.run(promotion);
    long live = engine.environment.currentTimeMillis();
    meanwhile.run();
    storm(promotion);
    hold.release();
    CarriedOver.Left left =
        Objects.requireNonNull(carriedOnFrom(first, promotion)).left().getFirst();
    assertThat(left.why()).contains("you may not set tags");
    assertThat(left.until() - live).isBetween(0L, Duration.ofHours(1).toMillis());
    world.allow("label prod/1");
    return promotion;
  }

  @Test
  void aDecisionWaitingForThePlatformFileIsCarriedOverAndAnswered() {
    WorkflowStub promotion = engine.waiting();
    world.refuse("people", FakeWorld.userFault("portage.yaml:3: unknown key"));
    WorkflowUpdateHandle<Receipt> sent =
        promotion.startUpdate(
            "approve",
            WorkflowUpdateStage.ACCEPTED,
            Receipt.class,
            by("ana@example.com", "prod-1"));
    engine.until(promotion, now -> now.says().contains("stored and waiting"));
    goesOn(promotion);
    Receipt receipt = Objects.requireNonNull(sent.getResult());
    assertThat(receipt.text()).contains("accepted but not applied yet").contains("portage.yaml:3");
    assertThat(receipt.refused()).isNull();
    assertThat(status(promotion).decisions()).isEmpty();
    world.allow("people");
    PromotionView end = promotion.getResult(PromotionView.class);
    assertThat(end.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(end.decisions()).extracting(Decision::by).containsExactly("ana@example.com");
  }

  @Test
  void aStormOfDecisionsDoesNotPreventTheNextRun() throws InterruptedException {
    WorkflowStub promotion = engine.waiting();
    FaultyWorld.Hold hold = world.hold("who is who");
    promotion.signal("approve", by("mal@example.com", "prod-1"));
    hold.awaitReached();
    for (int i = 0; i < 900; i++) {
      promotion.signal("approve", by("eve" + i + "@example.com", "prod-1"));
    }
    String before = engine.run(promotion);
    storm(promotion);
    hold.release();
    promotion.signal("approve", by("ana@example.com", "prod-1"));
    PromotionView end = promotion.getResult(PromotionView.class);
    assertThat(engine.run(promotion)).isNotEqualTo(before);
    assertThat(end.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(
            end.refused().size() + Objects.requireNonNull(end.leftOut()).getOrDefault("refused", 0))
        .isEqualTo(904);
    assertThat(world.count("who is who")).isLessThan(8);
  }

  @Test
  void aCancelTakesEffectHoweverLongTheHistoryIs() {
    WorkflowStub promotion = engine.waiting();
    goesOn(promotion);
    storm(promotion);
    promotion.cancel("by sam@example.com");
    engine.until(promotion, view -> view.state() == PromotionState.CANCELLED);
  }

  @Test
  void theStartAndItsTimeAreKept() {
    WorkflowStub promotion = engine.waiting();
    Instant started = status(promotion).started();
    goesOn(promotion);
    var described = engine.workflow(PromotionEngine.id(promotion)).describe();
    assertThat(described.getMemo(Memos.FILE_HASH, String.class, String.class))
        .isEqualTo("f".repeat(64));
    assertThat(described.getMemo(Memos.STARTED, String.class, String.class))
        .isEqualTo(started.toString());
    assertThat(described.getTypedSearchAttributes().get(PromotionAttributes.STATE))
        .isEqualTo(PromotionState.WAITING.name());
  }

  /** Everything that a person can see of it, except what is new. */
  private static List<Object> known(PromotionView view) {
    List<Object> all = new ArrayList<>();
    all.add(view.id());
    all.add(view.state());
    all.add(view.says());
    all.add(view.started());
    all.add(view.path());
    all.add(view.steps());
    all.add(Objects.requireNonNullElse(view.candidate(), ""));
    all.add(view.versions());
    all.add(view.requests());
    all.add(Objects.requireNonNullElse(view.request(), ""));
    all.add(view.decisions());
    all.add(view.notices());
    all.add(Objects.requireNonNullElse(view.problem(), ""));
    all.add(view.settings());
    return all;
  }

  /** A storm of refused messages. */
  private void goesOn(WorkflowStub promotion) {
    String before = engine.run(promotion);
    storm(promotion);
    carriedOnFrom(before, promotion);
    status(promotion);
  }

  /** What a run handed to its successor. */
  private @Nullable CarriedOver carriedOnFrom(String run, WorkflowStub promotion) {
    Instant end = Instant.now().plusSeconds(60);
    while (engine.run(promotion).equals(run)) {
      assertThat(Instant.now()).isBefore(end);
      engine.environment.sleep(Duration.ofSeconds(1));
    }
    Payload carried =
        engine
            .history(promotion, engine.run(promotion))
            .getFirst()
            .getWorkflowExecutionStartedEventAttributes()
            .getInput()
            .getPayloads(1);
    return Payloads.dataConverter().fromPayload(carried, CarriedOver.class, CarriedOver.class);
  }

  private static void storm(WorkflowStub promotion) {
    for (int i = 0; i < 3; i++) {
      promotion.signal("noise", JUNK);
    }
  }
}
