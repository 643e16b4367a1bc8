package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.ScenarioSteps.ended;
import static dev.portage.promotion.ScenarioSteps.until;

import dev.portage.adopt.AdoptStart;
import dev.portage.adopt.AdoptView;
import dev.portage.approval.Receipt;
import dev.portage.registry.ModelVersion;
import dev.portage.step.CourseView;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Map;

/** Adoptions. */
final class AdoptionScenarios {

  private AdoptionScenarios() {}

  /** Adds them by their names. */
  static void addTo(Map<String, Scenario> all) {
    all.put("adopted", engine -> ended(adopting(engine, false)));
    all.put("adoption-looked", engine -> ended(adopting(engine, true)));
    all.put("adoption-stopped-then-resumed", AdoptionScenarios::adoptionResumed);
  }

  private static WorkflowStub adoptionResumed(PromotionEngine engine) {
    engine.world.refuse("label prod/3", FakeWorld.userFault("you may not set tags"));
    WorkflowStub adoption = adopting(engine, false);
    until(
        engine,
        () -> adoption.query("status", AdoptView.class).state() == CourseView.State.STOPPED);
    engine.world.allow("label prod/3");
    adoption.update("resume", Receipt.class, by("ana@example.com", ""));
    return ended(adoption);
  }

  private static WorkflowStub adopting(PromotionEngine engine, boolean dryRun) {
    engine.world.registry.versions.add(
        new ModelVersion("prod", "diabetes", "3", "run-9", null, List.of(), Map.of(), null));
    engine.world.registry.isChampion("3", Map.of(), PromotionEngine.OTHER_COMMIT, "run-9");
    engine.world.endpoints.byHand("diabetes", FakeEndpoints.served("3", 100));
    AdoptStart start =
        new AdoptStart(
            "diabetes",
            "prod",
            null,
            Map.of("batch", "nightly", "serve", "diabetes"),
            dryRun,
            "ana@example.com");
    WorkflowStub adoption = engine.workflow("AdoptWorkflow", start.workflowId());
    adoption.start(start);
    return adoption;
  }
}
