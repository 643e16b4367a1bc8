package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.portage.approval.Receipt;
import dev.portage.settings.ServeCase;
import dev.portage.settings.ServeLimits;
import dev.portage.settings.ServeSettings;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.ActivityTaskScheduledEventAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Servers that do not start, calls that take long or whose answers are lost, and endpoints that
 * somebody changes.
 */
@Timeout(180)
class ServingFaultsTest extends ServingScene {

  @Test
  @Tag("S1.13")
  void aVersionThatDoesNotStartLeavesTheOldOneAloneAndSaysWhy() {
    isServed();
    endpoints.broken.put("1", "the update failed: MemoryError in its server log");

    WorkflowStub promotion = approved();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(failure(view)).contains("MemoryError in its server log");
    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
    assertThat(world.jobs.job).isNull();
  }

  @Test
  void aLaterFailureTakesTheTrafficBackToo() {
    isServed();
    world.failNext("mark prod champion", FakeWorld.userFault("you may not move aliases"));

    WorkflowStub promotion = approved();
    engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());

    promotion.update("resume", Receipt.class, PromotionEngine.by("ana@example.com", "stop-1"));
    released(promotion);
    assertThat(endpoints.of(ENDPOINT).text()).isEqualTo("version 1");
  }

  @Test
  void aChangeIsRetriedForAsLongAsTheUpdateBeforeItMayTake() {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);

    assertThat(engine.history(promotion).getEvents())
        .filteredOn(event ->
            event
                .getActivityTaskScheduledEventAttributes()
                .getActivityType()
                .getName()
                .equals("ChangeEndpoint"))
        .isNotEmpty()
        .allSatisfy(event ->
            assertThat(
                    event
                        .getActivityTaskScheduledEventAttributes()
                        .getScheduleToCloseTimeout()
                        .getSeconds())
                .isGreaterThan(Objects.requireNonNull(world.serve).timeout().toSeconds()));
  }

  @Test
  void eachCallHasALimitOfItsOwnAndWhatTakesLongSendsHeartbeats() {
    isServed();
    Duration timeout = Duration.ofHours(5);
    world.serve =
        ServeSettings.of(ENDPOINT).toBuilder().timeout(timeout).soak(Duration.ofDays(3)).build();
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);
    promotion.update("abort", Receipt.class, PromotionEngine.by("rui@example.com", ""));
    engine.untilState(promotion, PromotionState.STOPPED);

    // The last wait is that of the undo, which knows the file's limit as well.
    assertThat(scheduled(promotion, "AwaitEndpoint"))
        .hasSizeGreaterThan(2)
        .allSatisfy(call -> {
          assertThat(seconds(call.getStartToCloseTimeout())).isBetween(18_000L, 18_000L + 3_600);
          assertThat(seconds(call.getHeartbeatTimeout())).isEqualTo(30);
        });
    assertThat(scheduled(promotion, "Probe"))
        .isNotEmpty()
        .allSatisfy(call -> {
          assertThat(seconds(call.getStartToCloseTimeout())).isLessThan(3_600);
          assertThat(seconds(call.getHeartbeatTimeout())).isEqualTo(30);
        });
    for (String quick : List.of("StoreEndpoint", "ChangeEndpoint")) {
      assertThat(scheduled(promotion, quick))
          .isNotEmpty()
          .allSatisfy(call -> assertThat(seconds(call.getStartToCloseTimeout())).isEqualTo(30));
    }
  }

  @Test
  void theMoreRequestsALookSendsTheLongerItMayTake() {
    isServed();
    List<ServeCase> cases = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      cases.add(new ServeCase("case " + i, TextNode.valueOf("x"), null, ServeCase.TOLERANCE));
    }
    world.serve =
        ServeSettings.of(ENDPOINT).toBuilder().cases(cases).soak(Duration.ofDays(3)).build();
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);

    // 51 to the version and 51 to the champion, each 20 s.
    assertThat(scheduled(promotion, "Probe"))
        .isNotEmpty()
        .allSatisfy(
            call -> assertThat(seconds(call.getStartToCloseTimeout())).isGreaterThan(102 * 20));
  }

  private List<ActivityTaskScheduledEventAttributes> scheduled(
      WorkflowStub promotion, String type) {
    return engine.history(promotion).getEvents().stream()
        .filter(event -> event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
        .map(HistoryEvent::getActivityTaskScheduledEventAttributes)
        .filter(call -> call.getActivityType().getName().equals(type))
        .toList();
  }

  private static long seconds(com.google.protobuf.Duration time) {
    return time.getSeconds();
  }

  @Test
  void aWorkerThatTakesOverInASoakGoesOnWhereItWas() throws Exception {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);
    promotion.signal("proceed", PromotionEngine.by("ana@example.com", ""));
    untilShare(promotion, 25);

    // In the middle of a soak, all that another worker has is this.
    ReplayTest.replay(engine.history(promotion), PromotionWorkflowImpl.class);

    promotion.update("abort", Receipt.class, PromotionEngine.by("rui@example.com", ""));
    engine.untilState(promotion, PromotionState.STOPPED);
    ReplayTest.replay(engine.history(promotion), PromotionWorkflowImpl.class);
  }

  @Test
  void anEndpointThatSomebodyChangedMeanwhileIsLeftAsItIsAndSaid() {
    isServed();
    world.serve = settings(Duration.ofMinutes(10), ServeLimits.NONE);
    endpoints.answers =
        order -> {
          if (share() == 25) {
            endpoints.byHand(
                ENDPOINT, FakeEndpoints.served("0", 40), FakeEndpoints.served("1", 60));
          }
          return FakeEndpoints.good(null);
        };

    WorkflowStub promotion = approved();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(failure(view))
        .contains("somebody changed it meanwhile")
        .contains("which this promotion did not order")
        .contains("databricks serving-endpoints update-config diabetes");
    assertThat(endpoints.of(ENDPOINT).text()).isEqualTo("versions 1 (60 %) and 0 (40 %)");
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
  }

  @Test
  void whatSomebodyChangedWhileTheBatchWasScoredIsSaidBeforeTheChampionMoves()
      throws InterruptedException {
    isServed();
    world.serve = settings(Duration.ofMillis(100), ServeLimits.NONE);
    FaultyWorld.Hold hold = world.hold("create job");
    WorkflowStub promotion = approved();
    hold.awaitReached();
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("0", 70), FakeEndpoints.served("1", 30));
    hold.release();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(failure(view))
        .contains("it was left with version 1: somebody changed it meanwhile")
        .contains("The champion has not moved");
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
    assertThat(endpoints.of(ENDPOINT).text()).isEqualTo("versions 0 (70 %) and 1 (30 %)");
    assertThat(engine.lane("prod").holder()).isNull();

    // Whoever was told of it orders to leave it: people decide on what is there now.
    promotion.update("resume", Receipt.class, PromotionEngine.by("ana@example.com", "stop-1"));
    engine.until(promotion, one -> "prod-2".equals(one.request()));
    promotion.update("approve", Receipt.class, PromotionEngine.by("ana@example.com", "prod-2"));
    released(promotion);
    assertThat(endpoints.of(ENDPOINT).text()).isEqualTo("version 1");
  }

  @Test
  void ifSomebodyRemovedTheChampionsVersionAPersonDecides() throws InterruptedException {
    isServed();
    world.serve = settings(Duration.ofMillis(100), ServeLimits.NONE);
    // At 100 % of the traffic the old version is at rest: there somebody removes it.
    world.failNext("mark prod champion", FakeWorld.userFault("you may not move aliases"));
    FaultyWorld.Hold hold = world.hold("create job");
    WorkflowStub promotion = approved();
    hold.awaitReached();
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("1", 100));
    hold.release();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    // What is there was not ordered by this promotion, so a person decides.
    assertThat(failure(view)).contains("which this promotion did not order");
    assertThat(endpoints.of(ENDPOINT).text()).isEqualTo("version 1");
  }

  @Test
  void aLostAnswerMovesTrafficOnce() {
    isServed();
    world.loseNextAnswer("changeEndpoint");
    world.loseNextAnswer("storeEndpoint");

    released(approved());

    assertThat(endpoints.splits).doesNotHaveDuplicates().hasSize(5);
  }
}
