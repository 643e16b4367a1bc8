package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.COMMIT;
import static dev.portage.promotion.PromotionEngine.OTHER_COMMIT;
import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.ScenarioSteps.ended;
import static dev.portage.promotion.ScenarioSteps.until;

import dev.portage.approval.Receipt;
import dev.portage.rollback.RollbackView;
import dev.portage.step.CourseView;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Map;

/** Rollbacks. */
final class RollbackScenarios {

  private RollbackScenarios() {}

  /** Adds them by their names. */
  static void addTo(Map<String, Scenario> all) {
    all.put("rolled-back", engine -> ended(rollback(engine, "rollback/prod/diabetes/1")));
    all.put("rollback-put-back-then-resumed", RollbackScenarios::rollbackResumed);
    all.put("rollback-started-in-the-web-ui", engine -> ended(rollback(engine, "going back")));
    all.put("rollback-approved", RollbackScenarios::rollbackApproved);
  }

  /** Of the second of two releases. */
  private static WorkflowStub rollback(PromotionEngine engine, String id) {
    for (String commit : List.of(COMMIT, OTHER_COMMIT)) {
      ended(engine.approved(commit));
    }
    WorkflowStub rollback = engine.workflow("RollbackWorkflow", id);
    rollback.start(FakeRollbacks.order(null));
    return rollback;
  }

  private static WorkflowStub rollbackResumed(PromotionEngine engine) {
    engine.world.refuse("restoreJob", FakeWorld.userFault("you may not change jobs"));
    WorkflowStub rollback = rollback(engine, "rollback/prod/diabetes/1");
    until(
        engine,
        () -> rollback.query("status", RollbackView.class).state() == CourseView.State.STOPPED);
    engine.world.allow("restoreJob");
    rollback.update("resume", Receipt.class, by("ana@example.com", ""));
    return ended(rollback);
  }

  private static WorkflowStub rollbackApproved(PromotionEngine engine) {
    engine.rollbacks.approve = List.of("model-owners");
    WorkflowStub rollback = rollback(engine, "rollback/prod/diabetes/1");
    until(
        engine,
        () -> rollback.query("status", RollbackView.class).state() == CourseView.State.WAITING);
    rollback.update("approve", Receipt.class, by("kim@example.com", "prod-1"));
    return ended(rollback);
  }
}
