package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.Receipt;
import dev.portage.approval.Refusal;
import dev.portage.text.DetailsPage;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who decides on a promotion, and how a decision reaches it. */
class PromotionDecisionsTest {
  @AutoClose private final PromotionEngine engine = new PromotionEngine();

  private final FakeWorld world = engine.world;

  @Test
  @Tag("S1.32")
  void waitsForDaysThenCountsAnUndecidedRequestAsRejected() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    engine.environment.sleep(Duration.ofDays(13));
    assertThat(status(promotion).state()).isEqualTo(PromotionState.WAITING);
    PromotionView view = PromotionEngine.viewOfFailure(promotion, PromotionWorkflow.REJECTED);
    assertThat(view.says()).contains("nobody decided within 14d");
    assertThat(world.count("copy")).isZero();
  }

  @Test
  @Tag("S1.32")
  void aRejectionEndsThePromotionWithReasonAndName() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    promotion.signal(
        "reject", Map.of("request", "prod-1", "by", "ana@example.com", "comment", "bias in age"));
    PromotionView view = PromotionEngine.viewOfFailure(promotion, PromotionWorkflow.REJECTED);
    assertThat(view.says()).isEqualTo("rejected by ana@example.com: bias in age");
    assertThat(view.state()).isEqualTo(PromotionState.REJECTED);
  }

  @Test
  void neitherStarterNorCommitterNorAStrangerMayApprove() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    assertThat(refused(promotion, "kim@example.com")).contains("kim@example.com made the commit");
    assertThat(refused(promotion, "sam@example.com"))
        .contains("sam@example.com started this promotion");
    assertThat(refused(promotion, "eve@example.com"))
        .contains("eve@example.com can't approve this. Needed: one of model-owners");
    assertThat(status(promotion).decisions()).isEmpty();
    assertThat(status(promotion).refused()).hasSize(3);
  }

  @Test
  void aGroupWithoutAListAcceptsAnyUninvolvedListedPerson() {
    world.approvers = List.of("approvers");
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    assertThat(refused(promotion, "sam@example.com")).contains("started this promotion");
    promotion.update("approve", Receipt.class, by("rui@example.com", "prod-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void asksOnePersonOfEachGroup() {
    world.approvers = List.of("model-owners", "model-risk");
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    Receipt first = promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    assertThat(first.text()).contains("still needed: one of model-risk");
    assertThat(status(promotion).state()).isEqualTo(PromotionState.WAITING);
    promotion.update("approve", Receipt.class, by("rui@example.com", "prod-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void aSignalCountsOrIsListedAsRefused() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    promotion.signal("approve", "yes please");
    promotion.signal("approve", Map.of("by", "ana@example.com"));
    promotion.signal("approve", Map.of("request", "prod-7", "by", "ana@example.com"));
    promotion.signal("approve", Map.of("request", "prod-1"));
    promotion.signal("aprove", Map.of("request", "prod-1", "by", "ana@example.com"));
    promotion.signal("approve");
    PromotionView view = engine.until(promotion, v -> v.refused().size() == 6);
    assertThat(view.refused())
        .extracting(Refusal::reason)
        .anyMatch(reason -> reason.contains("can't be read"))
        .anyMatch(reason -> reason.contains("doesn't name a request"))
        .anyMatch(reason -> reason.contains("names prod-7, but the open request is prod-1"))
        .anyMatch(reason -> reason.contains("doesn't say who sent it"))
        .anyMatch(reason -> reason.contains("unknown message"));
    assertThat(view.state()).isEqualTo(PromotionState.WAITING);
    promotion.signal("approve", Map.of("request", "prod-1", "by", "ana@example.com"));
    assertThat(promotion.getResult(PromotionView.class).decisions()).hasSize(1);
  }

  @Test
  void anUnreadableUpdateIsAnsweredPlainlyAndListedAsRefused() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    List<Object> unreadable =
        List.of(
            "yes",
            5,
            List.of("prod-1"),
            Map.of("request", List.of(1), "by", "ana@example.com"),
            new byte[] {1, 2, 3});
    for (Object message : unreadable) {
      for (String name : List.of("approve", "reject", "resume")) {
        assertThatThrownBy(() -> promotion.update(name, Receipt.class, message))
            .isInstanceOf(WorkflowUpdateException.class)
            .cause()
            .isInstanceOf(ApplicationFailure.class)
            .hasMessageContaining("it can't be read; it must look like {\"request\":\"prod-1\"")
            .hasMessageNotContaining("jackson")
            .hasMessageNotContaining("deserialize");
      }
    }
    assertThatThrownBy(() -> promotion.update("aprove", Receipt.class, "yes"))
        .hasStackTraceContaining(
            "unknown message; use approve, reject, resume, break-glass, proceed or abort");
    PromotionView view = status(promotion);
    assertThat(view.refused())
        .hasSize(16)
        .extracting(Refusal::message)
        .contains("approve yes", "reject 5", "resume [prod-1]", "aprove yes")
        .contains("approve with a payload that is not JSON");
    assertThat(view.state()).isEqualTo(PromotionState.WAITING);
    promotion.update(
        "approve", Receipt.class, Map.of("request", "prod-1", "by", "ana@example.com"));
    assertThat(promotion.getResult(PromotionView.class).decisions()).hasSize(1);
  }

  @Test
  void aDecisionSentAsUpdateAndAsSignalCountsOnce() {
    world.approvers = List.of("model-owners", "model-risk");
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    Map<String, String> decision =
        Map.of("request", "prod-1", "by", "ana@example.com", "id", "decision-1");
    promotion.signal("approve", decision);
    Receipt again = promotion.update("approve", Receipt.class, decision);
    assertThat(again.id()).isEqualTo("decision-1");
    assertThat(status(promotion).decisions()).hasSize(1);
    assertThat(status(promotion).refused()).isEmpty();
  }

  @Test
  void theWebUiPageShowsWhyItWaitsWhoMayActAndWhatToPaste() {
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.WAITING);
    String page = DetailsPage.of(PromotionPage.details(view));
    assertThat(page)
        .contains("waiting for approval prod-1 until ")
        .contains("Can't approve: `sam@example.com`, `kim@example.com`")
        .contains("portage approve promotion/diabetes/0123456789ab --request prod-1")
        .contains("{\"request\":\"prod-1\",\"by\":\"YOU\"}")
        .contains("\\<new version\\>")
        .hasSizeLessThan(20_000);
  }

  @Test
  void aFailedGateRejectsBeforeAnyoneIsAsked() {
    world.metrics = Map.of("rmse", 71.2);
    WorkflowStub promotion = engine.start();
    PromotionView view = PromotionEngine.viewOfFailure(promotion, PromotionWorkflow.REJECTED);
    assertThat(view.says()).contains("rmse 71.2, required: at most 60");
    assertThat(view.requests()).isEmpty();
    assertThat(world.count("copy")).isZero();
  }

  @Test
  void asksNobodyIfTheTierNeedsNobodyAndAllGatesPass() {
    world.approvers = List.of();
    world.registry.isChampion("1", Map.of("rmse", 55.0), PromotionEngine.COMMIT);
    assertThat(engine.start().getResult(PromotionView.class).requests()).isEmpty();
  }

  @Test
  void asksAPersonAboutAFirstVersionEvenIfTheTierNeedsNobody() {
    world.approvers = List.of();
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.WAITING);
    assertThat(view.requests().getFirst().evidence().results())
        .anyMatch(result -> result.measured().equals("none in prod yet"));
  }

  private static String refused(WorkflowStub promotion, String who) {
    return String.valueOf(promotion.update("approve", Receipt.class, by(who, "prod-1")).refused());
  }
}
