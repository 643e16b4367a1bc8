package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.id;
import static dev.portage.promotion.PromotionEngine.status;
import static dev.portage.promotion.PromotionEngine.viewOfFailure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.freeze.FreezeOrder;
import dev.portage.freeze.FrozenWorkflow;
import dev.portage.freeze.Thawed;
import dev.portage.freeze.UnfreezeOrder;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.job.JobState;
import dev.portage.job.RunResult;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeReceiver;
import dev.portage.order.OrderView;
import dev.portage.order.WorkspaceOrder;
import dev.portage.quarantine.Quarantined;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Candidates in quarantine, frozen workspaces, and broken glass. */
@Timeout(120)
class ClearanceTest {

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void whatAPersonRejectedIsNotTrainedAgainUntilItIsLifted() {
    WorkflowStub first = engine.waiting();
    first.update(
        "reject", Receipt.class, decision("prod-1", "ana@example.com", "predicts nothing"));
    viewOfFailure(first, PromotionWorkflow.REJECTED);
    assertThat(world.clearance.entries)
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.digest()).isEqualTo(FakeWorld.DIGEST);
          assertThat(entry.commit()).isEqualTo(PromotionEngine.COMMIT);
          assertThat(entry.why()).isEqualTo(Quarantined.Why.REJECTED);
          assertThat(entry.by()).isEqualTo("ana@example.com");
          assertThat(entry.reason()).isEqualTo("predicts nothing");
          assertThat(entry.source()).isEqualTo(id(first));
          assertThat(entry.version()).as("nothing is registered there yet").isNull();
          assertThat(entry.subject()).endsWith(", version 1 of diabetes in dev");
        });
    long trained = world.count("submit notebooks/train.py");

    PromotionStart start = PromotionEngine.start(List.of(), null);
    PromotionView second =
        viewOfFailure(engine.start(PromotionEngine.again(start)), PromotionWorkflow.REJECTED);

    assertThat(second.says())
        .contains("it is in quarantine")
        .contains("predicts nothing")
        .contains("ana@example.com");
    assertThat(Objects.requireNonNull(second.problem()).remedy())
        .endsWith(
            "portage lift diabetes 0123456789ab --reason TEXT, then: portage start promotion.yaml"
                + " --commit 0123456789ab --again --reason TEXT");
    assertThat(world.count("submit notebooks/train.py")).isEqualTo(trained);

    world.clearance.entries.clear();
    engine.untilState(
        engine.start(start.toBuilder().key(start.key() + "/3").build()), PromotionState.WAITING);
  }

  @Test
  void theSameBytesAreRefusedWhateverTheirCommit() {
    refuse(null);
    WorkflowStub promotion = engine.start();
    PromotionView view = viewOfFailure(promotion, PromotionWorkflow.REJECTED);
    assertThat(view.says()).contains("it is in quarantine");
    assertThat(view.requests()).as("nobody is asked").isEmpty();
  }

  @Test
  void aVersionOfARefusedCommitIsRefusedBeforeItIsLabelled() {
    refuse(PromotionEngine.COMMIT);
    world.registry.madeElsewhere("7");
    world.trainedFrom = PromotionEngine.COMMIT;
    PromotionView view =
        viewOfFailure(
            engine.start(PromotionEngine.start(List.of(), "7")), PromotionWorkflow.REJECTED);
    assertThat(view.says()).contains("it is in quarantine");
    assertThat(Objects.requireNonNull(view.problem()).remedy())
        .endsWith(
            "then: portage start promotion.yaml --version 7 --commit 0123456789ab --again --reason"
                + " TEXT");
    assertThat(view.candidate()).isNull();
    assertThat(world.registry.marks).isEmpty();
  }

  @Test
  void whatIsRolledBackWhileItIsDecidedOnDoesNotGoLive() {
    WorkflowStub promotion = engine.waiting();
    refuse(PromotionEngine.COMMIT);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    PromotionView view = viewOfFailure(promotion, PromotionWorkflow.REJECTED);
    assertThat(view.says()).contains("it is in quarantine");
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
  }

  @Test
  void aRejectionByTheGatesIsNoQuarantine() {
    world.metrics = java.util.Map.of("rmse", 99.0);
    viewOfFailure(engine.start(), PromotionWorkflow.REJECTED);
    assertThat(world.clearance.entries).isEmpty();
  }

  @Test
  void aFrozenWorkspaceHoldsAPromotionUpUntilItIsUnfrozen() {
    world.receivers = List.of(new NoticeReceiver("team", List.of(NoticeKind.FROZEN)));
    freeze(Duration.ofDays(3));
    WorkflowStub promotion = engine.approved();

    PromotionView view = engine.untilState(promotion, PromotionState.FROZEN);
    assertThat(view.says())
        .contains("prod is frozen until")
        .contains("by ops@example.com: end of the year")
        .contains("To end it: portage unfreeze prod --reason TEXT");
    assertThat(view.next())
        .isEqualTo("portage resume " + id(promotion) + " --break-glass --reason TEXT");
    engine.environment.sleep(Duration.ofHours(5));
    assertThat(status(promotion).state()).isEqualTo(PromotionState.FROZEN);
    assertThat(world.count("run job")).isZero();

    world.clearance.unfreeze(new UnfreezeOrder("prod", "ops@example.com", "done", Instant.now()));
    engine.environment.sleep(Duration.ofMinutes(11));

    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.delivered)
        .extracting(order -> order.notice().kind())
        .containsExactly(NoticeKind.FROZEN);
  }

  @Test
  void aPromotionThatIsHeldUpContinuesWithinSecondsOfAnUnfreeze() {
    freeze(Duration.ofDays(3));
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.FROZEN);
    engine.environment.sleep(Duration.ofHours(5));
    long looks = world.count("clearance of prod");

    Instant ended = now();
    order(WorkspaceOrder.unfreeze("prod", "ops@example.com", "over early"));

    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(Objects.requireNonNull(view.ended())).isBefore(ended.plusSeconds(60));
    assertThat(looks).as("it looks for itself only now and then").isLessThan(50);
  }

  @Test
  void oneThatAnotherFreezeStillHoldsUpIsToldOfTheNextEnd() {
    freeze(Duration.ofDays(3));
    freeze("f-2", Duration.ofDays(2));
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.FROZEN);
    engine.environment.sleep(Duration.ofHours(5));
    world.clearance.freezes.removeIf(freeze -> freeze.id().equals("f-1"));
    promotion.signal(Thawed.SIGNAL, new Thawed("prod"));
    engine.environment.sleep(Duration.ofSeconds(10));
    assertThat(status(promotion).state()).isEqualTo(PromotionState.FROZEN);

    Instant ended = now();
    order(WorkspaceOrder.unfreeze("prod", "ops@example.com", "over early"));
    assertThat(Objects.requireNonNull(promotion.getResult(PromotionView.class).ended()))
        .isBefore(ended.plusSeconds(60));
  }

  /** Of two freezes one ends just as it announces itself: it is struck off, and still held up. */
  @Test
  void oneThatIsToldWhileItAnnouncesItselfAnnouncesItselfAgain() {
    freeze(Duration.ofDays(3));
    engine.heldUp.endedNext = true;
    // The message comes once its first task has lasted long.
    WorkflowStub promotion =
        engine.start(PromotionEngine.start(List.of(), null), Duration.ofSeconds(2));
    engine.untilState(promotion, PromotionState.WAITING);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.FROZEN);
    engine.environment.sleep(Duration.ofMinutes(5));
    assertThat(status(promotion).state()).isEqualTo(PromotionState.FROZEN);

    Instant ended = now();
    order(WorkspaceOrder.unfreeze("prod", "ops@example.com", "over early"));
    assertThat(Objects.requireNonNull(promotion.getResult(PromotionView.class).ended()))
        .isBefore(ended.plusSeconds(20));
  }

  @Test
  void oneThatNobodyTellsFindsOutByItself() {
    freeze(Duration.ofDays(3));
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.FROZEN);
    engine.workflow(FrozenWorkflow.idOf("prod")).terminate("by mistake");
    order(WorkspaceOrder.unfreeze("prod", "ops@example.com", "over early"));
    engine.environment.sleep(Duration.ofMinutes(11));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void aFreezeThatBeginsWhileTheJobScoresIsHeededBeforeTheChampionMoves() {
    JobState before = new JobState(7, "diabetes-batch", "hash-0", "0", null, null);
    WorkflowStub promotion = scoring(before);
    freeze(Duration.ofDays(3));
    world.jobs.finish("batch");

    PromotionView view = engine.untilState(promotion, PromotionState.FROZEN);
    assertThat(view.notices()).anyMatch(notice -> notice.startsWith("prod was frozen meanwhile"));
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
    assertThat(world.jobs.job).isEqualTo(before);
    assertThat(engine.lane("prod").holder()).isNull();

    world.clearance.unfreeze(new UnfreezeOrder("prod", "ops@example.com", "done", Instant.now()));
    engine.environment.sleep(Duration.ofMinutes(11));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.effects)
        .containsSubsequence("reset job", "run job", "put job back", "reset job", "run job");
  }

  @Test
  void whatIsQuarantinedWhileItsJobScoresDoesNotGoLive() {
    JobState before = new JobState(7, "diabetes-batch", "hash-0", "0", null, null);
    WorkflowStub promotion = scoring(before);
    refuse(PromotionEngine.COMMIT);
    world.jobs.finish("batch");
    PromotionView view = viewOfFailure(promotion, PromotionWorkflow.REJECTED);
    assertThat(view.says()).contains("it is in quarantine");
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
    assertThat(world.jobs.job).isEqualTo(before);
  }

  @Test
  void aFreezeThatEndsByItselfLetsThePromotionGoOnAtOnce() {
    freeze(Duration.ofMinutes(7));
    WorkflowStub promotion = engine.approved();
    Instant until = world.clearance.freezes.getFirst().until();
    engine.untilState(promotion, PromotionState.FROZEN);
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(Objects.requireNonNull(view.ended()))
        .isBetween(until, until.plus(Duration.ofMinutes(2)));
  }

  @Test
  void twoPeopleBreakTheGlass() {
    freeze(Duration.ofDays(3));
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.FROZEN);

    Receipt first = glass(promotion, "ana@example.com", "customers are hit");
    assertThat(first.refused()).isNull();
    assertThat(first.text()).contains("a second person has to confirm it within 1h");
    Receipt same = glass(promotion, "Ana <ANA@example.com>", "again");
    assertThat(same.refused()).contains("a second person has to confirm it");
    assertThat(status(promotion).state()).isEqualTo(PromotionState.FROZEN);
    Receipt second = glass(promotion, "ben@example.com", "agreed");
    assertThat(second.refused()).isNull();

    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.notices())
        .anyMatch(notice ->
            notice.contains("goes through the freeze of prod")
                && notice.contains("ana@example.com")
                && notice.contains("ben@example.com"));
    assertThat(world.log)
        .filteredOn(event -> event.kind() == HistoryKind.BREAK_GLASS)
        .singleElement()
        .satisfies(event -> {
          assertThat(event.by()).isEqualTo("ana@example.com");
          assertThat(event.reason()).contains("customers are hit").contains("ben@example.com");
        });
  }

  @Test
  void aConfirmedOrderIsNotForAFreezeThatBeginsLater() {
    freeze(Duration.ofDays(1));
    world.jobs.endNext("batch", RunResult.Ending.FAILED);
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.FROZEN);
    glass(promotion, "ana@example.com", "customers are hit");
    glass(promotion, "ben@example.com", "agreed");
    engine.untilState(promotion, PromotionState.STOPPED);

    world.clearance.unfreeze(new UnfreezeOrder("prod", "ops@example.com", "done", Instant.now()));
    freeze("f-2", Duration.ofDays(3));
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    engine.untilState(promotion, PromotionState.FROZEN);

    Receipt again = glass(promotion, "ana@example.com", "still hit");
    assertThat(again.text()).contains("a second person has to confirm it");
    glass(promotion, "ben@example.com", "agreed");
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.log)
        .filteredOn(event -> event.kind() == HistoryKind.BREAK_GLASS)
        .extracting(HistoryEvent::reason)
        .satisfiesExactly(
            reason -> assertThat(reason).contains("customers are hit"),
            reason -> assertThat(reason).contains("still hit"));
  }

  @Test
  void oneOrderIsForAllFreezesInForce() {
    freeze(Duration.ofDays(1));
    freeze("f-2", Duration.ofDays(3));
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.FROZEN);
    glass(promotion, "ana@example.com", "customers are hit");
    glass(promotion, "ben@example.com", "agreed");
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void anUnconfirmedOrderLapses() {
    freeze(Duration.ofDays(3));
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.FROZEN);
    glass(promotion, "ana@example.com", "customers are hit");
    engine.environment.sleep(Duration.ofMinutes(61));
    Receipt late = glass(promotion, "ben@example.com", "agreed");
    assertThat(late.text()).contains("ordered by ben@example.com").contains("a second person");
    assertThat(status(promotion).state()).isEqualTo(PromotionState.FROZEN);
  }

  @Test
  void anOrderWithoutAReasonOrWithoutAFreezeIsRefused() {
    WorkflowStub promotion = engine.waiting();
    assertThat(glass(promotion, "ana@example.com", "why not").refused())
        .contains("no freeze holds this promotion up");
    freeze(Duration.ofDays(3));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.FROZEN);
    assertThat(glass(promotion, "ana@example.com", null).refused()).contains("--reason");
    assertThat(glass(promotion, " ", "x").refused()).contains("who sent it");
    assertThat(status(promotion).refused()).hasSize(3);
  }

  /** A promotion whose job scores, under the turn. */
  private WorkflowStub scoring(JobState before) {
    world.jobs.job = before;
    world.jobs.last("batch");
    WorkflowStub promotion = engine.approved();
    engine.until(promotion, view -> world.count("run job") == 1 && world.jobs.awaited());
    return promotion;
  }

  private void refuse(@Nullable String commit) {
    world.clearance.quarantine(
        Quarantined.of(
                "prod",
                "diabetes",
                FakeWorld.DIGEST,
                Quarantined.Why.ROLLED_BACK,
                "rollback/prod/diabetes/1",
                "ops@example.com",
                Instant.parse("2026-01-02T03:04:05Z"))
            .commit(commit)
            .version("4")
            .reason("all zeros")
            .build());
  }

  private void freeze(Duration length) {
    freeze("f-1", length);
  }

  private void freeze(String id, Duration length) {
    Instant now = now();
    world.clearance.freeze(
        new FreezeOrder(id, "prod", now.plus(length), "ops@example.com", "end of the year", now));
  }

  private void order(WorkspaceOrder order) {
    WorkflowStub stub = engine.workflow("OrderWorkflow", order.kind().word() + "/1");
    stub.start(order);
    assertThat(stub.getResult(OrderView.class).problem()).isNull();
  }

  private Instant now() {
    return Instant.ofEpochMilli(engine.environment.currentTimeMillis());
  }

  private static Receipt glass(WorkflowStub promotion, String by, @Nullable String reason) {
    return promotion.update("break-glass", Receipt.class, decision(null, by, reason));
  }

  private static DecisionMessage decision(
      @Nullable String request, String by, @Nullable String comment) {
    return new DecisionMessage(request, by, comment, null, null);
  }
}
