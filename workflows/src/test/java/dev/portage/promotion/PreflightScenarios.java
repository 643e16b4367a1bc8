package dev.portage.promotion;

import static dev.portage.promotion.ScenarioSteps.ended;

import dev.portage.preflight.Finding;
import dev.portage.preflight.PreflightOrder;
import dev.portage.settings.SettingsOrder;
import dev.portage.tracking.Making;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Map;

/** Preflights. */
final class PreflightScenarios {

  private PreflightScenarios() {}

  /** Adds them by their names. */
  static void addTo(Map<String, Scenario> all) {
    all.put("preflight-passed", engine -> checked(engine, file()));
    all.put("preflight-refused-file", PreflightScenarios::preflightRefusedFile);
    all.put("preflight-refused-workspace", PreflightScenarios::preflightRefusedWorkspace);
    all.put(
        "preflight-of-the-doctor",
        engine -> checked(engine, new PreflightOrder(null, null, null, null)));
    all.put("preflight-of-a-version", PreflightScenarios::preflightOfAVersion);
  }

  private static WorkflowStub preflightRefusedFile(PromotionEngine engine) {
    engine.world.failNext("settings", FakeWorld.userFault("unknown key \"gate\""));
    return checked(engine, file());
  }

  private static WorkflowStub preflightRefusedWorkspace(PromotionEngine engine) {
    engine.findings.put(
        "prod", List.of(Finding.failed("workspace prod", "pool", "none", "ask for CAN_ATTACH_TO")));
    return checked(engine, file());
  }

  private static WorkflowStub preflightOfAVersion(PromotionEngine engine) {
    engine.world.registry.madeElsewhere("7");
    engine.world.making = new Making(List.of("b".repeat(40)), List.of("ana@example.com"), false);
    PreflightOrder first = file();
    return checked(
        engine, new PreflightOrder(first.file(), "promotion/diabetes/v7", first.fileHash(), "7"));
  }

  private static PreflightOrder file() {
    return new PreflightOrder(
        new SettingsOrder("promotion.yaml", "model: diabetes", List.of()),
        "promotion/diabetes/0123456789ab",
        "f".repeat(64),
        null);
  }

  private static WorkflowStub checked(PromotionEngine engine, PreflightOrder order) {
    WorkflowStub preflight = engine.workflow("PreflightWorkflow", "preflight/diabetes/1");
    preflight.start(order);
    return ended(preflight);
  }
}
