package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.ScenarioSteps.ended;

import dev.portage.approval.Receipt;
import dev.portage.freeze.FrozenWorkflow;
import dev.portage.hello.HelloStart;
import dev.portage.history.HistoryOrder;
import dev.portage.order.WorkspaceOrder;
import io.temporal.client.WorkflowStub;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Orders of people and questions about a workspace. */
final class OrderScenarios {

  private OrderScenarios() {}

  /** Adds them by their names. */
  static void addTo(Map<String, Scenario> all) {
    all.put("hello", OrderScenarios::hello);
    all.put("history-read", engine -> history(engine, null));
    all.put("history-of-a-time", engine -> history(engine, Instant.EPOCH));
    all.put("frozen-by-order", engine -> ordered(engine, freezeAll()));
    all.put("unfrozen-by-order", OrderScenarios::unfrozenByOrder);
    all.put("lifted-by-order", OrderScenarios::liftedByOrder);
    all.put("held-up-and-told", OrderScenarios::heldUpAndTold);
  }

  private static WorkflowStub hello(PromotionEngine engine) {
    WorkflowStub hello = engine.workflow("HelloWorkflow", "hello/1");
    hello.start(new HelloStart("ana@example.com", "Azure DevOps build 4711"));
    return ended(hello);
  }

  /** Of a model that was released once. */
  private static WorkflowStub history(PromotionEngine engine, @Nullable Instant at) {
    ended(engine.approved());
    WorkflowStub history = engine.workflow("HistoryWorkflow", "history/diabetes/1");
    history.start(new HistoryOrder("diabetes", null, 20, at));
    return ended(history);
  }

  private static WorkspaceOrder freezeAll() {
    return WorkspaceOrder.freeze(
        null, Instant.parse("2999-12-31T18:00:00Z"), "ana@example.com", "the end of the year");
  }

  private static WorkflowStub unfrozenByOrder(PromotionEngine engine) {
    ordered(engine, freezeAll());
    return ordered(engine, WorkspaceOrder.unfreeze("prod", "ana@example.com", "over early"));
  }

  /** What knows whom a freeze holds up. */
  private static WorkflowStub heldUpAndTold(PromotionEngine engine) {
    ordered(engine, freezeAll());
    WorkflowStub promotion = engine.waiting();
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.FROZEN);
    WorkflowStub frozen = engine.workflow(FrozenWorkflow.idOf("prod"));
    ordered(engine, WorkspaceOrder.unfreeze("prod", "ana@example.com", "over early"));
    ended(promotion);
    return ended(frozen);
  }

  /** What a person rejected. */
  private static WorkflowStub liftedByOrder(PromotionEngine engine) {
    WorkflowStub rejected = engine.waiting();
    rejected.update("reject", Receipt.class, by("ana@example.com", "prod-1"));
    ended(rejected);
    return ordered(
        engine,
        WorkspaceOrder.lift(
            "diabetes",
            PromotionEngine.COMMIT.substring(0, 12),
            null,
            "ana@example.com",
            "it was right"));
  }

  private static WorkflowStub ordered(PromotionEngine engine, WorkspaceOrder order) {
    WorkflowStub ordered = engine.workflow("OrderWorkflow", order.kind().word() + "/all/1");
    ordered.start(order);
    return ended(ordered);
  }
}
