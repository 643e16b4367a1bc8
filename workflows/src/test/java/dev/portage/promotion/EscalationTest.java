package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.text.DetailsPage;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A second group may decide about a request that stays open. */
class EscalationTest {

  private final PromotionEngine engine = new PromotionEngine();

  @BeforeEach
  void escalateToTheHeads() {
    engine.world.withBatch = false;
    engine.world.approvers = List.of("model-owners", "model-risk");
    engine.world.groups =
        Map.of(
            "model-owners", List.of("ana@example.com"),
            "model-risk", List.of("rui@example.com"),
            "heads", List.of("cleo@example.com", "dee@example.com", "kim@example.com"));
    engine.world.escalateTo = List.of("heads");
    engine.world.expires = Duration.ofDays(4);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void beforeHalfOfTheTimeTheSecondGroupMayNotDecide() {
    WorkflowStub promotion = waiting();
    engine.environment.sleep(Duration.ofHours(47));
    assertThat(approve(promotion, "cleo@example.com").refused()).contains("can't approve this");
    assertThat(page(promotion)).contains("on, in place of any of these: one of heads.");
  }

  @Test
  void fromHalfOfTheTimeOnEachOfThemStandsInForOneGroup() {
    WorkflowStub promotion = waiting();
    engine.environment.sleep(Duration.ofHours(49));
    assertThat(PromotionEngine.status(promotion).says())
        .contains("or one of heads in place of any of them");
    assertThat(approve(promotion, "cleo@example.com").refused()).isNull();
    assertThat(approve(promotion, "cleo@example.com").refused()).contains("already approved");
    assertThat(approve(promotion, "dee@example.com").refused()).isNull();
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void whoHadAHandInItMayNotApproveAsASecondGroupEither() {
    WorkflowStub promotion = waiting();
    engine.environment.sleep(Duration.ofHours(49));
    assertThat(approve(promotion, "kim@example.com").refused()).contains("can't approve it");
  }

  @Test
  void whoIsOfTheFirstGroupCountsForIt() {
    WorkflowStub promotion = waiting();
    engine.environment.sleep(Duration.ofHours(49));
    approve(promotion, "rui@example.com");
    assertThat(PromotionEngine.status(promotion).decisions())
        .extracting("group")
        .containsExactly("model-risk");
  }

  private Receipt approve(WorkflowStub promotion, String who) {
    DecisionMessage message = by(who, "prod-1");
    return promotion.update(
        "approve",
        Receipt.class,
        new DecisionMessage(message.request(), message.by(), null, null, null, true));
  }

  private static String page(WorkflowStub promotion) {
    return DetailsPage.of(PromotionPage.details(PromotionEngine.status(promotion)));
  }

  private WorkflowStub waiting() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    return promotion;
  }
}
