package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.Receipt;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionLabels;
import dev.portage.release.Release;
import dev.portage.step.StepView;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A promotion whose workflow runs again, as after a reset in the Web UI: same id, same keys, and
 * registries with what the previous run created.
 */
@Timeout(120)
class ReleasedBeforeTest {

  private static final String OTHER_COMMIT = "fedcba9876543210fedcba9876543210fedcba98";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void anOldReleaseIsNotRepeatedOverANewerOne() {
    WorkflowStub first = engine.start();
    approve(first, "prod-1");
    first.getResult(PromotionView.class);
    world.registry.isChampion("3", Map.of("rmse", 50.0), OTHER_COMMIT);
    long before = world.effects.size();

    PromotionView view = engine.start().getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.says()).isEqualTo("it was already released, as version 1 of diabetes");
    assertThat(view.notices()).anyMatch(notice -> notice.contains("--again"));
    assertThat(world.effects.stream().skip(before)).containsExactly("settings");
  }

  @Test
  void anOldReleaseIsFoundUnderTheTurnBeforeAnyChange() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    // The previous run finished: its version exists, and a newer one is live.
    FaultyWorld.Hold hold = world.hold("copy promotion/diabetes/0123456789ab#prod/copy#1");
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    world.registry.releasedByAnEarlierRun("promotion/diabetes/0123456789ab#prod/register#1");
    world.registry.isChampion("3", Map.of("rmse", 55.0), PromotionEngine.COMMIT);
    world.registry.isOriginOf("8");
    hold.release();

    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.says()).isEqualTo("already released: v1 in prod; nothing changed there");
    assertThat(view.notices()).anyMatch(n -> n.contains("was released in prod before"));
    assertThat(world.effects)
        .doesNotContain("create job", "mark prod champion", "label prod/1", "mark dev Production");
    assertThat(world.registry.marks).containsEntry("dev/Production", "8");
    assertThat(engine.lane("prod").holder()).isNull();
  }

  @Test
  void theRecordShowsAReleaseWhoseLabelWasNeverWritten() {
    world.refuse("label prod/1", FakeWorld.userFault("you may not set tags"));
    WorkflowStub first = engine.start();
    approve(first, "prod-1");
    assertThat(first.getResult(PromotionView.class).left()).hasSize(1);
    assertThat(world.registry.tagsOf("prod", "1")).doesNotContainKey(Tags.RELEASE);
    world.registry.isChampion("3", Map.of("rmse", 50.0), OTHER_COMMIT);
    long before = world.effects.size();

    PromotionView view = engine.start().getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.says()).isEqualTo("it was already released, as version 1 of diabetes");
    assertThat(world.effects.stream().skip(before)).containsExactly("settings");
  }

  @Test
  void theRecordShowsItUnderTheTurnToo() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    FaultyWorld.Hold hold = world.hold("copy promotion/diabetes/0123456789ab#prod/copy#1");
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    world.registry.releasedWithoutALabel("promotion/diabetes/0123456789ab#prod/register#1");
    world.records.put(
        "run-9",
        Release.of(
                "promotion/diabetes/0123456789ab",
                "prod",
                "diabetes",
                "1",
                FakeWorld.DIGEST,
                Instant.EPOCH)
            .build());
    world.registry.isChampion("3", Map.of("rmse", 55.0), PromotionEngine.COMMIT);
    hold.release();

    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.says()).isEqualTo("already released: v1 in prod; nothing changed there");
    assertThat(world.effects).doesNotContain("create job", "mark prod champion");
  }

  @Test
  void aStepThatFailedBeforeAResetIsNotShownAsFailedAfterTheRelease() {
    world.failNext("create job", FakeWorld.userFault("no such pool"));
    WorkflowStub promotion = engine.start();
    approve(promotion, "prod-1");
    engine.untilState(promotion, PromotionState.STOPPED);
    // The reset run continued from here and finished.
    world.registry.labelVersion(
        new VersionLabels("prod", "diabetes", "1", Map.of(Tags.RELEASE, Tags.LIVE)));
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));

    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.steps())
        .noneMatch(step -> step.state() == StepView.State.FAILED)
        .filteredOn(step -> step.name().equals("prod/batch"))
        .extracting(StepView::result)
        .containsExactly("not needed: it was already live");
  }

  @Test
  void aReleasedHopIsSkippedAndTheNextOneContinues() {
    world.targets = List.of("qa", "prod");
    WorkflowStub first = engine.start();
    approve(first, "qa-1");
    engine.until(first, view -> "prod-1".equals(view.request()));
    first.cancel();
    assertThatThrownBy(() -> first.getResult(PromotionView.class))
        .isInstanceOf(WorkflowFailedException.class);

    WorkflowStub again = engine.start();
    approve(again, "qa-1");
    approve(again, "prod-1");

    PromotionView view = again.getResult(PromotionView.class);
    assertThat(view.says())
        .isEqualTo("released v1 in prod; already released: v1 in qa; nothing changed there");
    assertThat(world.effects)
        .containsOnlyOnce("mark qa champion", "label qa/1", "mark prod champion");
  }

  @Test
  void aDeliberateRepeatIsAnotherPromotion() {
    WorkflowStub first = engine.start();
    approve(first, "prod-1");
    first.getResult(PromotionView.class);
    PromotionStart start = PromotionEngine.start(List.of(), null);
    WorkflowStub repeat = engine.start(PromotionEngine.again(start));
    approve(repeat, "prod-1");
    PromotionView view = repeat.getResult(PromotionView.class);
    assertThat(view.says()).isEqualTo("released v2 in prod");
    assertThat(world.registry.tagsOf("prod", "2")).containsEntry(Tags.RELEASE, Tags.LIVE);
  }

  @Test
  void aDecisionDoesNotStandAgainstAnUnseenIncomparableChampion() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    // Inconclusive before, without a champion, and inconclusive now, but for a different reason.
    world.registry.isChampion("3", Map.of("rmse", 55.0), OTHER_COMMIT);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.until(promotion, view -> "prod-2".equals(view.request()));
    assertThat(status(promotion).notices()).anyMatch(n -> n.endsWith("so a new request opens"));
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
  }

  private void approve(WorkflowStub promotion, String request) {
    engine.until(promotion, view -> request.equals(view.request()));
    promotion.update("approve", Receipt.class, by("ana@example.com", request));
  }
}
