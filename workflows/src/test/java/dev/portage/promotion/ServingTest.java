package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.approval.Request;
import dev.portage.freeze.FreezeOrder;
import dev.portage.live.LiveState;
import dev.portage.plan.Action;
import dev.portage.quarantine.Quarantined;
import dev.portage.release.Release;
import dev.portage.release.WentLive;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.MetricsSample;
import dev.portage.serving.ProbeResult;
import dev.portage.serving.Served;
import dev.portage.serving.Testable;
import dev.portage.serving.TrafficShare;
import dev.portage.settings.ServeCase;
import dev.portage.settings.ServeLimits;
import dev.portage.settings.ServeSettings;
import dev.portage.step.StepView;
import dev.portage.temporal.Memos;
import dev.portage.text.DetailsPage;
import dev.portage.text.MarkdownPage;
import dev.portage.text.Span;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.ActivityTaskScheduledEventAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Live traffic, moved step by step, and taken back, with endpoints in memory. */
@Timeout(180)
class ServingTest {

  private static final String ENDPOINT = "diabetes";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;
  private final FakeEndpoints endpoints = world.endpoints;

  @BeforeEach
  void serves() {
    world.serve = ServeSettings.of(ENDPOINT);
  }

  private void isServed() {
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("0", 100));
  }

  private WorkflowStub approved() {
    return engine.approved();
  }

  private static PromotionView released(WorkflowStub promotion) {
    return promotion.getResult(PromotionView.class);
  }

  @Test
  @Tag("S0.10")
  @Tag("S2.29")
  @Tag("S3.20")
  @Tag("S3.24")
  void trafficMovesStepByStepAfterASmokeTestAndTheOldVersionStays() {
    isServed();

    PromotionView view = released(approved());

    assertThat(endpoints.splits)
        .containsExactly(
            "0: 100 %, 1: 0 %",
            "0: 95 %, 1: 5 %", "0: 75 %, 1: 25 %", "0: 50 %, 1: 50 %", "0: 0 %, 1: 100 %");
    assertThat(world.effects)
        .containsSubsequence(
            "serve 0: 100 %, 1: 0 %",
            "probe diabetes-1",
            "serve 0: 95 %, 1: 5 %",
            "serve 0: 0 %, 1: 100 %",
            "create job",
            "mark prod champion");
    Release release = view.releases().getFirst();
    assertThat(release.live())
        .extracting(LiveState::thing, LiveState::version)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("serve", "1"),
            org.assertj.core.api.Assertions.tuple("batch", "1"),
            org.assertj.core.api.Assertions.tuple("champion", "1"));
    LiveState serve = Objects.requireNonNull(release.live()).getFirst();
    assertThat(serve.settings()).isNotNull();
    assertThat(serve.text()).isEqualTo("endpoint diabetes with version 1");
    assertThat(serve.value("address"))
        .isEqualTo("https://prod.example.com/serving-endpoints/diabetes/invocations");
    assertThat(serve.value("ready")).isEqualTo("READY");
    assertThat(MarkdownPage.of(PromotionPage.report(view), String::valueOf))
        .contains("https://prod.example.com/serving-endpoints/diabetes/invocations");
    assertThat(Objects.requireNonNull(release.before()).getFirst().text())
        .isEqualTo("endpoint diabetes with version 0");
    assertThat(world.effects)
        .filteredOn(effect -> effect.startsWith("look for a second "))
        .hasSize(2);
    // No switch over three places is atomic: the record says when readers saw each.
    List<WentLive> order = Objects.requireNonNull(release.order());
    assertThat(order).extracting(WentLive::thing).containsExactly("serve", "batch", "champion");
    assertThat(order).isSortedAccordingTo(Comparator.comparing(WentLive::at));
    assertThat(view.notices())
        .anyMatch(
            notice -> notice.startsWith("readers in prod saw version 1 in this order: serve at "));
  }

  @Test
  void thePlanSaysStepsSoakLimitsAndWhatRunsSideBySide() {
    isServed();
    world.serve =
        settings(Duration.ofMinutes(10), new ServeLimits(Duration.ofMillis(500), 2.0, 90.0, null));

    Action serve = planned(engine.waiting());

    assertThat(serve.step()).isEqualTo("prod/serve");
    assertThat(serve.now()).isEqualTo("endpoint diabetes with version 0");
    assertThat(serve.then())
        .isEqualTo(
            "serves <new version>, of size small: 0 %, a smoke test, then 5, 25, 50, 100 % of the"
                + " traffic for 10m each; cost: 2 versions, and at most 1 kept before, run side by"
                + " side for 40m and the start of the new one, at most 1h; then the new one, and 1 old version at 0 %, running;"
                + " not watched after that; limits: errors at most 2 %, latency at most 500ms, agreement with the champion"
                + " at least 90 %; tested by its input example");
  }

  @Test
  void theCostCountsEveryVersionThatRunsAndTheLongestTime() {
    endpoints.byHand(
        ENDPOINT,
        FakeEndpoints.served("0", 60),
        new Served("diabetes-a", "diabetes", "8", 40, "a"));
    world.serve =
        ServeSettings.of(ENDPOINT).toBuilder()
            .scaleToZero(true)
            .steps(List.of(50, 100))
            .limits(new ServeLimits(null, null, null, 100))
            .keep(3)
            .build();

    assertThat(planned(engine.waiting()).then())
        .contains(
            "50, 100 % of the traffic for 10m each, at most 1h each; cost: 3 versions, and at most"
                + " 3 kept before, run side by side for 20m, at most 2h, and the start of the new"
                + " one, at most 1h; then the"
                + " new one, and at most 3 old versions at 0 %, stopped while nobody asks; not watched after that; limits:");
  }

  @Test
  void whereTheTrafficIsIsSaidOnThePageAndInTheMemo() {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();

    PromotionView view = untilShare(promotion, 25, () -> proceed(promotion));

    TrafficShare share = view.movesTraffic().map(StepView::traffic).orElseThrow();
    assertThat(share.percent()).isEqualTo(25);
    assertThat(share.step()).isEqualTo(2);
    assertThat(share.steps()).isEqualTo(4);
    assertThat(share.endpoint()).isEqualTo(ENDPOINT);
    String line = "25 % of the traffic, soak ends " + share.until() + ", 2 of 4 steps";
    assertThat(view.says()).startsWith("prod/serve: " + line + "; version 1 of endpoint diabetes");
    assertThat(PromotionPage.says(view).spans())
        .contains(new Span.Moment(Objects.requireNonNull(share.until())));
    assertThat(DetailsPage.of(PromotionPage.details(view)))
        .contains("25 % of the traffic, soak ends ");
    assertThat(promotion.describe().getMemo(Memos.TRAFFIC, TrafficShare.class, TrafficShare.class))
        .isEqualTo(share);

    promotion.update("abort", Receipt.class, PromotionEngine.by("rui@example.com", ""));
    PromotionView stopped = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(stopped.movesTraffic()).isEmpty();
    assertThat(promotion.describe().getMemo(Memos.TRAFFIC, TrafficShare.class, TrafficShare.class))
        .isNull();
  }

  private static void proceed(WorkflowStub promotion) {
    promotion.update("proceed", Receipt.class, PromotionEngine.by("ana@example.com", ""));
  }

  private PromotionView untilShare(WorkflowStub promotion, int percent, Runnable proceed) {
    untilShare(promotion, 5);
    proceed.run();
    return untilShare(promotion, percent);
  }

  @Test
  void whatCannotBeTestedIsSaidBeforeAnyoneApproves() {
    endpoints.testable = new Testable(false, false);

    assertThat(planned(engine.waiting()).then())
        .contains(
            "NOT TESTED by any request: the model has no input example, and the file no cases")
        .contains("the model has no signature");
  }

  private static Action planned(WorkflowStub promotion) {
    return PromotionEngine.status(promotion).requests().getFirst().plan().actions().stream()
        .filter(action -> action.step().equals("prod/serve"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theFirstVersionOfAnEndpointNeedsNoSteps() {
    PromotionView view = released(approved());

    assertThat(endpoints.splits).containsExactly("1: 100 %");
    assertThat(Objects.requireNonNull(view.releases().getFirst().before()).getFirst().present())
        .isFalse();
  }

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
  @Tag("S2.30")
  void aWrongAnswerInTheSmokeTestMovesNoTraffic() {
    isServed();
    endpoints.answers =
        order -> FakeEndpoints.wrong("new customer: predictions[0] is 0, expected 1");

    WorkflowStub promotion = approved();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(failure(view)).contains("new customer: predictions[0] is 0, expected 1");
    assertThat(endpoints.splits).containsExactly("0: 100 %, 1: 0 %", "0: 100 %");
    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());
  }

  @Test
  void onlyARequestThatWasAnsweredInTheEndIsSaidToHaveBeenSentAgain() {
    isServed();
    endpoints.answers =
        order ->
            new ProbeResult(5, 1, List.of("status 503: not now"), 40L, 40L, 0, 0, null)
                .sentAgain(2);

    WorkflowStub promotion = approved();
    PromotionView stopped = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(stopped.notices()).noneMatch(notice -> notice.contains("and then answered"));

    endpoints.answers = order -> FakeEndpoints.good(null).sentAgain(2);
    promotion.update("resume", Receipt.class, PromotionEngine.by("ana@example.com", ""));

    assertThat(released(promotion).notices())
        .anyMatch(notice -> notice.endsWith("the workspace was busy, and then answered"));
  }

  @Test
  void aVersionThatIsSlowUnderTrafficGoesBackByItself() {
    isServed();
    world.serve =
        settings(Duration.ofMinutes(10), new ServeLimits(Duration.ofMillis(500), null, null, null));
    endpoints.answers = order -> share() >= 25 ? FakeEndpoints.slow(900) : FakeEndpoints.good(null);

    WorkflowStub promotion = approved();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(failure(view)).contains("900ms, over the limit of 500ms");
    assertThat(endpoints.splits)
        .containsExactly(
            "0: 100 %, 1: 0 %",
            "0: 95 %, 1: 5 %", "0: 75 %, 1: 25 %", "0: 100 %, 1: 0 %", "0: 100 %");
    assertThat(view.notices()).contains("all traffic of endpoint diabetes is back at version 0");
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
  void failingRequestsOfOthersCountOnceThereAreEnoughOfThem() {
    isServed();
    endpoints.answers =
        order -> FakeEndpoints.good(metrics(share() >= 50 ? 400 : 10, share() >= 50 ? 40 : 9));

    WorkflowStub promotion = approved();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(failure(view)).contains("40 of 400 requests to the version failed");
    assertThat(view.notices())
        .anyMatch(notice ->
            notice.contains("version 1 at 25 %")
                && notice.contains("judged by our own requests alone")
                && notice.contains("had 10 requests in the last minute"));
  }

  @Test
  void withoutMetricsOurOwnRequestsJudgeAndThatIsSaid() {
    isServed();
    endpoints.answers =
        order ->
            FakeEndpoints.good(
                new MetricsSample(
                    null, null, null, null, false, "the endpoint has no metrics yet"));

    PromotionView view = released(approved());

    assertThat(view.notices())
        .anyMatch(notice ->
            notice.contains("version 1 at 5 %")
                && notice.contains(
                    "judged by our own requests alone, since the endpoint has no metrics yet"));
  }

  @Test
  void tooFewRequestsExtendTheSoakThenTheTrafficGoesBackAndPeopleDecideAgain() {
    isServed();
    world.serve = settings(Duration.ofMinutes(10), new ServeLimits(null, null, null, 1000));
    endpoints.answers = order -> FakeEndpoints.good(metrics(1, 0));

    WorkflowStub promotion = approved();
    PromotionView view = engine.until(promotion, one -> "prod-2".equals(one.request()));

    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());
    assertThat(engine.lane("prod").holder()).isNull();
    assertThat(view.notices())
        .anyMatch(notice ->
            notice.contains(
                "of the 1000 requests that serve.limits.min-requests asks for within 1h"));
    assertThat(view.requests()).extracting(Request::name).contains("prod-2");
  }

  @Test
  void howeverLongASoakIsExtendedHistoryHoldsOnlySoManyLooks() {
    isServed();
    world.serve =
        ServeSettings.of(ENDPOINT).toBuilder()
            .steps(List.of(100))
            .soak(Duration.ofMinutes(1), Duration.ofDays(42))
            .limits(new ServeLimits(null, null, null, 5_040))
            .build();
    endpoints.answers = order -> FakeEndpoints.good(metrics(1, 0));

    released(approved());

    // A smoke test, and the look after the soak; then, of 120 in 42 days, one each 8.4 hours: ten
    // of them stand for the 5,040 minutes in which a request came.
    assertThat(endpoints.probes).hasSize(12);
  }

  @Test
  void enoughRequestsEndAnExtendedSoak() {
    isServed();
    world.serve = settings(Duration.ofMinutes(1), new ServeLimits(null, null, null, 60));
    endpoints.answers = order -> FakeEndpoints.good(metrics(25, 0));

    released(approved());

    assertThat(endpoints.of(ENDPOINT).text()).isEqualTo("version 1");
    // A smoke test, and three looks at each of four steps.
    assertThat(endpoints.probes).hasSize(13);
  }

  @Test
  void requestsFromBeforeAShortSoakCountNothingAndItsFirstMinuteCountsWhole() {
    isServed();
    world.serve = settings(Duration.ofSeconds(10), new ServeLimits(null, null, null, 25));
    endpoints.answers = order -> FakeEndpoints.good(metrics(25, 0));

    released(approved());

    // A smoke test; in each of four steps a look at the soak's end, and one at the minute's.
    assertThat(endpoints.probes).hasSize(9);
  }

  @Test
  void aSoakOfAMinuteAndAHalfCountsNoRequestTwice() {
    isServed();
    world.serve = settings(Duration.ofSeconds(90), new ServeLimits(null, null, null, 100));
    endpoints.answers = order -> FakeEndpoints.good(metrics(60, 0));

    released(approved());

    // A smoke test; in each of four steps 60 at a minute, 90 at the soak's end, 150 a minute later.
    assertThat(endpoints.probes).hasSize(13);
  }

  @Test
  void aPersonEndsASoakEarlyByUpdateAndBySignal() {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();

    untilShare(promotion, 5);
    Receipt receipt =
        promotion.update("proceed", Receipt.class, PromotionEngine.by("ana@example.com", ""));
    assertThat(receipt.refused()).isNull();
    untilShare(promotion, 25);
    promotion.signal("proceed", PromotionEngine.by("ana@example.com", ""));
    PromotionView view = untilShare(promotion, 50);

    assertThat(view.notices())
        .anyMatch(notice -> notice.contains("ana@example.com ended the soak at 25 % early"));
    promotion.signal("proceed", PromotionEngine.by("ana@example.com", ""));
    untilShare(promotion, 100);
    promotion.signal("proceed", PromotionEngine.by("ana@example.com", ""));
    released(promotion);
  }

  @Test
  void aPersonAbortsAndAllTrafficGoesBack() {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);

    promotion.update("abort", Receipt.class, PromotionEngine.by("rui@example.com", ""));
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(failure(view)).contains("aborted by rui@example.com");
    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());
    assertThat(engine.lane("prod").holder()).isNull();
  }

  @Test
  void anAbortWithTheIdOfAnEarlierProceedIsHeard() {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);
    DecisionMessage message = new DecisionMessage(null, "rui@example.com", null, "once", null);
    promotion.signal("proceed", message);
    promotion.signal("proceed", message);
    untilShare(promotion, 25);

    Receipt receipt = promotion.update("abort", Receipt.class, message);

    assertThat(receipt.text()).contains("all traffic goes back");
    assertThat(failure(engine.untilState(promotion, PromotionState.STOPPED)))
        .contains("aborted by rui@example.com");
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
  void anAbortIsHeardWhileAVersionStarts() {
    isServed();
    endpoints.neverReady = "1";
    WorkflowStub promotion = approved();
    engine.until(promotion, view -> line(view).contains("at 0 %"));

    promotion.update("abort", Receipt.class, PromotionEngine.by("rui@example.com", ""));
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(failure(view)).contains("aborted by rui@example.com");
    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());
  }

  @Test
  void aSoakThatHasNotBegunCannotBeEnded() {
    isServed();
    endpoints.neverReady = "1";
    WorkflowStub promotion = approved();
    engine.until(promotion, view -> line(view).contains("at 0 %"));

    Receipt receipt =
        promotion.update("proceed", Receipt.class, PromotionEngine.by("rui@example.com", ""));

    assertThat(receipt.refused()).contains("no share of the traffic is being watched now");
    endpoints.neverReady = null;
  }

  @Test
  void whoOrdersSomethingWhileNoTrafficMovesIsTold() {
    WorkflowStub promotion = engine.waiting();

    Receipt receipt =
        promotion.update("abort", Receipt.class, PromotionEngine.by("rui@example.com", ""));

    assertThat(receipt.refused()).contains("no version is being given traffic now");
  }

  @Test
  void theTimerOfASoakSaysWhatItWaitsFor() {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);

    assertThat(engine.history(promotion).getEvents())
        .filteredOn(event -> event.getEventType() == EventType.EVENT_TYPE_TIMER_STARTED)
        .extracting(ServingTest::summary)
        .anyMatch(summary -> summary.contains("soak of endpoint diabetes at 5 % until "));
  }

  private static String summary(HistoryEvent event) {
    return event.getUserMetadata().getSummary().getData().toStringUtf8();
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
    FakeWorld.Hold hold = world.hold("create job");
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
  void aVersionThatAloneGetsTheTrafficTakesNoSteps() {
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("1", 100));
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);

    WorkflowStub promotion = approved();
    TrafficShare share =
        untilShare(promotion, 100).movesTraffic().map(StepView::traffic).orElseThrow();
    proceed(promotion);
    released(promotion);

    assertThat(share.text()).endsWith("1 of 1 step");
    assertThat(endpoints.splits).isEmpty();
    assertThat(endpoints.probes)
        .extracting(dev.portage.serving.ProbeOrder::against)
        .containsOnlyNulls();
  }

  @Test
  void ifSomebodyRemovedTheChampionsVersionAPersonDecides() throws InterruptedException {
    isServed();
    world.serve = settings(Duration.ofMillis(100), ServeLimits.NONE);
    // At 100 % of the traffic the old version is at rest: there somebody removes it.
    world.failNext("mark prod champion", FakeWorld.userFault("you may not move aliases"));
    FakeWorld.Hold hold = world.hold("create job");
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
  void aFreezeThatBeginsInALongSoakIsHeededBeforeTheNextShare() {
    isServed();
    world.serve = settings(Duration.ofHours(2), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);
    Instant now = Instant.ofEpochMilli(engine.environment.currentTimeMillis());
    world.clearance.freeze(
        new FreezeOrder(
            "f-1", "prod", now.plus(Duration.ofDays(3)), "ops@example.com", "year end", now));

    PromotionView view =
        engine.until(
            promotion, one -> one.state() == PromotionState.FROZEN, Duration.ofMinutes(10));

    assertThat(view.notices()).anyMatch(notice -> notice.startsWith("prod was frozen meanwhile"));
    assertThat(endpoints.splits)
        .containsExactly("0: 100 %, 1: 0 %", "0: 95 %, 1: 5 %", "0: 100 %, 1: 0 %", "0: 100 %");
    assertThat(engine.lane("prod").holder()).isNull();

    engine.until(promotion, one -> one.state() != PromotionState.FROZEN, Duration.ofHours(12));
    PromotionView released = released(promotion);
    assertThat(released.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(endpoints.of(ENDPOINT).text()).isEqualTo("version 1");
  }

  @Test
  void aCandidateThatIsRefusedInALongSoakGetsNoMoreTraffic() {
    isServed();
    world.serve = settings(Duration.ofHours(2), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    PromotionView moving = untilShare(promotion, 5);
    Instant now = Instant.ofEpochMilli(engine.environment.currentTimeMillis());
    world.clearance.quarantine(
        Quarantined.of(
                "prod",
                "diabetes",
                Objects.requireNonNull(moving.candidate()).manifest().digest(),
                Quarantined.Why.REJECTED,
                "promotion/diabetes/other",
                "rui@example.com",
                now)
            .build());

    PromotionView view = PromotionEngine.viewOfFailure(promotion, PromotionWorkflow.REJECTED);

    assertThat(failure(view)).contains("it is in quarantine");
    assertThat(endpoints.splits).doesNotContain("0: 75 %, 1: 25 %");
    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());
  }

  @Test
  void aRollbackPreemptsASoakAndAllTrafficGoesBackFirst() {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);
    world.rollbacks.add("rollback/prod/diabetes/1");

    promotion.signal(
        "preempt",
        new dev.portage.lane.Preempt(
            Objects.requireNonNull(turnOf(promotion)), "rollback/prod/diabetes/1"));
    engine.until(
        promotion,
        view ->
            view.notices().stream()
                .anyMatch(notice -> notice.startsWith("rollback/prod/diabetes/1 took the turn")));

    assertThat(endpoints.splits).contains("0: 100 %, 1: 0 %");
    assertThat(endpoints.splits.subList(0, 4))
        .containsExactly("0: 100 %, 1: 0 %", "0: 95 %, 1: 5 %", "0: 100 %, 1: 0 %", "0: 100 %");
  }

  private static dev.portage.lane.@Nullable TurnRequest turnOf(WorkflowStub promotion) {
    return promotion.query("turnWanted", dev.portage.lane.TurnRequest.class);
  }

  @Test
  void aCancelInASoakPutsEverythingBack() {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);

    promotion.cancel();
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class))
        .hasCauseInstanceOf(CanceledFailure.class);

    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());
  }

  @Test
  void aLostAnswerMovesTrafficOnce() {
    isServed();
    world.loseNextAnswer("changeEndpoint");
    world.loseNextAnswer("storeEndpoint");

    released(approved());

    assertThat(endpoints.splits).doesNotHaveDuplicates().hasSize(5);
  }

  @Test
  void aVersionThatStayedAtRestIsServedAsItIsPromotedNow() {
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("0", 100), FakeEndpoints.served("1", 0));
    world.serve =
        ServeSettings.of(ENDPOINT).toBuilder()
            .size(ServeSettings.Size.LARGE)
            .environment(Map.of("TOKEN", "{{secrets/churn/token}}"))
            .build();

    released(approved());

    assertThat(endpoints.of(ENDPOINT).named("diabetes-1").orElseThrow().definition())
        .isEqualTo("d1 large{TOKEN={{secrets/churn/token}}}");
    assertThat(endpoints.of(ENDPOINT).named("diabetes-0").orElseThrow().definition())
        .isEqualTo("d0");
  }

  @Test
  void aVersionThatStayedAtRestAndGoesBackIsServedAsItWas() {
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("0", 100), FakeEndpoints.served("1", 0));
    EndpointConfig before = endpoints.of(ENDPOINT);
    world.serve = ServeSettings.of(ENDPOINT).toBuilder().size(ServeSettings.Size.LARGE).build();
    endpoints.answers = order -> FakeEndpoints.wrong("status 500");

    engine.untilState(approved(), PromotionState.STOPPED);

    assertThat(endpoints.splits).hasSize(2);
    assertThat(endpoints.of(ENDPOINT)).isEqualTo(before);
  }

  @Test
  void olderVersionsThanTheFileKeepsMakeRoom() {
    endpoints.byHand(
        ENDPOINT,
        FakeEndpoints.served("0", 100),
        new Served("diabetes-a", "diabetes", "8", 0, "a"),
        new Served("diabetes-b", "diabetes", "9", 0, "b"));

    released(approved());

    assertThat(endpoints.of(ENDPOINT).served())
        .extracting(Served::version)
        .containsExactly("0", "1");
  }

  @Test
  void ofSeveralThatHadTrafficOnlyAsManyStayAsTheFileKeeps() {
    // As a promotion leaves it that is terminated in a soak.
    endpoints.byHand(
        ENDPOINT,
        FakeEndpoints.served("0", 75),
        new Served("diabetes-b", "diabetes", "9", 25, "b"));

    released(approved());

    assertThat(endpoints.of(ENDPOINT))
        .isEqualTo(
            new EndpointConfig(
                List.of(FakeEndpoints.served("0", 0), FakeEndpoints.served("1", 100))));
  }

  @Test
  void withKeepZeroNoOldVersionStays() {
    isServed();
    world.serve = ServeSettings.of(ENDPOINT).toBuilder().steps(List.of(50, 100)).keep(0).build();

    released(approved());

    assertThat(endpoints.splits)
        .containsExactly("0: 100 %, 1: 0 %", "0: 50 %, 1: 50 %", "0: 0 %, 1: 100 %", "1: 100 %");
  }

  @Test
  void anEndpointThatTheFileNamesNoMoreIsSaidBeforeAnyoneApproves() {
    released(approved());
    world.serve = ServeSettings.of("other");

    assertThat(noticesOfTheSecond())
        .anyMatch(notice ->
            notice.startsWith(
                    "endpoint diabetes with version 1 stays as it is, since the file now serves"
                        + " from endpoint other")
                && notice.endsWith("databricks serving-endpoints delete diabetes"));
  }

  @Test
  void anEndpointThatIsServedNoMoreIsSaidBeforeAnyoneApproves() {
    released(approved());
    world.serve = null;

    assertThat(noticesOfTheSecond())
        .anyMatch(notice -> notice.contains("since the file has no serve any more"));
  }

  @Test
  void nothingIsSaidOfAnEndpointThatTheFileStillNamesOrThatIsGone() {
    released(approved());
    assertThat(noticesOfTheSecond()).noneMatch(notice -> notice.contains("stays as it is"));

    world.serve = null;
    endpoints.endpoints.clear();
    WorkflowStub third = engine.start("3333333333333333333333333333333333333333");
    assertThat(engine.untilState(third, PromotionState.WAITING).notices())
        .noneMatch(notice -> notice.contains("stays as it is"));
  }

  private List<String> noticesOfTheSecond() {
    WorkflowStub second = engine.start(PromotionEngine.OTHER_COMMIT);
    return engine.untilState(second, PromotionState.WAITING).notices();
  }

  @Test
  void whereNothingIsServedThereIsNoSuchStep() {
    world.serve = null;

    PromotionView view = released(approved());

    assertThat(endpoints.splits).isEmpty();
    assertThat(world.effects).doesNotContain("look at endpoint");
    assertThat(view.steps()).extracting(StepView::name).doesNotContain("prod/serve");
  }

  private static MetricsSample metrics(double requests, double failed) {
    return new MetricsSample(requests, failed, 0.0, 40.0, true, null);
  }

  private static EndpointConfig zeroAlone() {
    return new EndpointConfig(List.of(FakeEndpoints.served("0", 100)));
  }

  private static ServeSettings settings(Duration soak, ServeLimits limits) {
    return ServeSettings.of(ENDPOINT).toBuilder().soak(soak).limits(limits).build();
  }

  /** The new version's share of the traffic. */
  private int share() {
    return endpoints
        .endpoints
        .getOrDefault(ENDPOINT, EndpointConfig.NONE)
        .named("diabetes-1")
        .map(Served::percent)
        .orElse(0);
  }

  private PromotionView untilShare(WorkflowStub promotion, int percent) {
    return engine.until(
        promotion,
        view ->
            view.movesTraffic()
                .map(StepView::traffic)
                .filter(share -> share.percent() == percent && share.until() != null)
                .isPresent());
  }

  private static String line(PromotionView view) {
    return view.steps().stream()
        .filter(step -> step.name().equals("prod/serve"))
        .map(step -> String.valueOf(step.line()))
        .findFirst()
        .orElse("");
  }

  private static String failure(PromotionView view) {
    return Objects.requireNonNull(view.problem()).message();
  }
}
