package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.freeze.FreezeOrder;
import dev.portage.quarantine.Quarantined;
import dev.portage.settings.ServeLimits;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What people can do while traffic moves: go on early, abort, freeze, cancel, roll back. */
@Timeout(180)
class ServingOrdersTest extends ServingScene {

  @Test
  void aPersonEndsASoakEarlyByUpdateAndBySignal() {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();

    untilShare(promotion, 5);
    Receipt receipt =
        promotion.update("proceed", Receipt.class, PromotionEngine.by("ana@example.com", ""));
    assertThat(receipt.refused()).isNull();
    assertThat(receipt.text())
        .endsWith("go on: the next share of the traffic follows without another look");
    untilShare(promotion, 25);
    promotion.signal("proceed", PromotionEngine.by("ana@example.com", ""));
    PromotionView view = untilShare(promotion, 50);

    assertThat(view.notices())
        .anyMatch(notice -> notice.contains("ana@example.com ended the soak at 25 % early"));
    promotion.signal("proceed", PromotionEngine.by("ana@example.com", ""));
    untilShare(promotion, 100);
    promotion.signal("proceed", PromotionEngine.by("ana@example.com", ""));
    released(promotion);
  }

  @Test
  void aPersonAbortsAndAllTrafficGoesBack() {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);

    promotion.update("abort", Receipt.class, PromotionEngine.by("rui@example.com", ""));
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(failure(view)).contains("aborted by rui@example.com");
    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());
    assertThat(engine.lane("prod").holder()).isNull();
  }

  @Test
  void anAbortWithTheIdOfAnEarlierProceedIsHeard() {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);
    DecisionMessage message = new DecisionMessage(null, "rui@example.com", null, "once", null);
    promotion.signal("proceed", message);
    promotion.signal("proceed", message);
    untilShare(promotion, 25);

    Receipt receipt = promotion.update("abort", Receipt.class, message);

    assertThat(receipt.text()).contains("all traffic goes back");
    assertThat(failure(engine.untilState(promotion, PromotionState.STOPPED)))
        .contains("aborted by rui@example.com");
  }

  @Test
  void anAbortIsHeardWhileAVersionStarts() {
    isServed();
    endpoints.neverReady = "1";
    WorkflowStub promotion = approved();
    engine.until(promotion, view -> line(view).contains("at 0 %"));

    promotion.update("abort", Receipt.class, PromotionEngine.by("rui@example.com", ""));
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(failure(view)).contains("aborted by rui@example.com");
    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());
  }

  @Test
  void anAbortIsHeardWhileSomebodyElsesUpdateIsUnderWay() {
    isServed();
    endpoints.pendingStays = true;
    endpoints.pending.put(ENDPOINT, zeroAlone());
    WorkflowStub promotion = approved();
    engine.until(promotion, view -> line(view).contains("at 0 %"));

    promotion.update("abort", Receipt.class, PromotionEngine.by("rui@example.com", ""));

    engine.until(promotion, view -> line(view).contains("aborted by rui@example.com"));
    assertThat(endpoints.splits).isEmpty();
    endpoints.pendingStays = false;
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(failure(view)).contains("aborted by rui@example.com");
    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());
  }

  @Test
  void aCancelWhileSomebodyElsesUpdateIsUnderWayPutsEverythingBack() {
    isServed();
    endpoints.pendingStays = true;
    endpoints.pending.put(ENDPOINT, zeroAlone());
    WorkflowStub promotion = approved();
    engine.until(promotion, view -> line(view).contains("at 0 %"));

    promotion.cancel();
    endpoints.pendingStays = false;
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class))
        .hasCauseInstanceOf(CanceledFailure.class);

    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());
  }

  @Test
  void aSoakThatHasNotBegunCannotBeEnded() {
    isServed();
    endpoints.neverReady = "1";
    WorkflowStub promotion = approved();
    engine.until(promotion, view -> line(view).contains("at 0 %"));

    Receipt receipt =
        promotion.update("proceed", Receipt.class, PromotionEngine.by("rui@example.com", ""));

    assertThat(receipt.refused()).contains("no share of the traffic is being watched now");
    endpoints.neverReady = null;
  }

  @Test
  void whoOrdersSomethingWhileNoTrafficMovesIsTold() {
    WorkflowStub promotion = engine.waiting();

    Receipt receipt =
        promotion.update("abort", Receipt.class, PromotionEngine.by("rui@example.com", ""));

    assertThat(receipt.refused()).contains("no version is being given traffic now");
  }

  @Test
  void aFreezeThatBeginsInALongSoakIsHeededBeforeTheNextShare() {
    isServed();
    world.serve = settings(Duration.ofHours(2), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);
    Instant now = Instant.ofEpochMilli(engine.environment.currentTimeMillis());
    world.clearance.freeze(
        new FreezeOrder(
            "f-1", "prod", now.plus(Duration.ofDays(3)), "ops@example.com", "year end", now));

    PromotionView view =
        engine.until(
            promotion, one -> one.state() == PromotionState.FROZEN, Duration.ofMinutes(10));

    assertThat(view.notices()).anyMatch(notice -> notice.startsWith("prod was frozen meanwhile"));
    assertThat(endpoints.splits)
        .containsExactly("0: 100 %, 1: 0 %", "0: 95 %, 1: 5 %", "0: 100 %, 1: 0 %", "0: 100 %");
    assertThat(engine.lane("prod").holder()).isNull();

    engine.until(promotion, one -> one.state() != PromotionState.FROZEN, Duration.ofHours(12));
    PromotionView released = released(promotion);
    assertThat(released.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(endpoints.of(ENDPOINT).text()).isEqualTo("version 1");
  }

  @Test
  void aCandidateThatIsRefusedInALongSoakGetsNoMoreTraffic() {
    isServed();
    world.serve = settings(Duration.ofHours(2), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    PromotionView moving = untilShare(promotion, 5);
    Instant now = Instant.ofEpochMilli(engine.environment.currentTimeMillis());
    world.clearance.quarantine(
        Quarantined.of(
                "prod",
                "diabetes",
                Objects.requireNonNull(moving.candidate()).manifest().digest(),
                Quarantined.Why.REJECTED,
                "promotion/diabetes/other",
                "rui@example.com",
                now)
            .build());

    PromotionView view = PromotionEngine.viewOfFailure(promotion, PromotionWorkflow.REJECTED);

    assertThat(failure(view)).contains("it is in quarantine");
    assertThat(endpoints.splits).doesNotContain("0: 75 %, 1: 25 %");
    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());
  }

  @Test
  void aRollbackPreemptsASoakAndAllTrafficGoesBackFirst() {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);
    world.rollbacks.add("rollback/prod/diabetes/1");

    promotion.signal(
        "preempt",
        new dev.portage.lane.Preempt(
            Objects.requireNonNull(turnOf(promotion)), "rollback/prod/diabetes/1"));
    engine.until(
        promotion,
        view ->
            view.notices().stream()
                .anyMatch(notice -> notice.startsWith("rollback/prod/diabetes/1 took the turn")));

    assertThat(endpoints.splits).contains("0: 100 %, 1: 0 %");
    assertThat(endpoints.splits.subList(0, 4))
        .containsExactly("0: 100 %, 1: 0 %", "0: 95 %, 1: 5 %", "0: 100 %, 1: 0 %", "0: 100 %");
  }

  private static dev.portage.lane.@Nullable TurnRequest turnOf(WorkflowStub promotion) {
    return promotion.query("turnWanted", dev.portage.lane.TurnRequest.class);
  }

  @Test
  void aCancelInASoakPutsEverythingBack() {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);

    promotion.cancel();
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class))
        .hasCauseInstanceOf(CanceledFailure.class);

    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());
  }

  private static String line(PromotionView view) {
    return view.steps().stream()
        .filter(step -> step.name().equals("prod/serve"))
        .map(step -> String.valueOf(step.line()))
        .findFirst()
        .orElse("");
  }
}
