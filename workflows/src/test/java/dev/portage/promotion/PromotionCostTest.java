package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowStub;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a promotion costs Temporal and its neighbours: each activity is a round trip to a worker,
 * and in a burst each of them waits.
 */
class PromotionCostTest {

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private List<HistoryEvent> before;
  private List<HistoryEvent> after;

  @BeforeEach
  void promote() {
    engine.world.withBatch = false;
    engine.world.registry.madeElsewhere("7");
    WorkflowStub promotion = engine.start(PromotionEngine.start(List.of(), "7"));
    engine.untilState(promotion, PromotionState.WAITING);
    int decided = engine.history(promotion).getEvents().size();
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    promotion.getResult(PromotionView.class);
    List<HistoryEvent> all = engine.history(promotion).getEvents();
    before = all.subList(0, decided);
    after = all.subList(decided, all.size());
  }

  @Test
  void workspaceIndependentActivitiesAreLocal() {
    assertThat(activities(before))
        .doesNotContain("Settings", "Evaluate")
        .contains("VersionsOf", "RunOf", "MakeManifest", "Look");
    assertThat(activities(after)).doesNotContain("People", "GiveBack");
  }

  @Test
  void aDecisionLeadsToTheNextStepWithoutAnActivityInBetween() {
    assertThat(activities(after)).startsWith("Copy");
    assertThat(
            after.stream()
                .map(HistoryEvent::getEventType)
                .takeWhile(type -> type != EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
                .filter(EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED::equals))
        .as("workflow tasks up to the next step")
        .hasSize(1);
  }

  @Test
  void consecutiveReadsOfAWorkspaceAreOneActivity() {
    assertThat(activities(after))
        .containsExactlyInAnyOrder(
            "Copy",
            // What starts with a version may have been added since it was decided on.
            "FindTriggers",
            "RegisterVersion",
            "Clearance",
            "AwaitGrant",
            "Look",
            // What starts elsewhere is looked for again: the champion's move would start it.
            "FindTriggers",
            "Clearance",
            "Mark",
            "FollowUp",
            "RemoveTwins",
            "Champion",
            "Mark");
  }

  @Test
  void aGrantTakesOneActivity() {
    assertThat(
            activities(
                engine
                    .environment
                    .getWorkflowClient()
                    .fetchHistory("lane/prod/diabetes")
                    .getEvents()))
        .containsExactly("GrantTurn");
  }

  @Test
  void theStateIsPublishedOncePerTask() {
    long tasks = count(before, EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED);
    assertThat(count(before, EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES))
        .isLessThanOrEqualTo(tasks);
    assertThat(count(after, EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES))
        .as("copy, register, turn, champion, close, and that it is released")
        .isLessThanOrEqualTo(6);
  }

  private static List<String> activities(List<HistoryEvent> events) {
    return events.stream()
        .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
        .map(event -> event.getActivityTaskScheduledEventAttributes().getActivityType().getName())
        .toList();
  }

  private static long count(List<HistoryEvent> events, EventType type) {
    return events.stream().filter(event -> event.getEventType() == type).count();
  }
}
