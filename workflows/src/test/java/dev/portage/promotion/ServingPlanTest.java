package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.plan.Action;
import dev.portage.serving.Served;
import dev.portage.serving.Testable;
import dev.portage.settings.ServeCase;
import dev.portage.settings.ServeLimits;
import dev.portage.settings.ServeSettings;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What those who approve are told of a version that will be served. */
@Timeout(180)
class ServingPlanTest extends ServingScene {

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
                + " new one, and at most 3 old versions at 0 %, stopped while no requests come; not watched after that; limits:");
  }

  @Test
  void whatCannotBeTestedIsSaidBeforeAnyoneApproves() {
    endpoints.testable = new Testable(false, false);

    assertThat(planned(engine.waiting()).then())
        .contains(
            "NOT TESTED by any request: the model has no input example, and the file has no cases")
        .contains("the model has no signature");
  }

  @Test
  void aCaseThatExpectsTextOfAModelThatAnswersNumbersIsSaidBeforeAnyoneApproves() {
    world.serve =
        ServeSettings.of(ENDPOINT).toBuilder()
            .cases(List.of(expects("line 2", 1.5), expects("line 3", "abc")))
            .build();
    endpoints.testable = new Testable(true, true, true);
    String failing =
        "THE SMOKE TEST WILL FAIL: the model's signature says that it answers numbers, but text is"
            + " expected by line 3 of serve.cases";

    assertThat(planned(engine.waiting()).then()).contains("2 cases; " + failing);
  }

  @Test
  void ofAModelThatAnswersTextNoCaseIsDoubted() {
    world.serve =
        ServeSettings.of(ENDPOINT).toBuilder().cases(List.of(expects("line 3", "abc"))).build();
    endpoints.testable = new Testable(true, true, false);

    assertThat(planned(engine.waiting()).then()).endsWith("its input example and 1 case");
  }

  private static ServeCase expects(String name, Object prediction) {
    ObjectMapper json = new ObjectMapper();
    return new ServeCase(
        name,
        json.valueToTree(Map.of("inputs", List.of(List.of(1)))),
        json.valueToTree(Map.of("predictions", List.of(prediction))),
        ServeCase.TOLERANCE);
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

  private static Action planned(WorkflowStub promotion) {
    return PromotionEngine.status(promotion).requests().getFirst().plan().actions().stream()
        .filter(action -> action.step().equals("prod/serve"))
        .findFirst()
        .orElseThrow();
  }
}
