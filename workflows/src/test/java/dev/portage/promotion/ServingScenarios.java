package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.COMMIT;
import static dev.portage.promotion.PromotionEngine.OTHER_COMMIT;
import static dev.portage.promotion.ScenarioSteps.ended;
import static dev.portage.promotion.ScenarioSteps.until;

import dev.portage.settings.ServeSettings;
import dev.portage.settings.ServeWatch;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Live traffic that moves, and the watch of what got it. */
final class ServingScenarios {

  private ServingScenarios() {}

  /** Adds them by their names. */
  static void addTo(Map<String, Scenario> all) {
    all.put("served-step-by-step", ServingScenarios::served);
    all.put("serving-broke-a-limit", ServingScenarios::servedBadly);
    all.put("watched-then-taken-back", engine -> takenBack(engine, "watch/prod/diabetes/2"));
    all.put("taken-back-by-a-watch", engine -> takenBack(engine, "rollback/prod/diabetes/1"));
    all.put("watched-until-it-was-cancelled", ServingScenarios::watchCancelled);
    all.put("watched-until-another-was-live", ServingScenarios::watchReplaced);
    all.put("watched-with-nothing-to-go-back-to", ServingScenarios::watchWithoutWayBack);
  }

  /** Beside an old version, a step of which somebody ends early. */
  private static WorkflowStub served(PromotionEngine engine) {
    engine.world.serve = ServeSettings.of("diabetes");
    engine.world.endpoints.byHand("diabetes", FakeEndpoints.served("0", 100));
    WorkflowStub promotion = engine.approved();
    engine.until(
        promotion,
        view ->
            view.steps().stream()
                .anyMatch(
                    step -> String.valueOf(step.line()).contains("5 % of the traffic, soak ends")));
    promotion.signal("proceed", PromotionEngine.by("ana@example.com", ""));
    return ended(promotion);
  }

  private static WorkflowStub servedBadly(PromotionEngine engine) {
    engine.world.serve = ServeSettings.of("diabetes");
    engine.world.endpoints.byHand("diabetes", FakeEndpoints.served("0", 100));
    engine.world.endpoints.answers = order -> FakeEndpoints.wrong("predictions[0] is 0");
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.STOPPED);
    return promotion;
  }

  private static void watched(PromotionEngine engine, List<String> commits) {
    engine.world.serve =
        ServeSettings.of("diabetes").toBuilder()
            .watch(new ServeWatch(Duration.ofHours(1), Duration.ofMinutes(1)))
            .build();
    for (String commit : commits) {
      ended(engine.approved(commit));
    }
    if (commits.size() > 1) {
      watchedUntilEnded(engine, engine.workflow("watch/prod/diabetes/1"));
    }
  }

  /** The watch of one of two releases. */
  private static WorkflowStub watchedUntilEnded(PromotionEngine engine, WorkflowStub watch) {
    until(
        engine,
        () ->
            watch.describe().getStatus()
                != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
    engine.childOfAnEndedOneHasEnded();
    return watch;
  }

  /** The second of two releases turns bad. */
  private static WorkflowStub takenBack(PromotionEngine engine, String id) {
    watched(engine, List.of(COMMIT, OTHER_COMMIT));
    engine.world.endpoints.answers =
        order ->
            order.served().equals("diabetes-2")
                ? FakeEndpoints.wrong("predictions[0] is 0")
                : FakeEndpoints.good(null);
    watchedUntilEnded(engine, engine.workflow("watch/prod/diabetes/2"));
    return engine.workflow(id);
  }

  private static WorkflowStub watchCancelled(PromotionEngine engine) {
    watched(engine, List.of(COMMIT));
    WorkflowStub watch = engine.workflow("watch/prod/diabetes/1");
    watch.cancel("by ana@example.com: we look ourselves");
    return watchedUntilEnded(engine, watch);
  }

  private static WorkflowStub watchReplaced(PromotionEngine engine) {
    watched(engine, List.of(COMMIT, OTHER_COMMIT));
    return engine.workflow("watch/prod/diabetes/1");
  }

  private static WorkflowStub watchWithoutWayBack(PromotionEngine engine) {
    watched(engine, List.of(COMMIT));
    engine.world.endpoints.answers = order -> FakeEndpoints.wrong("predictions[0] is 0");
    return watchedUntilEnded(engine, engine.workflow("watch/prod/diabetes/1"));
  }
}
