package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.ScenarioSteps.cancelled;
import static dev.portage.promotion.ScenarioSteps.ended;
import static dev.portage.promotion.ScenarioSteps.goneOn;
import static dev.portage.promotion.ScenarioSteps.latest;
import static dev.portage.promotion.ScenarioSteps.released;
import static dev.portage.promotion.ScenarioSteps.resumed;

import dev.portage.approval.Receipt;
import dev.portage.identity.Authorship;
import dev.portage.job.RunResult;
import dev.portage.scoring.TableColumn;
import dev.portage.scoring.TableShape;
import dev.portage.settings.RehearsalSettings;
import dev.portage.tracking.Making;
import dev.portage.underway.UnderwayWorkflow;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Map;

/** Promotions from their start to their end, however it comes. */
final class PromotionScenarios {

  private PromotionScenarios() {}

  /** Adds them by their names. */
  static void addTo(Map<String, Scenario> all) {
    all.put("waiting", PromotionEngine::waiting);
    all.put("released", ScenarioSteps::released);
    all.put("copied-in-partitions", PromotionScenarios::copiedInPartitions);
    all.put("resumed-after-putting-back", PromotionScenarios::resumedAfterPuttingBack);
    all.put("asked-again-then-rejected", PromotionScenarios::askedAgainThenRejected);
    all.put("cancelled-and-put-back", PromotionScenarios::cancelledAndPutBack);
    all.put("cancelled-and-put-back-later", PromotionScenarios::cancelledAndPutBackLater);
    all.put("put-back-under-the-next-turn", PromotionScenarios::putBackUnderTheNextTurn);
    all.put("cancelled-half-registered", PromotionScenarios::cancelledHalfRegistered);
    all.put("cancelled-too-late", PromotionScenarios::cancelledTooLate);
    all.put("released-on-the-longer-path", PromotionScenarios::releasedOnTheLongerPath);
    all.put("nobody-decided", PromotionScenarios::nobodyDecided);
    all.put("handed-to-another-run", engine -> goneOn(engine.waiting()));
    all.put("went-on-waiting-for-approval", PromotionScenarios::wentOnWaiting);
    all.put("went-on-stopped", PromotionScenarios::wentOnStopped);
    all.put("decisions-read-in-bulk", PromotionScenarios::decisionsReadInBulk);
    all.put("approved-by-two-since-nobody-knows-who-made-it", PromotionScenarios::approvedByTwo);
    all.put("released-without-a-batch", PromotionScenarios::releasedWithoutABatch);
    all.put("under-way", PromotionScenarios::underWay);
    all.put("rehearsed", PromotionScenarios::rehearsed);
    all.put("rehearsed-for-a-later-table", PromotionScenarios::rehearsedForALaterTable);
    all.put("cancelled-in-the-rehearsal", PromotionScenarios::cancelledInTheRehearsal);
    all.put("run-failed-then-resumed", PromotionScenarios::runFailedThenResumed);
  }

  /** While one decision is read, more arrive than one read used to serve. */
  private static WorkflowStub decisionsReadInBulk(PromotionEngine engine) {
    WorkflowStub promotion = engine.waiting();
    FaultyWorld.Hold hold = engine.world.hold("who is who");
    for (int i = 0; i < 70; i++) {
      promotion.signal("approve", by("eve" + i + "@example.com", "prod-1"));
    }
    hold.release();
    engine.until(
        promotion, view -> view.refused().stream().anyMatch(r -> r.message().contains("eve69")));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return ended(promotion);
  }

  private static WorkflowStub wentOnWaiting(PromotionEngine engine) {
    WorkflowStub promotion = latest(engine, goneOn(engine.waiting()));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return ended(promotion);
  }

  private static WorkflowStub wentOnStopped(PromotionEngine engine) {
    engine.world.jobs.endNext("batch", RunResult.Ending.FAILED);
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.STOPPED);
    return resumed(latest(engine, goneOn(promotion)));
  }

  private static WorkflowStub releasedWithoutABatch(PromotionEngine engine) {
    engine.world.withBatch = false;
    return released(engine);
  }

  /** The workflow that knows which promotions of a model are under way. */
  private static WorkflowStub underWay(PromotionEngine engine) {
    WorkflowStub promotion = released(engine);
    return ended(
        engine.workflow(UnderwayWorkflow.idOf("prod", PromotionEngine.status(promotion).model())));
  }

  private static WorkflowStub rehearsed(PromotionEngine engine) {
    engine.world.rehearsal = new RehearsalSettings("dev.ml.predictions", null, false);
    return released(engine);
  }

  /** What production's table takes is read first. */
  private static WorkflowStub rehearsedForALaterTable(PromotionEngine engine) {
    engine.world.scoring.shapes.put(
        "prod", TableShape.of(List.of(new TableColumn("id", "BIGINT")), Map.of()));
    return rehearsed(engine);
  }

  private static WorkflowStub cancelledInTheRehearsal(PromotionEngine engine) {
    engine.world.rehearsal = new RehearsalSettings("dev.ml.predictions", null, false);
    engine.world.jobs.last("diabetes rehearse");
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> engine.world.jobs.awaited());
    return cancelled(promotion);
  }

  /** Its table is removed with it, and another attempt has its own. */
  private static WorkflowStub runFailedThenResumed(PromotionEngine engine) {
    engine.world.jobs.endNext("batch", RunResult.Ending.FAILED);
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.STOPPED);
    return resumed(promotion);
  }

  private static WorkflowStub copiedInPartitions(PromotionEngine engine) {
    engine.world.copies.partitions = FakeCopies.cut(20, 2_500, 20L << 30);
    // Only the last of them: cancelling one that is just ending is too much for the test server.
    FaultyWorld.Hold last = engine.world.hold("copy files 47500 to 50000");
    engine.world.failNext(
        "answer of copy files 47500 to 50000", FakeWorld.userFault("no space left"));
    WorkflowStub promotion = engine.approved();
    engine.until(promotion, view -> view.says().contains("19 of 20 partitions"));
    last.release();
    engine.untilState(promotion, PromotionState.STOPPED);
    return resumed(promotion);
  }

  private static WorkflowStub resumedAfterPuttingBack(PromotionEngine engine) {
    engine.world.jobs.endNext("batch", RunResult.Ending.FAILED);
    WorkflowStub promotion = engine.waiting();
    promotion.signal("approve", "unreadable");
    promotion.signal("approve", by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.STOPPED);
    return resumed(promotion);
  }

  private static WorkflowStub askedAgainThenRejected(PromotionEngine engine) {
    WorkflowStub promotion = engine.waiting();
    engine.world.registry.isChampion("5", Map.of("rmse", 55.0), "f".repeat(40));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.until(promotion, view -> "prod-2".equals(view.request()));
    promotion.signal("reject", by("ana@example.com", "prod-2"));
    return ended(promotion);
  }

  private static WorkflowStub cancelledAndPutBack(PromotionEngine engine) {
    return cancelled(TurnScenarios.holdingTheTurn(engine));
  }

  /** What could not be put back waits for a person, also after a cancel. */
  private static WorkflowStub cancelledAndPutBackLater(PromotionEngine engine) {
    WorkflowStub promotion = TurnScenarios.holdingTheTurn(engine);
    engine.world.refuse("put job back", FakeWorld.userFault("you may not manage jobs"));
    promotion.cancel("by ana@example.com: wrong data");
    engine.untilState(promotion, PromotionState.STOPPED);
    engine.world.allow("put job back");
    return resumed(promotion);
  }

  private static WorkflowStub putBackUnderTheNextTurn(PromotionEngine engine) {
    engine.world.jobs.endNext("batch", RunResult.Ending.FAILED);
    engine.world.refuse("put job back", FakeWorld.userFault("you may not manage jobs"));
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.STOPPED);
    engine.world.allow("put job back");
    return resumed(promotion);
  }

  private static WorkflowStub cancelledHalfRegistered(PromotionEngine engine) {
    engine.world.failNext("fillVersion", FakeWorld.userFault("no right to write"));
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.STOPPED);
    return cancelled(promotion);
  }

  private static WorkflowStub cancelledTooLate(PromotionEngine engine) throws InterruptedException {
    FaultyWorld.Hold hold = engine.world.hold("mark dev Production");
    WorkflowStub promotion = engine.approved();
    hold.awaitReached();
    promotion.cancel("by ana@example.com: wrong data");
    engine.until(promotion, view -> !view.notices().isEmpty());
    hold.release();
    return ended(promotion);
  }

  static WorkflowStub releasedOnTheLongerPath(PromotionEngine engine) {
    engine.world.targets = List.of("qa", "prod");
    WorkflowStub promotion = engine.start();
    for (String request : List.of("qa-1", "prod-1")) {
      engine.until(promotion, view -> request.equals(view.request()));
      promotion.update("approve", Receipt.class, by("ana@example.com", request));
    }
    return ended(promotion);
  }

  private static WorkflowStub nobodyDecided(PromotionEngine engine) {
    return ended(engine.waiting());
  }

  private static WorkflowStub approvedByTwo(PromotionEngine engine) {
    engine.world.registry.madeElsewhere("7");
    engine.world.making = new Making(List.of("b".repeat(40)), List.of("root"), false);
    WorkflowStub promotion =
        engine.start(
            PromotionEngine.start(List.of(), "7")
                .knowing(
                    List.of(), new Authorship(List.of(), List.of(), Map.of(), List.of(), false)));
    engine.untilState(promotion, PromotionState.WAITING);
    for (String name : List.of("ana@example.com", "rui@example.com")) {
      promotion.update("approve", Receipt.class, by(name, "prod-1"));
    }
    return ended(promotion);
  }
}
