package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.approval.Request;
import dev.portage.registry.ModelVersion;
import dev.portage.serving.ProbeOrder;
import dev.portage.settings.ServeSettings;
import io.temporal.client.WorkflowStub;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Serving in one workspace after the other, with endpoints in memory. */
@Timeout(180)
class ServingStagesTest {

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;
  private final FakeEndpoints endpoints = world.endpoints;

  @Test
  @Tag("S0.09")
  void theEarlierStagesEndpointAnswersBeforeAnyoneIsAskedAboutTheNext() {
    world.targets = List.of("qa", "prod");
    world.serve = ServeSettings.of("diabetes");
    endpoints.answers = order -> FakeEndpoints.wrong("line 2: predictions[0] is 0, expected 1");
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> "qa-1".equals(view.request()));
    promotion.update("approve", Receipt.class, by("ana@example.com", "qa-1"));

    PromotionView stopped = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(stopped.requests()).extracting(Request::name).containsExactly("qa-1");
    assertThat(endpoints.of("diabetes").isNone()).as("created, and removed again").isTrue();
    assertThat(world.registry.versions).extracting(ModelVersion::workspace).doesNotContain("prod");

    endpoints.answers = order -> FakeEndpoints.good(null);
    promotion.update("resume", Receipt.class, by("ana@example.com", "stop-1"));
    engine.until(promotion, view -> "prod-1".equals(view.request()));
    assertThat(endpoints.of("diabetes").text()).isEqualTo("version 1");
    assertThat(endpoints.probes).isNotEmpty().extracting(ProbeOrder::workspace).containsOnly("qa");
    assertThat(world.registry.marks).containsKey("qa/champion").doesNotContainKey("prod/champion");
  }
}
