package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.Decision;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateHandle;
import io.temporal.client.WorkflowUpdateStage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who may decide: one definition of a person, and groups as of the moment when a decision is
 * applied.
 */
class DecidersTest {
  @AutoClose private final PromotionEngine engine = new PromotionEngine();

  private final FakeWorld world = engine.world;

  @Test
  void whoDoesNotReadReceiptsLearnsOfARefusalByAnUpdateThatFails() {
    WorkflowStub promotion = engine.waiting();
    DecisionMessage before =
        new DecisionMessage("prod-1", "sam@example.com", null, "d-1", null, null);
    assertThatThrownBy(() -> promotion.update("approve", Receipt.class, before))
        .isInstanceOf(WorkflowUpdateException.class)
        .hasRootCauseMessage(
            "message='sam@example.com started this promotion and can't approve it. Needed: one of model-owners (ana@example.com)',"
                + " type='Refused', nonRetryable=true");
    assertThat(status(promotion).refused()).hasSize(1);
    DecisionMessage good =
        new DecisionMessage("prod-1", "ana@example.com", null, "d-2", null, null);
    assertThat(promotion.update("approve", Receipt.class, good).refused()).isNull();
  }

  @Test
  void aGroupMatchesOtherSpellingsOfItsMembers() {
    world.groups = Map.of("model-owners", List.of("Ana Lima <ANA@example.com>"));
    WorkflowStub promotion = engine.waiting();
    assertThat(approve(promotion, "ana@Example.com").text())
        .isEqualTo("prod-1 approved by ana@Example.com");
    PromotionView view = promotion.getResult(PromotionView.class);
    Decision decision = view.decisions().getFirst();
    assertThat(decision.person()).isEqualTo("ana@example.com");
    assertThat(decision.memberOf()).containsExactly("model-owners");
  }

  @Test
  void onePersonInTwoSpellingsFillsOneGroup() {
    world.approvers = List.of("model-owners", "model-risk");
    world.groups =
        Map.of(
            "model-owners", List.of("ana@example.com"),
            "model-risk", List.of("ana@example.com", "rui@example.com"));
    WorkflowStub promotion = engine.waiting();
    approve(promotion, "ana@example.com");
    assertThat(approve(promotion, "Ana <ANA@example.com>").refused())
        .contains("has already approved this");
  }

  @Test
  void groupChangesCountForLaterApprovals() {
    WorkflowStub promotion = engine.waiting();
    world.groups = Map.of("model-owners", List.of("rui@example.com"));
    assertThat(approve(promotion, "ana@example.com").refused())
        .contains(
            "ana@example.com can't approve this. Needed: one of model-owners (rui@example.com)");
    assertThat(status(promotion).refused())
        .singleElement()
        .satisfies(refusal ->
            assertThat(refusal.message()).contains("approve").contains("ana@example.com"));
    promotion.signal("approve", by("rui@example.com", "prod-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void aGroupThatLostItsListAcceptsNobody() {
    WorkflowStub promotion = engine.waiting();
    world.groups = Map.of();
    assertThat(approve(promotion, "eve@example.com").refused()).contains("model-owners");
  }

  @Test
  void aDecisionStandsAsOfWhenItWasApplied() {
    world.approvers = List.of("model-owners", "model-risk");
    WorkflowStub promotion = engine.waiting();
    approve(promotion, "ana@example.com");
    world.groups =
        Map.of(
            "model-owners", List.of("kim@example.com"), "model-risk", List.of("rui@example.com"));
    approve(promotion, "rui@example.com");
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void missingApprovalsReflectTheCurrentGroups() {
    world.approvers = List.of("model-owners", "model-risk");
    WorkflowStub promotion = engine.waiting();
    assertThat(status(promotion).says()).contains(": one of model-owners, and one of model-risk");
    approve(promotion, "ana@example.com");
    assertThat(status(promotion).says()).contains(": one of model-risk").doesNotContain("owners");
  }

  @Test
  void whileThePlatformFileCannotBeReadADecisionWaitsAndThePageSaysSo() {
    WorkflowStub promotion = engine.waiting();
    world.failNext("people", FakeWorld.userFault("portage.yaml:3: unknown key"));
    world.failNext("people", FakeWorld.userFault("portage.yaml:3: unknown key"));
    promotion.signal("approve", by("ana@example.com", "prod-1"));
    PromotionView view = engine.until(promotion, now -> now.says().contains("stored and waiting"));
    assertThat(view.says()).contains("ana@example.com").contains("portage.yaml:3: unknown key");
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void aDecisionThatCameInTimeCountsThoughTheFileIsReadLater() {
    WorkflowStub promotion = engine.waiting();
    engine.environment.sleep(Duration.ofDays(14).minusMinutes(1));
    for (int i = 0; i < 4; i++) {
      world.failNext("people", FakeWorld.userFault("file not found"));
    }
    promotion.signal("approve", by("ana@example.com", "prod-1"));
    engine.until(promotion, now -> now.says().contains("stored and waiting: "));
    engine.environment.sleep(Duration.ofMinutes(2));
    promotion.signal("reject", by("kim@example.com", "prod-1"));
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.refused())
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.reason()).contains("has expired"));
  }

  @Test
  void aDecisionThatCouldNotBeReadForADayIsRefusedAndListed() {
    WorkflowStub promotion = engine.waiting();
    world.refuse("people", FakeWorld.userFault("file not found"));
    promotion.signal("approve", by("ana@example.com", "prod-1"));
    engine.until(promotion, now -> now.says().contains("stored and waiting: "));
    // On a busy machine the test server may skip more than that, even past the deadline for
    // decisions.
    PromotionView view =
        engine.until(promotion, now -> !now.refused().isEmpty(), Duration.ofHours(1));
    assertThat(view.refused().getFirst().reason()).contains("send it again");
    assertThat(view.decisions()).isEmpty();
  }

  @Test
  void aCancelDoesNotWaitForThePlatformFile() {
    WorkflowStub promotion = engine.waiting();
    world.refuse("people", FakeWorld.userFault("file not found"));
    WorkflowUpdateHandle<Receipt> sent =
        promotion.startUpdate(
            "approve",
            WorkflowUpdateStage.ACCEPTED,
            Receipt.class,
            by("ana@example.com", "prod-1"));
    engine.until(promotion, now -> now.says().contains("stored and waiting: "));
    promotion.cancel("by ana@example.com");
    assertThat(Objects.requireNonNull(sent.getResult()).refused()).isNotNull();
    engine.until(promotion, view -> view.state() == PromotionState.CANCELLED);
    assertThat(status(promotion).decisions()).isEmpty();
  }

  @Test
  void simultaneousDecisionsAreAppliedInOrderAndShareOneRead() {
    world.approvers = List.of("model-owners", "model-risk");
    WorkflowStub promotion = engine.waiting();
    FaultyWorld.Hold hold = world.hold("who is who");
    promotion.signal("approve", by("ana@example.com", "prod-1"));
    for (int i = 0; i < 30; i++) {
      promotion.signal("approve", by("eve" + i + "@example.com", "prod-1"));
    }
    promotion.signal("approve", by("rui@example.com", "prod-1"));
    promotion.signal("reject", by("kim@example.com", "prod-1"));
    hold.release();
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.decisions())
        .extracting(Decision::by)
        .containsExactly("ana@example.com", "rui@example.com");
    assertThat(view.refused())
        .last()
        .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo("prod-1 is already decided"));
    assertThat(world.count("who is who")).isLessThan(6);
  }

  @Test
  void aStormDelaysNeitherDecisionsNorUpdates() {
    WorkflowStub promotion = engine.waiting();
    for (int i = 0; i < 200; i++) {
      promotion.signal("approve", by("eve" + i + "@example.com", "prod-1"));
    }
    engine.until(
        promotion,
        view -> !view.refused().isEmpty() && view.refused().getLast().message().contains("eve199"));
    FaultyWorld.Hold hold = world.hold("who is who");
    for (int i = 0; i < 600; i++) {
      promotion.signal("approve", by("mal" + i + "@example.com", "prod-1"));
    }
    WorkflowUpdateHandle<Receipt> sent =
        promotion.startUpdate(
            "approve",
            WorkflowUpdateStage.ACCEPTED,
            Receipt.class,
            by("ana@example.com", "prod-1"));
    hold.release();
    assertThat(Objects.requireNonNull(sent.getResult()).refused()).isNull();
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.refused())
        .last()
        .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo("prod-1 is already decided"));
    assertThat(Duration.between(view.started(), Objects.requireNonNull(view.ended())))
        .isLessThan(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "\u200b",
        "---",
        "ana@example.com\n# APPROVED",
        "ana@example.com, rui@example.com"
      })
  void anInvalidNameDecidesNothing(String name) {
    WorkflowStub promotion = engine.waiting();
    for (String verb : List.of("approve", "reject")) {
      assertThat(promotion.update(verb, Receipt.class, by(name, "prod-1")).refused()).isNotNull();
    }
    assertThat(world.count("who is who")).isZero();
    assertThat(status(promotion).state()).isEqualTo(PromotionState.WAITING);
  }

  @Test
  void theSameIdCountsOnceEvenIfRepeatedBeforeTheAnswer() {
    world.approvers = List.of("model-owners", "model-risk");
    WorkflowStub promotion = engine.waiting();
    DecisionMessage message = new DecisionMessage("prod-1", "ana@example.com", null, "one", null);
    promotion.signal("approve", message);
    assertThat(promotion.update("approve", Receipt.class, message).refused()).isNull();
    assertThat(status(promotion).decisions()).hasSize(1);
    assertThat(status(promotion).refused()).isEmpty();
  }

  @Test
  void anotherDecisionUnderAUsedIdIsRefused() {
    world.approvers = List.of("model-owners", "model-risk");
    WorkflowStub promotion = engine.waiting();
    assertThat(send(promotion, "approve", "ana@example.com").refused()).isNull();
    assertThat(send(promotion, "approve", "<Ana@example.com>").refused()).isNull();
    for (String verb : List.of("approve", "reject")) {
      assertThat(send(promotion, verb, "rui@example.com").refused())
          .contains("its id belongs to another decision (approve prod-1 by ana@example.com)");
    }
    assertThat(send(promotion, "reject", "ana@example.com").refused()).isNotNull();
    assertThat(approve(promotion, "rui@example.com").refused()).isNull();
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  private static Receipt send(WorkflowStub promotion, String verb, String who) {
    return promotion.update(
        verb, Receipt.class, new DecisionMessage("prod-1", who, null, "one", null));
  }

  private static Receipt approve(WorkflowStub promotion, String who) {
    return promotion.update("approve", Receipt.class, by(who, "prod-1"));
  }
}
