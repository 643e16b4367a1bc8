package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.OTHER_COMMIT;
import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.ScenarioSteps.cancelled;
import static dev.portage.promotion.ScenarioSteps.ended;
import static dev.portage.promotion.ScenarioSteps.resumed;
import static dev.portage.promotion.ScenarioSteps.until;

import dev.portage.approval.Receipt;
import dev.portage.lane.LaneState;
import dev.portage.lane.TurnRequest;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Promotions that hold or want the turn, and the lane that grants it. */
final class TurnScenarios {

  private TurnScenarios() {}

  /** Adds them by their names. */
  static void addTo(Map<String, Scenario> all) {
    all.put("holding-the-turn", TurnScenarios::holdingTheTurn);
    all.put("waiting-for-the-turn", engine -> queuedBehindAHolder(engine));
    all.put("cancelled-waiting-for-the-turn", TurnScenarios::cancelledWaitingForTheTurn);
    all.put("champion-refused-and-put-back", TurnScenarios::championRefusedAndPutBack);
    all.put("run-ended-with-the-turn", TurnScenarios::runEndedWithTheTurn);
    all.put("lane-granted-in-turn", TurnScenarios::laneGrantedInTurn);
    all.put("lane-held-and-wanted", TurnScenarios::laneHeldAndWanted);
    all.put("lane-holder-terminated", TurnScenarios::laneHolderTerminated);
    all.put("lane-passed-over-who-had-ended", TurnScenarios::lanePassedOverWhoHadEnded);
    all.put("lane-carried-on", TurnScenarios::laneCarriedOn);
  }

  private static WorkflowStub runEndedWithTheTurn(PromotionEngine engine) {
    WorkflowStub promotion = engine.waiting();
    engine.world.failNext("awaitRun batch", FakeWorld.userFault("you may not view runs"));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.STOPPED);
    return resumed(promotion);
  }

  static WorkflowStub holdingTheTurn(PromotionEngine engine) {
    engine.world.jobs.last("batch");
    WorkflowStub promotion = engine.approved();
    engine.until(promotion, view -> engine.world.jobs.awaited());
    return promotion;
  }

  static WorkflowStub queuedBehindAHolder(PromotionEngine engine) {
    holdingTheTurn(engine);
    return queuedBehind(engine);
  }

  private static WorkflowStub queuedBehind(PromotionEngine engine) {
    WorkflowStub second = engine.start(OTHER_COMMIT);
    engine.untilState(second, PromotionState.WAITING);
    second.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.until(second, view -> engine.lane("prod").waiting().size() == 1);
    return second;
  }

  private static WorkflowStub cancelledWaitingForTheTurn(PromotionEngine engine) {
    return cancelled(queuedBehindAHolder(engine));
  }

  private static WorkflowStub championRefusedAndPutBack(PromotionEngine engine) {
    engine.world.failNext("mark prod champion", FakeWorld.userFault("no right to move it"));
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.STOPPED);
    return resumed(promotion);
  }

  private static WorkflowStub laneGrantedInTurn(PromotionEngine engine) {
    WorkflowStub second = queuedBehindAHolder(engine);
    engine.world.jobs.finish("batch");
    ended(second);
    return ended(lane(engine));
  }

  private static WorkflowStub laneHeldAndWanted(PromotionEngine engine) {
    queuedBehindAHolder(engine);
    return lane(engine);
  }

  private static WorkflowStub laneHolderTerminated(PromotionEngine engine) {
    WorkflowStub first = holdingTheTurn(engine);
    WorkflowStub second = queuedBehind(engine);
    first.terminate("lost");
    engine.world.jobs.finish("batch");
    ended(second);
    return ended(lane(engine));
  }

  private static WorkflowStub lanePassedOverWhoHadEnded(PromotionEngine engine) {
    WorkflowStub first = holdingTheTurn(engine);
    queuedBehind(engine).terminate("lost");
    engine.world.jobs.finish("batch");
    ended(first);
    return ended(lane(engine));
  }

  /** A lane continues as a new run with its state when its history grows long. */
  private static WorkflowStub laneCarriedOn(PromotionEngine engine) {
    WorkflowStub holder = engine.start();
    WorkflowStub waiter = engine.start(OTHER_COMMIT);
    List<TurnRequest> requests =
        List.of(holder, waiter).stream().map(TurnScenarios::requestOf).toList();
    WorkflowStub lane =
        startLane(engine, new LaneState(requests.getFirst(), List.of(requests.getLast())));
    for (TurnRequest request : requests) {
      lane.signal("giveBack", request);
      until(engine, () -> !request.equals(lane.query("state", LaneState.class).holder()));
    }
    return ended(lane);
  }

  private static WorkflowStub startLane(PromotionEngine engine, LaneState state) {
    WorkflowStub lane = engine.workflow("LaneWorkflow", "lane/prod/diabetes");
    lane.start(state);
    return lane;
  }

  private static TurnRequest requestOf(WorkflowStub promotion) {
    return new TurnRequest(
        "prod",
        "diabetes",
        PromotionEngine.id(promotion),
        "prod-1",
        Objects.requireNonNull(promotion.getExecution()).getRunId());
  }

  private static WorkflowStub lane(PromotionEngine engine) {
    return engine.workflow("lane/prod/diabetes");
  }
}
