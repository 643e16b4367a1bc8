package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;

import dev.portage.approval.Receipt;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Workflows that are played further, or to their end. What scenarios have in common. */
final class ScenarioSteps {

  private ScenarioSteps() {}

  /** A large message makes it continue as a new run; the history is the previous run's. */
  static WorkflowStub goneOn(WorkflowStub promotion) {
    promotion.signal("noise", "x".repeat(1_200_000));
    while (PromotionEngine.status(promotion).refused().isEmpty()) {
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    return promotion;
  }

  /** The current run. */
  static WorkflowStub latest(PromotionEngine engine, WorkflowStub promotion) {
    return engine.workflow(PromotionEngine.id(promotion));
  }

  static WorkflowStub released(PromotionEngine engine) {
    return ended(engine.approved());
  }

  static WorkflowStub resumed(WorkflowStub promotion) {
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    return ended(promotion);
  }

  static WorkflowStub cancelled(WorkflowStub workflow) {
    workflow.cancel("by ana@example.com: wrong data");
    return ended(workflow);
  }

  /** Waits until it has ended, successfully or not. */
  static WorkflowStub ended(WorkflowStub workflow) {
    try {
      workflow.getResult(Object.class);
    } catch (WorkflowFailedException notWell) {
      // Its history shows how it ended.
    }
    return workflow;
  }

  static void until(PromotionEngine engine, BooleanSupplier wanted) {
    Instant end = Instant.now().plusSeconds(60);
    while (!wanted.getAsBoolean()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("it did not come about");
      }
      engine.environment.sleep(Duration.ofMillis(100));
    }
  }
}
