package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.ScenarioSteps.cancelled;
import static dev.portage.promotion.ScenarioSteps.ended;
import static dev.portage.promotion.ScenarioSteps.goneOn;
import static dev.portage.promotion.ScenarioSteps.latest;

import dev.portage.approval.Receipt;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeReceiver;
import dev.portage.notice.NoticeWorkflow;
import dev.portage.registry.Tags;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** People who are told, reminded and asked, and the workflow that tells them. */
final class NoticeScenarios {

  private NoticeScenarios() {}

  /** Adds them by their names. */
  static void addTo(Map<String, Scenario> all) {
    all.put("told-until-released-over-a-former-release", NoticeScenarios::toldUntilReleased);
    all.put("told-before-settings-are-known", NoticeScenarios::toldBeforeSettingsAreKnown);
    all.put("recalled-until-it-expired", NoticeScenarios::remindedUntilExpired);
    all.put("approved-by-a-second-group", NoticeScenarios::approvedByASecondGroup);
    all.put("went-on-waiting-after-people-were-told", NoticeScenarios::toldAndWentOn);
    all.put("notice-delivered", engine -> notice(engine, told(engine)));
    all.put("notice-delivered-late", NoticeScenarios::noticeDeliveredLate);
  }

  private static WorkflowStub told(PromotionEngine engine) {
    engine.world.receivers = List.of(new NoticeReceiver("team", List.of(NoticeKind.values())));
    return engine.waiting();
  }

  private static WorkflowStub toldUntilReleased(PromotionEngine engine) {
    engine.world.registry.championTags = Map.of(Tags.RELEASE, Tags.LIVE);
    engine.world.registry.isChampion("9", Map.of("rmse", 70.0), PromotionEngine.OTHER_COMMIT);
    WorkflowStub promotion = told(engine);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return ended(promotion);
  }

  private static WorkflowStub toldBeforeSettingsAreKnown(PromotionEngine engine) {
    engine.world.receivers = List.of(new NoticeReceiver("team", List.of(NoticeKind.values())));
    engine.world.failNext("settings", FakeWorld.userFault("line 3 is wrong"));
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.STOPPED);
    return cancelled(promotion);
  }

  private static WorkflowStub remindedUntilExpired(PromotionEngine engine) {
    return ended(told(engine));
  }

  private static WorkflowStub approvedByASecondGroup(PromotionEngine engine) {
    engine.world.groups =
        Map.of("model-owners", List.of("ana@example.com"), "heads", List.of("cleo@example.com"));
    engine.world.escalateTo = List.of("heads");
    WorkflowStub promotion = engine.waiting();
    engine.environment.sleep(Duration.ofDays(8));
    promotion.update("approve", Receipt.class, by("cleo@example.com", "prod-1"));
    return ended(promotion);
  }

  private static WorkflowStub toldAndWentOn(PromotionEngine engine) {
    WorkflowStub promotion = latest(engine, goneOn(told(engine)));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return ended(promotion);
  }

  private static WorkflowStub noticeDeliveredLate(PromotionEngine engine) {
    engine.world.refuse("deliver", FakeWorld.platformFault("no connection"));
    WorkflowStub promotion = told(engine);
    engine.environment.sleep(Duration.ofMinutes(6));
    engine.until(promotion, view -> !view.undeliveredNotices().isEmpty());
    engine.world.allow("deliver");
    return notice(engine, promotion);
  }

  /** The workflow that tells that someone is asked. */
  private static WorkflowStub notice(PromotionEngine engine, WorkflowStub promotion) {
    return ended(
        engine.workflow(NoticeWorkflow.idOf(PromotionEngine.id(promotion) + "/asked/prod-1")));
  }
}
