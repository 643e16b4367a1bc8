package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.DeskState;
import dev.portage.approval.Receipt;
import dev.portage.history.HistoryKind;
import dev.portage.live.LiveWatchId;
import dev.portage.livewatch.LiveWatchStart;
import dev.portage.livewatch.LiveWatchView;
import dev.portage.order.OrderView;
import dev.portage.order.WorkspaceOrder;
import dev.portage.settings.ServeSettings;
import dev.portage.step.CourseState;
import dev.portage.step.CourseView;
import dev.portage.step.StepsState;
import dev.portage.temporal.Payloads;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Watches, and people who cancel, roll back, approve and read beside them. */
@Timeout(180)
@Tag("S2.35")
class LiveWatchPeopleTest extends LiveWatchScene {

  @Test
  void promotionsAreHeldUntilSomeoneLetsGoOfTheModelByItsName() {
    // A notice may end after what it tells of, and time would stand still.
    world.receivers = List.of();
    engine.rollbacks.receivers = List.of();
    releaseTwo();
    turnsBad("2", "no answer came");
    ended(SECOND);
    endpoints.answers = order -> FakeEndpoints.good(null);
    // All versions of this world have the same bytes.
    world.clearance.entries.clear();
    WorkflowStub third = engine.approved("2222222222222222222222222222222222222222");

    PromotionView held = engine.untilState(third, PromotionState.FROZEN);

    assertThat(held.says())
        .contains("promotions of diabetes to prod are held since")
        .contains("by " + SECOND + ": version 2 broke a limit")
        .contains("To end it: portage unfreeze --model diabetes --reason TEXT");
    OrderView other = order(WorkspaceOrder.unfreeze("prod", "ops@example.com", "not this"));
    assertThat(Objects.requireNonNull(other.problem()).cameBack()).contains("it is not frozen");
    OrderView let = order(WorkspaceOrder.unfreeze("diabetes", "ops@example.com", "table fixed"));
    assertThat(let.problem()).isNull();
    assertThat(let.workspaces())
        .anySatisfy(answer ->
            assertThat(answer.text()).startsWith("let go of diabetes in prod, held since"));
    engine.until(third, view -> view.state() == PromotionState.RELEASED, Duration.ofMinutes(1));
    assertThat(engine.history(third).getEvents())
        .filteredOn(event -> event.getEventType() == EventType.EVENT_TYPE_TIMER_STARTED)
        .anyMatch(event ->
            event
                .getUserMetadata()
                .getSummary()
                .getData()
                .toStringUtf8()
                .contains("wait until someone ends the hold on diabetes"));
  }

  @Test
  void aRollbackByAPersonEndsTheWatchOfWhatItLeft() {
    releaseTwo();
    WorkflowStub rollback = engine.rollback();
    rolledBack(rollback);

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says()).startsWith("the champion is version 1");
    assertThat(world.clearance.freezes).isEmpty();
  }

  @Test
  void aPersonWhoCancelsItEndsItAndThatIsInTheLog() {
    engine.release(PromotionEngine.COMMIT);
    engine.workflow(FIRST).cancel("by ana@example.com: we look ourselves");

    assertThat(ended(FIRST).state()).isEqualTo(CourseView.State.CANCELLED);
    assertThat(world.log)
        .filteredOn(event -> event.kind() == HistoryKind.UNWATCH)
        .singleElement()
        .satisfies(event -> {
          assertThat(event.by()).isEqualTo("ana@example.com");
          assertThat(event.reason()).contains("we look ourselves");
          assertThat(event.subject()).isEqualTo("version 1");
        });
  }

  @Test
  void whoeverApprovedTheReleaseApprovedTheRollbackSoNobodyIsAskedAgain() {
    engine.rollbacks.approve = List.of("model-owners");
    releaseTwo();
    turnsBad("2", "status 500");

    assertThat(ended(SECOND).state()).isEqualTo(CourseView.State.REJECTED);
    assertThat(live()).isEqualTo("version 1");
  }

  @Test
  void nobodyCanOrderARollbackByStartingAWatchByHand() {
    engine.release(PromotionEngine.COMMIT);
    LiveWatchStart start = input(FIRST);
    engine.workflow(FIRST).cancel("by ana@example.com");
    ended(FIRST);
    engine.workflow("LiveWatchWorkflow", FIRST).start(start, null);
    assertNoneButAPromotionStartsIt(ended(FIRST));

    engine.workflow("LiveWatchWorkflow", FIRST).start(start, asIfContinued());
    assertNoneButAPromotionStartsIt(ended(FIRST));
  }

  private static void assertNoneButAPromotionStartsIt(LiveWatchView view) {
    assertThat(view.state()).isEqualTo(CourseView.State.FAILED);
    assertThat(Objects.requireNonNull(view.problem()).cameBack())
        .isEqualTo("it was not started by a promotion");
  }

  /** What a run would hand to its next. */
  private static CourseState asIfContinued() {
    return new CourseState(
        new StepsState(Map.of(), Map.of(), null, List.of(), null),
        DeskState.of(List.of(), false).build(),
        new CourseState.Shown(CourseView.State.RUNNING, "", Instant.EPOCH, List.of(), null),
        null,
        0,
        0);
  }

  @Test
  void whileAPersonRollsBackAlreadyItStartsNoSecondOne() {
    releaseTwo();
    world.refuse("restoreJob", FakeWorld.userFault("you may not reset the job"));
    WorkflowStub rollback = engine.rollback();
    engine.environment.sleep(Duration.ofSeconds(30));
    turnsBad("2", "status 500");
    until(
        SECOND,
        now -> now.notices().stream().anyMatch(notice -> notice.contains("is still running")));
    world.failNext("champion", FakeWorld.userFault("the workspace is away"));
    until(
        SECOND,
        now -> now.notices().stream().anyMatch(notice -> notice.contains("could not be read: ")));

    world.allow("restoreJob");
    rollback.update("resume", Receipt.class, by("rui@example.com", ""));
    LiveWatchView view = ended(SECOND);

    assertThat(view.rollback()).isNull();
    assertThat(Objects.requireNonNull(view.problem()).remedy())
        .startsWith("Version 1 was made live meanwhile. Promotions of diabetes are held");
    assertThat(world.log).filteredOn(event -> event.kind() == HistoryKind.ROLLBACK).hasSize(1);
  }

  @Test
  void itsTimerSaysInTheWebUiWhatItWaitsFor() {
    engine.release(PromotionEngine.COMMIT);

    assertThat(engine.environment.getWorkflowClient().fetchHistory(FIRST).getEvents())
        .filteredOn(event -> event.getEventType() == EventType.EVENT_TYPE_TIMER_STARTED)
        .first()
        .satisfies(event ->
            assertThat(event.getUserMetadata().getSummary().getData().toStringUtf8())
                .contains("next look at version 1 of endpoint diabetes, watched until "));
  }

  @Test
  void thePlanSaysWatchAndRollbackBeforeAnyoneApproves() {
    engine.release(PromotionEngine.COMMIT);
    WorkflowStub second = engine.start(PromotionEngine.OTHER_COMMIT);
    engine.untilState(second, PromotionState.WAITING);

    assertThat(then(second))
        .contains(
            "; then watched for 1d, a look each 1m: if a limit is broken twice in a row, the"
                + " version is rolled back automatically, and promotions of the model are held until"
                + " someone ends the hold");
  }

  @Test
  void thePlanSaysWhatAWatchMeansForVersionsThatStopWhileNobodyAsks() {
    world.serve = watched(Duration.ofHours(24)).toBuilder().scaleToZero(true).build();

    assertThat(then(engine.waiting()))
        .contains(
            "the watch's requests keep the new version running, but the one before it stops, so"
                + " going back has to start it");
  }

  @Test
  void withoutAWatchThePlanSaysSoAndNoneStarts() {
    world.serve = ServeSettings.of(ENDPOINT);

    WorkflowStub promotion = engine.waiting();

    assertThat(then(promotion)).contains("; not watched after that");
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.until(promotion, view -> view.state() == PromotionState.RELEASED, Duration.ofMinutes(1));
    assertThat(engine.history(promotion).getEvents())
        .noneMatch(event ->
            event.hasStartChildWorkflowExecutionInitiatedEventAttributes()
                && event
                    .getStartChildWorkflowExecutionInitiatedEventAttributes()
                    .getWorkflowId()
                    .startsWith(LiveWatchId.WATCHES));
  }

  private static String then(WorkflowStub promotion) {
    return PromotionEngine.status(promotion).requests().getFirst().plan().actions().stream()
        .filter(action -> action.step().equals("prod/serve"))
        .findFirst()
        .orElseThrow()
        .then();
  }

  private OrderView order(WorkspaceOrder order) {
    WorkflowStub stub = engine.workflow("OrderWorkflow", "unfreeze/" + order.workspace());
    stub.start(order);
    return stub.getResult(OrderView.class);
  }

  private LiveWatchStart input(String id) {
    return Objects.requireNonNull(
        Payloads.dataConverter()
            .fromPayload(
                engine
                    .environment
                    .getWorkflowClient()
                    .fetchHistory(id)
                    .getEvents()
                    .getFirst()
                    .getWorkflowExecutionStartedEventAttributes()
                    .getInput()
                    .getPayloads(0),
                LiveWatchStart.class,
                LiveWatchStart.class));
  }
}
