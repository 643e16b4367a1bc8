package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.DeskState;
import dev.portage.approval.Receipt;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.live.LiveWatchId;
import dev.portage.livewatch.LiveWatchStart;
import dev.portage.livewatch.LiveWatchView;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeReceiver;
import dev.portage.order.OrderView;
import dev.portage.order.WorkspaceOrder;
import dev.portage.rollback.RollbackView;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.ProbeOrder;
import dev.portage.serving.ProbeResult;
import dev.portage.serving.Served;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.ServeWatch;
import dev.portage.step.CourseState;
import dev.portage.step.CourseView;
import dev.portage.step.StepView;
import dev.portage.step.StepsState;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.Queues;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is watched after a release, with endpoints in memory. */
@Timeout(180)
@Tag("S2.35")
class LiveWatchTest {

  private static final String ENDPOINT = "diabetes";
  private static final String FIRST = "watch/prod/diabetes/1";
  private static final String SECOND = "watch/prod/diabetes/2";
  private static final String ROLLBACK = "rollback/prod/diabetes/1";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;
  private final FakeEndpoints endpoints = world.endpoints;

  @BeforeEach
  void servesAndWatches() {
    world.serve = watched(Duration.ofHours(24));
    world.receivers =
        List.of(new NoticeReceiver("team", List.of(NoticeKind.WATCH, NoticeKind.ROLLBACK)));
    engine.rollbacks.receivers = world.receivers;
  }

  private static ServeSettings watched(Duration lasts) {
    return ServeSettings.of(ENDPOINT).toBuilder()
        .watch(new ServeWatch(lasts, Duration.ofMinutes(1)))
        .build();
  }

  @Test
  void aLimitThatIsBrokenTwiceInARowIsRolledBackOnceAndTheModelIsHeld() {
    releaseTwo();
    turnsBad("2", "input example: status 500");
    int served = endpoints.splits.size();

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.REJECTED);
    assertThat(view.broken())
        .contains(
            "5 of 5 requests of our own failed, over the limit of 1 %: input example: status 500")
        .contains(" UTC, and before, at ");
    assertThat(view.rollback()).isEqualTo(ROLLBACK);
    assertThat(view.held()).isTrue();
    assertThat(Objects.requireNonNull(view.problem()).remedy())
        .contains("Version 1 is live again, by " + ROLLBACK)
        .contains("portage unfreeze --model diabetes --reason TEXT");
    assertThat(view.steps())
        .extracting(StepView::name)
        .containsExactly("watch", "hold", "rollback");
    assertThat(endpoints.splits.subList(served, endpoints.splits.size()))
        .containsExactly("1: 100 %, 2: 0 %", "1: 100 %");
    RollbackView rollback = rolledBack(stub(ROLLBACK));
    assertThat(rollback.startedBy()).isEqualTo(SECOND);
    assertThat(rollback.reason()).isEqualTo(view.broken());
    assertThat(world.log)
        .filteredOn(event -> event.kind() == HistoryKind.ROLLBACK)
        .singleElement()
        .extracting(HistoryEvent::by)
        .isEqualTo(SECOND);
    assertThat(world.clearance.freezes)
        .singleElement()
        .satisfies(held -> {
          assertThat(held.model()).isEqualTo("diabetes");
          assertThat(held.by()).isEqualTo(SECOND);
          assertThat(held.reason()).startsWith("version 2 broke a limit: 5 of 5 requests");
        });
    assertThat(world.effects).containsSubsequence("hold diabetes", "serve 1: 100 %, 2: 0 %");
    assertThat(told(NoticeKind.WATCH))
        .singleElement()
        .asString()
        .contains("version 2 of diabetes in prod broke a limit", "status 500");
    assertThat(told(NoticeKind.ROLLBACK)).hasSize(1);
  }

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
    WorkflowStub third = approved("2222222222222222222222222222222222222222");

    PromotionView held = engine.untilState(third, PromotionState.FROZEN);

    assertThat(held.says())
        .contains("promotions of diabetes to prod are held since")
        .contains("by " + SECOND + ": version 2 broke a limit")
        .contains("To let go: portage unfreeze --model diabetes --reason TEXT");
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
                .contains("wait until someone lets go of diabetes"));
  }

  @Test
  void oneBadLookIsNoReasonToGoBack() {
    releaseTwo(Duration.ofMinutes(10));
    AtomicInteger bad = new AtomicInteger();
    endpoints.answers =
        order ->
            isWatched(order) && bad.incrementAndGet() % 2 == 1
                ? FakeEndpoints.wrong("status 503")
                : FakeEndpoints.good(null);

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says()).contains("watched for 10m, and broke no limit in");
    assertThat(view.notices())
        .anyMatch(notice -> notice.startsWith("a limit was broken at"))
        .anyMatch(notice -> notice.startsWith("the next look found no limit broken"));
    assertThat(world.clearance.freezes).isEmpty();
    assertThat(live()).isEqualTo("version 2");
  }

  @Test
  void anotherLookRightAfterABrokenOneConfirmsNothing() {
    releaseTwo(Duration.ofMinutes(10));
    turnsBad("2", "status 503");
    LiveWatchView suspected =
        until(
            SECOND,
            now -> now.notices().stream().anyMatch(notice -> notice.startsWith("a limit was")));
    stub(SECOND).signal(LiveWatchId.LOOK);
    until(SECOND, now -> now.judged() > suspected.judged(), Duration.ofSeconds(1));
    endpoints.answers = order -> good();

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says()).contains("broke no limit in");
    assertThat(world.clearance.freezes).isEmpty();
  }

  @Test
  void aSuspicionThatNoLookCanConfirmEndsWithTheTimeAndIsSaid() {
    releaseTwo(Duration.ofMinutes(10));
    endpoints.answers =
        order -> {
          if (isWatched(order)) {
            world.refuse("probe", FakeWorld.userFault("the login may not ask the endpoint"));
          }
          return FakeEndpoints.wrong("status 503");
        };

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says())
        .contains("the last look that judged it found a limit broken, which no other confirmed: ")
        .doesNotContain("broke no limit");
    assertThat(live()).isEqualTo("version 2");
  }

  @Test
  void aFirstReleaseHasNothingToGoBackToSoItIsSaidAndHeldAndLeftAsItIs() {
    release(PromotionEngine.COMMIT);
    turnsBad("1", "status 500");

    LiveWatchView view = ended(FIRST);

    assertThat(view.state()).isEqualTo(CourseView.State.FAILED);
    assertThat(Objects.requireNonNull(view.problem()).cameBack())
        .contains("there is no release to go back to, so it was left as it is");
    assertThat(view.rollback()).isNull();
    assertThat(view.held()).isTrue();
    assertThat(live()).isEqualTo("version 1");
    assertThat(world.log).noneMatch(event -> event.kind() == HistoryKind.ROLLBACK);
  }

  @Test
  void aNewerReleaseEndsTheWatchOfTheOneBeforeAtOnce() {
    releaseTwo();

    LiveWatchView view = look(FIRST);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says())
        .startsWith("the champion is version 2, released by promotion/diabetes/");
    assertThat(view.notices())
        .as("while a promotion moves the traffic nothing is judged, and nobody is told")
        .anyMatch(notice -> notice.contains("promotion/diabetes/fedcba987654 changed it last"));
    assertThat(told(NoticeKind.WATCH)).isEmpty();
    assertThat(look(SECOND).state()).isEqualTo(CourseView.State.RUNNING);
  }

  @Test
  void aRollbackByAPersonEndsTheWatchOfWhatItLeft() {
    releaseTwo();
    WorkflowStub rollback = untyped("RollbackWorkflow", ROLLBACK);
    rollback.start(FakeRollbacks.order(null));
    rolledBack(rollback);

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says()).startsWith("the champion is version 1");
    assertThat(world.clearance.freezes).isEmpty();
  }

  @Test
  void anEndpointThatSomebodyChangedIsSaidAndNeitherJudgedNorTakenBack() {
    releaseTwo(Duration.ofMinutes(10));
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("1", 50), FakeEndpoints.served("2", 50));
    turnsBad("2", "status 500");
    int asked = endpoints.probes.size();

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says())
        .contains("NOT JUDGED once")
        .contains("at the end it was not judged: endpoint diabetes serves versions");
    assertThat(endpoints.probes).hasSize(asked);
    assertThat(world.log).noneMatch(event -> event.kind() == HistoryKind.ROLLBACK);
    assertThat(told(NoticeKind.WATCH))
        .singleElement()
        .asString()
        .contains("somebody changed it by hand", "not rolled back, until");
  }

  @Test
  void anUpdateUnderWayIsNoticedBeforeItTakesEffectAndNothingIsJudged() {
    releaseTwo(Duration.ofMinutes(10));
    endpoints.pendingStays = true;
    endpoints.pending.put(
        ENDPOINT,
        new EndpointConfig(List.of(FakeEndpoints.served("1", 50), FakeEndpoints.served("2", 50))));
    endpoints.promotions.remove(ENDPOINT);
    turnsBad("2", "status 500");
    int asked = endpoints.probes.size();

    LiveWatchView view = ended(SECOND);

    assertThat(view.notices())
        .anyMatch(notice ->
            notice.contains(
                "endpoint diabetes still serves version 2, but an update to versions 1 (50 %) and 2"
                    + " (50 %) is under way"));
    assertThat(view.says()).contains("NOT JUDGED once");
    assertThat(endpoints.probes).hasSize(asked);
    assertThat(world.log).noneMatch(event -> event.kind() == HistoryKind.ROLLBACK);
    assertThat(told(NoticeKind.WATCH)).hasSize(1);
  }

  @Test
  void anUpdateUnderWayThatMovesNoTrafficIsJudgedButTheOldVersionMayBeGoing() {
    releaseTwo(Duration.ofMinutes(10));
    endpoints.pendingStays = true;
    endpoints.pending.put(ENDPOINT, new EndpointConfig(List.of(FakeEndpoints.served("2", 100))));

    LiveWatchView view = until(SECOND, now -> now.judged() > 0);

    assertThat(view.notices().getFirst()).contains("is not kept on the endpoint any more");
  }

  @Test
  void anEndpointThatWasRenamedIsSaidAndJudgedAgainOnceItIsBack() {
    releaseTwo();
    EndpointConfig released = Objects.requireNonNull(endpoints.endpoints.remove(ENDPOINT));
    LiveWatchView lost = until(SECOND, now -> !now.notices().isEmpty());
    assertThat(lost.notices().getFirst())
        .contains("endpoint diabetes does not exist any more: it was deleted or renamed");
    assertThat(lost.state()).isEqualTo(CourseView.State.RUNNING);

    endpoints.endpoints.put(ENDPOINT, released);

    until(SECOND, now -> now.judged() > 0);
    assertThat(look(SECOND).notices()).anyMatch(notice -> notice.contains("released again"));
  }

  @Test
  void aChangeOfSizeByHandIsNoticed() {
    releaseTwo();
    endpoints.byHand(
        ENDPOINT,
        FakeEndpoints.served("1", 0),
        new Served("diabetes-2", "diabetes", "2", 100, "larger"));

    LiveWatchView view = until(SECOND, now -> !now.notices().isEmpty());

    assertThat(view.notices().getFirst())
        .contains("whose size, environment or the like is another one");
  }

  @Test
  void anOldVersionThatIsGoneIsSaidSinceGoingBackTakesAStartUpThen() {
    releaseTwo();
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("2", 100));

    LiveWatchView view = until(SECOND, now -> now.judged() > 0);

    assertThat(view.notices().getFirst()).contains("is not kept on the endpoint any more");
  }

  @Test
  void aLookThatFindsNothingOutIsNoFaultOfTheVersionAndIsTold() {
    releaseTwo(Duration.ofMinutes(10));
    world.refuse("probe", FakeWorld.userFault("the login may not ask the endpoint"));

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says()).contains("NOT JUDGED once");
    assertThat(world.clearance.freezes).isEmpty();
    assertThat(told(NoticeKind.WATCH))
        .singleElement()
        .asString()
        .contains("3 looks in a row found nothing out", "may not ask");
  }

  @Test
  void aPersonWhoCancelsItEndsItAndThatIsInTheLog() {
    release(PromotionEngine.COMMIT);
    stub(FIRST).cancel("by ana@example.com: we look ourselves");

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
    release(PromotionEngine.COMMIT);
    LiveWatchStart start = input(FIRST);
    stub(FIRST).cancel("by ana@example.com");
    ended(FIRST);
    untyped("LiveWatchWorkflow", FIRST).start(start, null);
    assertNoneButAPromotionStartsIt(ended(FIRST));

    untyped("LiveWatchWorkflow", FIRST).start(start, asIfContinued());
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
    WorkflowStub rollback = untyped("RollbackWorkflow", ROLLBACK);
    rollback.start(FakeRollbacks.order(null));
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
  void aChampionThatIsGoneWhileItWaitsForAnotherRollbackIsSaid() {
    releaseTwo();
    world.refuse("restoreJob", FakeWorld.userFault("you may not reset the job"));
    untyped("RollbackWorkflow", ROLLBACK).start(FakeRollbacks.order(null));
    engine.environment.sleep(Duration.ofSeconds(30));
    turnsBad("2", "status 500");
    until(
        SECOND,
        now -> now.notices().stream().anyMatch(notice -> notice.contains("is still running")));
    world.registry.losesChampion();

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.FAILED);
    assertThat(Objects.requireNonNull(view.problem()).cameBack())
        .endsWith("it was not rolled back: there is no champion any more");
  }

  @Test
  void anotherVersionThatGoesLiveBeforeTheRollbackHasItsTurnIsNotTakenBack() {
    releaseTwo();
    AtomicInteger bad = new AtomicInteger();
    endpoints.answers =
        order -> {
          if (isWatched(order) && bad.incrementAndGet() == 2) {
            // As by a promotion that held the turn, which moved the champion at this moment.
            world.registry.isChampion("3", Map.of(), PromotionEngine.COMMIT, "run-9");
          }
          return FakeEndpoints.wrong("status 500");
        };

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.REJECTED);
    assertThat(Objects.requireNonNull(view.problem()).remedy())
        .startsWith("Version 3 was made live meanwhile. Promotions of diabetes are held")
        .doesNotContain("portage rollback");
    assertThat(world.log).noneMatch(event -> event.kind() == HistoryKind.ROLLBACK);
    assertThat(view.held()).isTrue();
  }

  @Test
  void aHoldThatCannotBeRecordedAtOnceDelaysNoRollback() {
    releaseTwo();
    world.refuse("hold", FakeWorld.userFault("the log can't be written"));
    turnsBad("2", "status 500");

    LiveWatchView stopped = until(SECOND, now -> now.state() == CourseView.State.STOPPED);

    assertThat(live()).isEqualTo("version 1");
    assertThat(stopped.notices()).anyMatch(notice -> notice.contains("are not held yet"));
    world.allow("hold");
    stub(SECOND).update("resume", Receipt.class, by("ana@example.com", ""));
    assertThat(ended(SECOND).held()).isTrue();
  }

  @Test
  void itContinuesInNewRunsSoThatNoHistoryGrowsWithoutEnd() {
    world.serve = watched(Duration.ofHours(4));
    release(PromotionEngine.COMMIT);
    String first = run(FIRST);
    until(FIRST, now -> !run(FIRST).equals(first), Duration.ofMinutes(10));
    LiveWatchView before = look(FIRST);

    LiveWatchView view = ended(FIRST);

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.looks()).isGreaterThan(before.looks()).isBetween(235, 241);
    assertThat(engine.environment.getWorkflowClient().fetchHistory(FIRST, first).getEvents())
        .hasSizeLessThan(2_200);
  }

  @Test
  void itsTimerSaysInTheWebUiWhatItWaitsFor() {
    release(PromotionEngine.COMMIT);

    assertThat(engine.environment.getWorkflowClient().fetchHistory(FIRST).getEvents())
        .filteredOn(event -> event.getEventType() == EventType.EVENT_TYPE_TIMER_STARTED)
        .first()
        .satisfies(event ->
            assertThat(event.getUserMetadata().getSummary().getData().toStringUtf8())
                .contains("next look at version 1 of endpoint diabetes, watched until "));
  }

  @Test
  void thePlanSaysWatchAndRollbackBeforeAnyoneApproves() {
    release(PromotionEngine.COMMIT);
    WorkflowStub second = engine.start(PromotionEngine.OTHER_COMMIT);
    engine.untilState(second, PromotionState.WAITING);

    assertThat(then(second))
        .contains(
            "; then watched for 1d, a look each 1m: a limit that is broken twice in a row starts a"
                + " rollback by itself, and holds promotions of the model until someone lets go");
  }

  @Test
  void thePlanSaysWhatAWatchMeansForVersionsThatStopWhileNobodyAsks() {
    world.serve = watched(Duration.ofHours(24)).toBuilder().scaleToZero(true).build();

    assertThat(then(engine.waiting()))
        .contains(
            "its requests keep the version running, while the one before it stops, so that going"
                + " back has to start it");
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

  /** From now on a version answers so, whoever asks it. */
  private void turnsBad(String version, String fault) {
    endpoints.answers =
        order -> order.served().equals("diabetes-" + version) ? FakeEndpoints.wrong(fault) : good();
  }

  private static ProbeResult good() {
    return FakeEndpoints.good(null);
  }

  private static boolean isWatched(ProbeOrder order) {
    return order.requestId().startsWith(LiveWatchId.WATCHES);
  }

  private String live() {
    return endpoints.endpoints.getOrDefault(ENDPOINT, EndpointConfig.NONE).text();
  }

  private List<String> told(NoticeKind kind) {
    return world.delivered.stream()
        .filter(order -> order.notice().kind() == kind)
        .map(order -> order.notice().says())
        .distinct()
        .toList();
  }

  private WorkflowStub approved(String commit) {
    WorkflowStub promotion = engine.start(commit);
    engine.untilState(promotion, PromotionState.WAITING);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return promotion;
  }

  private void release(String commit) {
    assertThat(approved(commit).getResult(PromotionView.class).state())
        .isEqualTo(PromotionState.RELEASED);
  }

  private RollbackView rolledBack(WorkflowStub rollback) {
    Instant end = Instant.now().plusSeconds(60);
    while (true) {
      RollbackView view = rollback.query("status", RollbackView.class);
      if (view.state().ended()) {
        return view;
      }
      assertThat(Instant.now()).as(view.says()).isBefore(end);
      engine.environment.sleep(Duration.ofSeconds(1));
    }
  }

  private OrderView order(WorkspaceOrder order) {
    WorkflowStub stub = untyped("OrderWorkflow", "unfreeze/" + order.workspace());
    stub.start(order);
    return stub.getResult(OrderView.class);
  }

  private WorkflowStub untyped(String type, String id) {
    return engine
        .environment
        .getWorkflowClient()
        .newUntypedWorkflowStub(
            type,
            WorkflowOptions.newBuilder().setWorkflowId(id).setTaskQueue(Queues.PORTAGE).build());
  }

  private WorkflowStub stub(String id) {
    return engine.environment.getWorkflowClient().newUntypedWorkflowStub(id);
  }

  private LiveWatchView look(String id) {
    return stub(id).query("status", LiveWatchView.class);
  }

  private String run(String id) {
    return stub(id).describe().getExecution().getRunId();
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

  /** One whose time goes on. */
  private LiveWatchView ended(String id) {
    LiveWatchView view = until(id, now -> now.state().ended());
    engine.childOfAnEndedOneHasEnded();
    return view;
  }

  /** Two releases: the watch of the first has ended. */
  private void releaseTwo() {
    releaseTwo(Duration.ofHours(24));
  }

  /**
   * The same.
   *
   * @param lasts how long the second is watched
   */
  private void releaseTwo(Duration lasts) {
    release(PromotionEngine.COMMIT);
    world.serve = watched(lasts);
    release(PromotionEngine.OTHER_COMMIT);
    Instant end = Instant.now().plusSeconds(60);
    while (!look(FIRST).state().ended()) {
      assertThat(Instant.now()).isBefore(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    engine.childOfAnEndedOneHasEnded();
  }

  private LiveWatchView until(String id, Predicate<LiveWatchView> wanted) {
    return until(id, wanted, Duration.ofSeconds(3));
  }

  private LiveWatchView until(String id, Predicate<LiveWatchView> wanted, Duration step) {
    Instant end = Instant.now().plusSeconds(60);
    while (true) {
      LiveWatchView view = look(id);
      if (wanted.test(view)) {
        return view;
      }
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("it is " + view.state() + ": " + view.says());
      }
      engine.environment.sleep(step);
    }
  }
}
