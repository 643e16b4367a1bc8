package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.COMMIT;
import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.ScenarioSteps.cancelled;
import static dev.portage.promotion.ScenarioSteps.ended;
import static dev.portage.promotion.ScenarioSteps.released;
import static dev.portage.promotion.ScenarioSteps.resumed;

import dev.portage.approval.Receipt;
import dev.portage.release.FinishStart;
import dev.portage.release.FinishView;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Map;

/** What happens around the point of no return, and after it. */
final class ChampionScenarios {

  private ChampionScenarios() {}

  /** Adds them by their names. */
  static void addTo(Map<String, Scenario> all) {
    all.put("released-beside-a-moved-champion", ChampionScenarios::releasedBesideAMovedChampion);
    all.put("released-with-something-unfinished", ChampionScenarios::releasedUnfinished);
    all.put("champion-moved-unanswered", ChampionScenarios::championMovedUnanswered);
    all.put("job-changed-unanswered", ChampionScenarios::jobChangedUnanswered);
    all.put("champion-not-known-then-resumed", ChampionScenarios::championNotKnown);
    all.put("champion-moved-during-the-batch", ChampionScenarios::championMovedDuringTheBatch);
    all.put("released-before", ChampionScenarios::releasedBefore);
    all.put("hop-released-before", ChampionScenarios::hopReleasedBefore);
    all.put("finished-later", ChampionScenarios::finishedLater);
    all.put("published-later", ChampionScenarios::publishedLater);
  }

  private static WorkflowStub publishedLater(PromotionEngine engine) {
    engine.world.failNext("publish in prod", FakeWorld.userFault("the warehouse is gone"));
    return released(engine);
  }

  private static WorkflowStub releasedUnfinished(PromotionEngine engine) {
    engine.world.refuse("label prod/1", FakeWorld.userFault("you may not set tags"));
    return ended(engine.approved());
  }

  private static WorkflowStub championMovedUnanswered(PromotionEngine engine) {
    WorkflowStub promotion = engine.waiting();
    engine.world.loseNextAnswer("mark");
    engine.world.passNext("mark prod champion");
    engine.world.failNext("mark prod champion", FakeWorld.userFault("no right"));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return ended(promotion);
  }

  private static WorkflowStub jobChangedUnanswered(PromotionEngine engine) {
    WorkflowStub promotion = engine.waiting();
    engine.world.loseNextAnswer("applyJob");
    engine.world.failNext("answer of applyJob", FakeWorld.userFault("no right"));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.STOPPED);
    return resumed(promotion);
  }

  private static WorkflowStub championNotKnown(PromotionEngine engine) {
    WorkflowStub promotion = engine.waiting();
    engine.world.loseNextAnswer("mark");
    engine.world.registry.blindOnceMoved = true;
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.STOPPED);
    engine.world.registry.blindOnceMoved = false;
    return resumed(promotion);
  }

  private static WorkflowStub championMovedDuringTheBatch(PromotionEngine engine) {
    WorkflowStub promotion = TurnScenarios.holdingTheTurn(engine);
    engine.world.registry.isChampion("6", Map.of("rmse", 54.0), "f".repeat(40));
    engine.world.jobs.finish("batch");
    engine.until(promotion, view -> "prod-2".equals(view.request()));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-2"));
    return ended(promotion);
  }

  private static WorkflowStub releasedBefore(PromotionEngine engine) {
    released(engine).getResult(PromotionView.class);
    return ended(engine.start());
  }

  private static WorkflowStub hopReleasedBefore(PromotionEngine engine) {
    engine.world.targets = List.of("qa", "prod");
    WorkflowStub first = engine.start();
    engine.until(first, view -> "qa-1".equals(view.request()));
    first.update("approve", Receipt.class, by("ana@example.com", "qa-1"));
    engine.until(first, view -> "prod-1".equals(view.request()));
    cancelled(first);
    return PromotionScenarios.releasedOnTheLongerPath(engine);
  }

  private static WorkflowStub finishedLater(PromotionEngine engine) {
    PromotionView view = releasedUnfinished(engine).getResult(PromotionView.class);
    engine.world.failNext("label prod/1", FakeWorld.userFault("you may not set tags"));
    engine.world.allow("label prod/1");
    FinishStart start = new FinishStart(view.id(), view.left(), "sam@example.com");
    WorkflowStub finish = engine.workflow("FinishWorkflow", start.workflowId());
    finish.start(start);
    finish.getResult(FinishView.class);
    return finish;
  }

  private static WorkflowStub releasedBesideAMovedChampion(PromotionEngine engine) {
    engine.world.registry.isChampion("5", Map.of("rmse", 55.0), COMMIT);
    WorkflowStub promotion = engine.waiting();
    engine.world.registry.isChampion("6", Map.of("rmse", 54.0), COMMIT);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return ended(promotion);
  }
}
