package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.Receipt;
import dev.portage.registry.Tags;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What registries say of a version that is not on its way, or not live, any more. */
class MarksAtTheEndTest {

  private final PromotionEngine engine = new PromotionEngine();

  @BeforeEach
  void withoutABatch() {
    engine.world.withBatch = false;
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void aRejectedCandidateIsNotOnItsWayAnyMore() {
    WorkflowStub promotion = waiting();
    promotion.update("reject", Receipt.class, by("ana@example.com", "prod-1"));
    assertEnded(promotion, PromotionState.REJECTED);
    assertThat(engine.world.effects).containsOnlyOnce("unmark dev Staging");
  }

  @Test
  void norIsOneThatTheGatesRejected() {
    engine.world.metrics = Map.of("rmse", 99.0);
    assertEnded(engine.start(), PromotionState.REJECTED);
    assertThat(engine.world.effects).containsOnlyOnce("unmark dev Staging");
  }

  @Test
  void norIsOneThatWasCancelled() {
    WorkflowStub promotion = waiting();
    promotion.cancel();
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class));
    assertThat(engine.world.effects).containsOnlyOnce("unmark dev Staging");
    assertThat(PromotionEngine.status(promotion).notices())
        .contains("Left in place: version 1 of diabetes in dev, stage None");
  }

  @Test
  void aLostAnswerIsNoReasonToTakeItTwiceAndAFailureIsTold() {
    engine.world.refuse("unmark dev Staging", FakeWorld.userFault("you may not move stages"));
    WorkflowStub promotion = waiting();
    promotion.update("reject", Receipt.class, by("ana@example.com", "prod-1"));
    assertEnded(promotion, PromotionState.REJECTED);
    assertThat(PromotionEngine.status(promotion).notices())
        .anySatisfy(notice ->
            assertThat(notice).contains("may still be Staging", "you may not move stages"));
  }

  @Test
  void whatIsLiveInAnEarlierWorkspaceKeepsItsMark() {
    engine.world.targets = List.of("qa", "prod");
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    promotion.update("approve", Receipt.class, by("ana@example.com", "qa-1"));
    engine.until(promotion, view -> "prod-1".equals(view.request()));
    promotion.update("reject", Receipt.class, by("ana@example.com", "prod-1"));
    assertEnded(promotion, PromotionState.REJECTED);
    assertThat(engine.world.count("unmark")).isZero();
  }

  @Test
  void aReleasedOneKeepsItsMarkAndTheVersionBeforeItIsNotCalledLive() {
    engine.world.registry.madeLive("9");
    WorkflowStub promotion = waiting();
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(engine.world.count("unmark")).isZero();
    assertThat(engine.world.registry.tagsOf("prod", "9"))
        .containsEntry(Tags.RELEASE, Tags.SUPERSEDED);
  }

  private WorkflowStub waiting() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    return promotion;
  }

  private static void assertEnded(WorkflowStub promotion, PromotionState state) {
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class));
    assertThat(PromotionEngine.status(promotion).state()).isEqualTo(state);
  }
}
