package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.duplicates.DuplicatesRemoved;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Duplicates created by calls without a response are removed, however a promotion ends. */
class DuplicatesTest {
  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void everythingCreatedIsCheckedOnceMoreAndDeletedDuplicatesAreNamed() {
    world.planTwins(
        "run in prod", new DuplicatesRemoved(List.of("run r2 in prod is removed"), null));
    WorkflowStub promotion = engine.start();
    approve(promotion);

    PromotionView view = promotion.getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.notices()).containsExactly("run r2 in prod is removed");
    assertThat(world.looks)
        .containsExactlyInAnyOrder(
            "second version in dev beside 1",
            "second run in prod beside run-9",
            "second version in prod beside 1",
            "second job in prod beside 7");
  }

  @Test
  void duplicatesThatWereRemovedWhileAVersionWasMadeAreNamedInBothWorkspaces() {
    world.registry.removedInMaking.put("dev", "4");
    world.registry.removedInMaking.put("prod", "5, 6");
    WorkflowStub promotion = engine.start();
    approve(promotion);

    assertThat(promotion.getResult(PromotionView.class).notices())
        .containsExactly(
            "version 1 of diabetes in dev had duplicates, since a call got no response; they were"
                + " removed: version 4",
            "version 1 of diabetes in prod had duplicates, since a call got no response; they were"
                + " removed: version 5, 6");
  }

  @Test
  void onlyPossiblyLateDuplicatesAreCheckedAgainLater() {
    world.planTwins("version in prod", new DuplicatesRemoved(List.of(), Duration.ofSeconds(50)));
    WorkflowStub promotion = engine.start();
    approve(promotion);
    long before = engine.environment.currentTimeMillis();

    promotion.getResult(PromotionView.class);

    assertThat(engine.environment.currentTimeMillis() - before).isGreaterThanOrEqualTo(50_000);
    assertThat(world.looks).hasSize(5).last().isEqualTo("second version in prod beside 1");
  }

  @Test
  void aFailedCheckEndsNoPromotion() {
    world.failNext("twins", FakeWorld.userFault("no right to read"));
    WorkflowStub promotion = engine.start();
    approve(promotion);

    PromotionView view = promotion.getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.notices())
        .singleElement()
        .asString()
        .startsWith("whether there is a second ")
        .contains("no right to read");
  }

  @Test
  void aCheckWithoutAResponseIsRepeated() {
    world.failNext("twins", FakeWorld.platformFault("503"));
    world.registry.madeElsewhere("7");
    WorkflowStub promotion = engine.start(PromotionEngine.start(List.of(), "7"));
    approve(promotion);

    PromotionView view = promotion.getResult(PromotionView.class);

    assertThat(view.notices()).isEmpty();
    assertThat(world.looks)
        .containsExactlyInAnyOrder(
            "second run in prod beside run-9",
            "second version in prod beside 1",
            "second job in prod beside 7");
  }

  @Test
  void aRejectedPromotionChecksForDuplicates() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    promotion.update("reject", Receipt.class, by());

    assertThatThrownBy(() -> promotion.getResult(PromotionView.class)).isNotNull();

    assertThat(world.looks).containsExactly("second version in dev beside 1");
  }

  private void approve(WorkflowStub promotion) {
    engine.untilState(promotion, PromotionState.WAITING);
    promotion.update("approve", Receipt.class, by());
  }

  private static DecisionMessage by() {
    return PromotionEngine.by("ana@example.com", "prod-1");
  }
}
