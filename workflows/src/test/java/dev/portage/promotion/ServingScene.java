package dev.portage.promotion;

import dev.portage.serving.EndpointConfig;
import dev.portage.serving.Served;
import dev.portage.settings.ServeLimits;
import dev.portage.settings.ServeSettings;
import dev.portage.step.StepView;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** A promotion that moves live traffic, with endpoints in memory. What tests of serving share. */
abstract class ServingScene {

  static final String ENDPOINT = "diabetes";

  @AutoClose final PromotionEngine engine = new PromotionEngine();
  final FakeWorld world = engine.world;
  final FakeEndpoints endpoints = world.endpoints;

  @BeforeEach
  void serves() {
    world.serve = ServeSettings.of(ENDPOINT);
  }

  void isServed() {
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("0", 100));
  }

  WorkflowStub approved() {
    return engine.approved();
  }

  static PromotionView released(WorkflowStub promotion) {
    return promotion.getResult(PromotionView.class);
  }

  PromotionView untilShare(WorkflowStub promotion, int percent, Runnable proceed) {
    untilShare(promotion, 5);
    proceed.run();
    return untilShare(promotion, percent);
  }

  static String summary(HistoryEvent event) {
    return event.getUserMetadata().getSummary().getData().toStringUtf8();
  }

  static EndpointConfig zeroAlone() {
    return new EndpointConfig(List.of(FakeEndpoints.served("0", 100)));
  }

  static ServeSettings settings(Duration soak, ServeLimits limits) {
    return ServeSettings.of(ENDPOINT).toBuilder().soak(soak).limits(limits).build();
  }

  /** The new version's share of the traffic. */
  int share() {
    return endpoints
        .endpoints
        .getOrDefault(ENDPOINT, EndpointConfig.NONE)
        .named("diabetes-1")
        .map(Served::percent)
        .orElse(0);
  }

  PromotionView untilShare(WorkflowStub promotion, int percent) {
    return engine.until(
        promotion,
        view ->
            view.movesTraffic()
                .map(StepView::traffic)
                .filter(share -> share.percent() == percent && share.until() != null)
                .isPresent());
  }

  static String failure(PromotionView view) {
    return Objects.requireNonNull(view.problem()).message();
  }
}
