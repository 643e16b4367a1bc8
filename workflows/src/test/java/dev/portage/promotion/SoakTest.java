package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.approval.Request;
import dev.portage.serving.MetricsSample;
import dev.portage.serving.ProbeResult;
import dev.portage.settings.ServeLimits;
import dev.portage.settings.ServeSettings;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A version that gets traffic is judged, and traffic goes back if it is not good enough. */
@Timeout(180)
class SoakTest extends ServingScene {

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
                && notice.contains("judged by Portage's own requests alone")
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
                    "judged by Portage's own requests alone, since the endpoint has no metrics yet"));
  }

  @Test
  void tooFewRequestsExtendTheSoakThenTheTrafficGoesBackAndPeopleDecideAgain() {
    isServed();
    world.serve = settings(Duration.ofMinutes(10), new ServeLimits(null, null, null, 1000));
    endpoints.answers = order -> FakeEndpoints.good(metrics(5, 0));

    WorkflowStub promotion = approved();
    PromotionView view = engine.until(promotion, one -> "prod-2".equals(one.request()));

    assertThat(endpoints.of(ENDPOINT)).isEqualTo(zeroAlone());
    assertThat(engine.lane("prod").holder()).isNull();
    assertThat(view.notices())
        .anyMatch(notice ->
            notice.contains(
                "had about 0 of the 1000 requests of others that serve.limits.min-requests asks"
                    + " for within 1h"));
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
    endpoints.answers = order -> FakeEndpoints.good(metrics(6, 0));

    released(approved());

    // A smoke test, and the look after the soak; then, of 120 in 42 days, one each 8.4 hours: ten
    // of them stand for the 5,040 minutes in which a request came beside our own five.
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
    world.serve = settings(Duration.ofSeconds(10), new ServeLimits(null, null, null, 15));
    endpoints.answers = order -> FakeEndpoints.good(metrics(25, 0));

    released(approved());

    // A smoke test; in each of four steps a look at the soak's end, and one at the minute's. Ten of
    // the minute's requests are the looks' own.
    assertThat(endpoints.probes).hasSize(9);
  }

  @Test
  void aSoakOfAMinuteAndAHalfCountsNoRequestTwice() {
    isServed();
    world.serve = settings(Duration.ofSeconds(90), new ServeLimits(null, null, null, 100));
    endpoints.answers = order -> FakeEndpoints.good(metrics(60, 0));

    released(approved());

    // A smoke test; in each of four steps 55 at a minute, 80 at the soak's end, 135 a minute later.
    assertThat(endpoints.probes).hasSize(13);
  }

  @Test
  void theTimerOfASoakSaysWhatItWaitsFor() {
    isServed();
    world.serve = settings(Duration.ofDays(3), ServeLimits.NONE);
    WorkflowStub promotion = approved();
    untilShare(promotion, 5);

    assertThat(engine.history(promotion).getEvents())
        .filteredOn(event -> event.getEventType() == EventType.EVENT_TYPE_TIMER_STARTED)
        .extracting(ServingScene::summary)
        .anyMatch(summary -> summary.contains("soak of endpoint diabetes at 5 % until "));
  }

  private static MetricsSample metrics(double requests, double failed) {
    return new MetricsSample(requests, failed, 0.0, 40.0, true, null);
  }
}
