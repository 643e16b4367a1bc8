package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.live.LiveState;
import dev.portage.release.Release;
import dev.portage.release.WentLive;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.Served;
import dev.portage.serving.TrafficShare;
import dev.portage.settings.ServeLimits;
import dev.portage.settings.ServeSettings;
import dev.portage.step.StepView;
import dev.portage.temporal.Memos;
import dev.portage.text.DetailsPage;
import dev.portage.text.MarkdownPage;
import dev.portage.text.Span;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Live traffic is moved step by step, and older versions make room. */
@Timeout(180)
class ServingTest extends ServingScene {

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

  @Test
  void theFirstVersionOfAnEndpointNeedsNoSteps() {
    PromotionView view = released(approved());

    assertThat(endpoints.splits).containsExactly("1: 100 %");
    assertThat(Objects.requireNonNull(view.releases().getFirst().before()).getFirst().present())
        .isFalse();
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
  void whereNothingIsServedThereIsNoSuchStep() {
    world.serve = null;

    PromotionView view = released(approved());

    assertThat(endpoints.splits).isEmpty();
    assertThat(world.effects).doesNotContain("look at endpoint");
    assertThat(view.steps()).extracting(StepView::name).doesNotContain("prod/serve");
  }
}
