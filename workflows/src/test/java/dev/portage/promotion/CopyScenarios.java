package dev.portage.promotion;

import static dev.portage.promotion.ScenarioSteps.cancelled;
import static dev.portage.promotion.ScenarioSteps.ended;
import static dev.portage.promotion.ScenarioSteps.until;

import dev.portage.candidate.ModelLocation;
import dev.portage.copy.Verify;
import dev.portage.registry.VersionOrder;
import dev.portage.versioncopy.CopyStart;
import io.temporal.client.WorkflowStub;
import java.util.Map;

/** Copies of single versions. */
final class CopyScenarios {

  private CopyScenarios() {}

  /** Adds them by their names. */
  static void addTo(Map<String, Scenario> all) {
    all.put("copy-whole", engine -> copied(engine, false));
    all.put("copy-looked", engine -> copied(engine, true));
    all.put("copy-in-partitions", CopyScenarios::copyInPartitions);
    all.put("copy-given-up", CopyScenarios::copyGivenUp);
    all.put("copy-cancelled", CopyScenarios::copyCancelled);
  }

  private static WorkflowStub copied(PromotionEngine engine, boolean dryRun) {
    return ended(copy(engine, dryRun));
  }

  private static WorkflowStub copyInPartitions(PromotionEngine engine) {
    engine.world.copies.partitions = FakeCopies.cut(20, 2_500, 20L << 30);
    return ended(copy(engine, false));
  }

  private static WorkflowStub copyGivenUp(PromotionEngine engine) {
    engine.world.failNext("fill version 1 in prod", FakeWorld.userFault("no right to write"));
    return ended(copy(engine, false));
  }

  private static WorkflowStub copyCancelled(PromotionEngine engine) {
    engine.world.failNext("fill version 1 in prod", FakeWorld.platformFault("no answer"));
    WorkflowStub copy = copy(engine, false);
    until(
        engine,
        () ->
            copy.describe().getRawDescription().getPendingActivitiesList().stream()
                .anyMatch(activity -> activity.getAttempt() > 1));
    return cancelled(copy);
  }

  private static WorkflowStub copy(PromotionEngine engine, boolean dryRun) {
    engine.world.registry.registerVersion(
        new VersionOrder(
            "dev",
            "dev.ml.diabetes",
            new ModelLocation(
                "dev", "1", "run-1", "m-1", "model", "models:/m-1", "mlflow-artifacts:/1"),
            "made",
            Map.of(),
            ""));
    CopyStart start =
        new CopyStart("diabetes", "1", "dev", "prod", Verify.FULL, dryRun, "ana@example.com");
    WorkflowStub copy = engine.workflow("CopyWorkflow", start.workflowId());
    copy.start(start);
    return copy;
  }
}
