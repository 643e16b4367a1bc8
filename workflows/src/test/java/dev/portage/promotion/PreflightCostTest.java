package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.preflight.PreflightOrder;
import dev.portage.settings.SettingsOrder;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowStub;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a preflight costs Temporal and whoever waits for it: each task is one more round trip. */
class PreflightCostTest {

  private static final String ID = "preflight/diabetes/cost";

  @Test
  void aPreflightAsksEachWorkspaceOnceForEverything() {
    try (PromotionEngine engine = new PromotionEngine()) {
      WorkflowStub preflight = engine.workflow("PreflightWorkflow", ID);
      preflight.start(
          new PreflightOrder(
              new SettingsOrder("promotion.yaml", "model: diabetes", List.of()),
              "promotion/diabetes/0123456789ab",
              "f".repeat(64),
              null));
      preflight.getResult(Object.class);

      List<EventType> history =
          engine.environment.getWorkflowClient().fetchHistory(ID).getEvents().stream()
              .map(event -> event.getEventType())
              .toList();

      assertThat(history)
          .filteredOn(EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED::equals)
          .as("one for each of two workspaces")
          .hasSize(2);
      assertThat(history)
          .filteredOn(EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED::equals)
          .as("one to ask, and one for each answer")
          .hasSizeLessThanOrEqualTo(3);
    }
  }
}
