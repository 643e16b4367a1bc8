package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.serving.ProbeOrder;
import dev.portage.serving.Served;
import dev.portage.settings.ServeSettings;
import io.temporal.client.WorkflowStub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An endpoint that is not Portage's alone: other models on it, and people who change it. */
@Timeout(180)
class SharedEndpointTest extends ServingScene {

  /** Of the registry in which the model was before, where it had a version of the same number. */
  private static final Served REGISTERED_ELSEWHERE =
      new Served("diabetes-1", "elsewhere.ml.diabetes", "1", 100, "before");

  private static final Served SHADOW = new Served("shadow", "prod.ml.fraud", "7", 0, "fraud");

  @Test
  void aVersionOfTheSameNumberInAnotherRegistryIsNotReplacedInPlace() {
    endpoints.byHand(ENDPOINT, REGISTERED_ELSEWHERE);

    assertThat(approved().getResult(PromotionView.class).state())
        .isEqualTo(PromotionState.RELEASED);

    assertThat(endpoints.splits)
        .containsExactly(
            "1: 100 %, 1: 0 %",
            "1: 95 %, 1: 5 %", "1: 75 %, 1: 25 %", "1: 50 %, 1: 50 %", "1: 0 %, 1: 100 %");
    assertThat(endpoints.probes).extracting(ProbeOrder::served).containsOnly("diabetes-1-2");
    assertThat(endpoints.of(ENDPOINT).named("diabetes-1")).contains(REGISTERED_ELSEWHERE.at(0));
    assertThat(endpoints.of(ENDPOINT).main())
        .hasValueSatisfying(main -> assertThat(main.model()).isEqualTo("diabetes"));
  }

  @Test
  void aFailedCutoverGivesTheTrafficBackToTheVersionOfTheSameNumber() {
    endpoints.byHand(ENDPOINT, REGISTERED_ELSEWHERE);
    endpoints.answers = order -> FakeEndpoints.wrong("status 500");

    engine.untilState(approved(), PromotionState.STOPPED);

    assertThat(endpoints.of(ENDPOINT).served()).containsExactly(REGISTERED_ELSEWHERE);
  }

  @Test
  void whatSomebodyServesOfAnotherModelWithoutTrafficStays() {
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("0", 100), SHADOW);
    world.serve = ServeSettings.of(ENDPOINT).toBuilder().keep(0).build();

    approved().getResult(PromotionView.class);

    assertThat(endpoints.of(ENDPOINT).served())
        .containsExactly(FakeEndpoints.served("1", 100), SHADOW);
  }

  @Test
  void whoPutsItBackByHandIsNotAskedToDoSo() {
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("0", 100));
    endpoints.answers =
        order -> {
          if (share() == 25) {
            endpoints.byHand(ENDPOINT, FakeEndpoints.served("0", 100));
          }
          return FakeEndpoints.good(null);
        };

    PromotionView view = engine.untilState(approved(), PromotionState.STOPPED);

    assertThat(failure(view))
        .contains("somebody changed it meanwhile")
        .doesNotContain("could not be put back")
        .doesNotContain("By hand")
        .doesNotContain("did not order");
    assertThat(view.notices())
        .contains("all traffic of endpoint diabetes is back at version 0")
        .noneMatch(notice -> notice.contains("could not be put back"));
    assertThat(endpoints.of(ENDPOINT).served()).containsExactly(FakeEndpoints.served("0", 100));
  }

  @Test
  void anEndpointThatWasDeletedInTheMiddleIsCreatedByTheCommandOfTheMessage() {
    endpoints.byHand(ENDPOINT, FakeEndpoints.served("0", 100));
    endpoints.answers =
        order -> {
          if (share() == 25) {
            endpoints.endpoints.clear();
          }
          return FakeEndpoints.good(null);
        };

    WorkflowStub promotion = approved();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(failure(view))
        .contains("endpoint diabetes now serves nothing")
        .contains(
            "jq '{name: \"diabetes\", config: ., tags: [{key: \"portage_model\", value:"
                + " \"diabetes\"}]}' endpoint-before.json | databricks serving-endpoints create")
        .doesNotContain("update-config");
  }
}
