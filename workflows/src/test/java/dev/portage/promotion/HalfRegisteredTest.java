package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.Receipt;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.Tags;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to a version that was created and never finished. */
@Timeout(120)
class HalfRegisteredTest {

  private static final String WHY = "by ana@example.com: wrong data";
  private static final String FILL_IN_DEV = "fill version 1 in dev";
  private static final String FILL_IN_PROD = "fill version 1 in prod";
  private static final String GIVE_UP = "give up register in ";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void itIsKeptWhileItCanBeResumedAndAResumeFinishesIt() {
    world.failNext(FILL_IN_PROD, FakeWorld.userFault("no right to write"));
    WorkflowStub promotion = stoppedInProd();
    engine.environment.sleep(Duration.ofDays(13));
    assertThat(world.registry.unfinished).extracting(ModelVersion::version).containsExactly("1");

    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));

    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.registry.unfinished).isEmpty();
    assertThat(world.registry.marks).containsEntry("prod/champion", "1");
    assertThat(world.count(GIVE_UP)).isZero();
  }

  @Test
  void aCancelInsteadOfAResumeRemovesItFromTheTarget() {
    world.failNext(FILL_IN_PROD, FakeWorld.userFault("no right to write"));
    WorkflowStub promotion = stoppedInProd();

    promotion.cancel(WHY);

    assertThat(ended(promotion, PromotionState.CANCELLED).notices())
        .contains("version 1 of diabetes in prod was incomplete and was removed")
        .anyMatch(notice -> notice.endsWith("run run-9 in prod"))
        .noneMatch(notice -> notice.contains("version 1 of diabetes in prod, which nothing"));
    assertThat(world.registry.unfinished).isEmpty();
    assertThat(world.registry.versions).extracting(ModelVersion::workspace).containsExactly("dev");
  }

  @Test
  void aCancelRemovesItFromTheWorkspaceThatTrainedToo() {
    world.failNext(FILL_IN_DEV, FakeWorld.userFault("no right to write"));
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.STOPPED);
    // When resumed, it does not get as far as the incomplete version.
    world.failNext("makeManifest", FakeWorld.userFault("no files"));
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    engine.until(promotion, view -> view.says().contains("no files"));

    promotion.cancel(WHY);

    assertThat(ended(promotion, PromotionState.CANCELLED).notices())
        .contains("version 1 of diabetes in dev was incomplete and was removed");
    assertThat(world.registry.unfinished).isEmpty();
    assertThat(world.count(GIVE_UP)).isEqualTo(1);
  }

  @Test
  void itIsRemovedAfterTwoWeeksWithoutAResume() {
    world.failNext(FILL_IN_PROD, FakeWorld.userFault("no right to write"));
    WorkflowStub promotion = stoppedInProd();

    PromotionView view = ended(promotion, PromotionState.FAILED);

    assertThat(view.says()).isEqualTo("no right to write");
    assertThat(view.notices())
        .containsExactly("version 1 of diabetes in prod was incomplete and was removed");
    assertThat(world.registry.unfinished).isEmpty();
  }

  @Test
  void aFatalFailureRemovesIt() {
    world.failNext(FILL_IN_PROD, FakeWorld.fatalFault("source changed since registration"));
    WorkflowStub promotion = engine.approved();

    assertThat(ended(promotion, PromotionState.FAILED).says())
        .contains("source changed since registration");
    assertThat(world.registry.unfinished).isEmpty();
  }

  @Test
  void aCancelBetweenTwoAttemptsRemovesIt() {
    world.failNext(FILL_IN_PROD, FakeWorld.platformFault("no answer"));
    WorkflowStub promotion = engine.approved();
    engine.until(promotion, view -> isAskedAgainLater(promotion));
    assertThat(world.registry.unfinished).hasSize(1);

    promotion.cancel(WHY);

    ended(promotion, PromotionState.CANCELLED);
    assertThat(world.registry.unfinished).isEmpty();
  }

  @Test
  void aVersionFinishedWithALostResponseIsKeptAndNamed() {
    world.loseNextAnswer("registerVersion");
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> isAskedAgainLater(promotion));

    promotion.cancel(WHY);

    assertThat(ended(promotion, PromotionState.CANCELLED).notices())
        .contains(
            "version 1 of diabetes in dev was complete and is left in place; no alias or stage points at it");
    assertThat(world.registry.versions).hasSize(1);
  }

  @Test
  void aVersionThatCannotBeRemovedIsReportedWithHowToRemoveIt() {
    world.failNext(FILL_IN_PROD, FakeWorld.userFault("no right to write"));
    world.failNext("giveUpVersion", FakeWorld.userFault("you may not delete versions"));
    WorkflowStub promotion = stoppedInProd();

    promotion.cancel(WHY);

    String key = Objects.requireNonNull(world.registry.unfinished.getFirst().tags().get(Tags.KEY));
    assertThat(ended(promotion, PromotionState.CANCELLED).notices())
        .contains(
            "a version of diabetes in prod that is incomplete and unused may remain; delete it by hand, by its tag portage_key "
                + key
                + ": the test's fault: you may not delete versions");
  }

  @Test
  void nothingIsCalledIfNothingWasStarted() {
    world.failNext("makeManifest", FakeWorld.userFault("no files"));
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.STOPPED);

    promotion.cancel(WHY);

    ended(promotion, PromotionState.CANCELLED);
    assertThat(world.count(GIVE_UP)).isZero();
  }

  private WorkflowStub stoppedInProd() {
    WorkflowStub promotion = engine.approved();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(view.says()).startsWith("stopped at prod/register");
    return promotion;
  }

  private static boolean isAskedAgainLater(WorkflowStub promotion) {
    return promotion.describe().getRawDescription().getPendingActivitiesList().stream()
        .anyMatch(activity -> activity.getAttempt() > 1);
  }

  private static PromotionView ended(WorkflowStub promotion, PromotionState how) {
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class))
        .isInstanceOf(WorkflowFailedException.class);
    PromotionView view = status(promotion);
    assertThat(view.state()).isEqualTo(how);
    return view;
  }
}
