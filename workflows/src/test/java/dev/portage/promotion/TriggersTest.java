package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.plan.Action;
import dev.portage.registry.ModelVersion;
import dev.portage.step.StepView;
import dev.portage.trigger.Trigger;
import dev.portage.trigger.Trigger.Event;
import dev.portage.trigger.Trigger.Kind;
import dev.portage.trigger.Triggers;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a promotion would start elsewhere is refused before anyone is asked, or is in the plan. */
class TriggersTest {
  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void aJobThatWouldStartIsRefusedBeforeAnyoneIsAsked() {
    start(false, Event.CHAMPION);
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says())
        .contains("job nightly-report (77) starts when diabetes gets another champion");
    assertThat(Objects.requireNonNull(view.problem()).message())
        .contains(
            "workspaces.prod.allow-triggers in the platform file: [\"nightly-report\"]",
            "portage resume " + view.id());
    assertThat(view.requests()).isEmpty();
    assertThat(world.count("copy")).isZero();

    // The platform team has allowed it: the file is read again.
    start(true, Event.CHAMPION);
    promotion.update("resume", Receipt.class, by("ana@example.com", "stop-1"));
    PromotionView waiting = engine.untilState(promotion, PromotionState.WAITING);
    assertThat(waiting.requests().getFirst().plan().actions())
        .containsSubsequence(
            waiting.requests().getFirst().plan().actions().stream()
                .filter(action -> action.step().equals("prod/champion"))
                .findFirst()
                .orElseThrow(),
            new Action(
                "prod/champion",
                "job nightly-report (77) in prod",
                "starts by itself when diabetes gets another champion",
                "starts"));
  }

  @Test
  void oneThatWasAddedAfterTheApprovalStopsItBeforeAnythingLiveChanges() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    start(false, Event.CHAMPION);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says()).contains("job nightly-report (77) starts when");
    assertThat(world.count("create job")).isZero();
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
  }

  @Test
  void oneThatWaitsForAVersionAndWasAddedAfterTheApprovalStopsItBeforeItRegisters() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    start(false, Event.VERSION);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(stoppedAt(view)).isEqualTo("prod/register");
    assertThat(view.says()).contains("job nightly-report (77) starts when diabetes gets a version");
    assertThat(world.registry.versions).extracting(ModelVersion::workspace).doesNotContain("prod");

    start(true, Event.VERSION);
    promotion.update("resume", Receipt.class, by("ana@example.com", "stop-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @ParameterizedTest
  @EnumSource(
      value = Event.class,
      names = {"MODEL", "VERSION", "CANDIDATE", "CHAMPION"})
  void whatStartsInTheFirstWorkspaceIsRefusedBeforeAnythingIsRegisteredThere(Event event) {
    start("dev", false, event);
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(stoppedAt(view)).isEqualTo("register");
    assertThat(view.says())
        .contains("job nightly-report (77) starts when diabetes " + event.words());
    assertThat(Objects.requireNonNull(view.problem()).message())
        .contains("workspaces.dev.allow-triggers in the platform file: [\"nightly-report\"]");
    assertThat(world.registry.versions).extracting(ModelVersion::workspace).doesNotContain("dev");
    assertThat(world.registry.marks).isEmpty();
  }

  @Test
  void whatStartsInTheFirstWorkspaceWhenTheCandidateIsLiveIsInThePlan() {
    start("dev", true, Event.CHAMPION);
    PromotionView view = engine.untilState(engine.start(), PromotionState.WAITING);
    assertThat(view.requests().getFirst().plan().actions())
        .last()
        .isEqualTo(
            new Action(
                "close",
                "job nightly-report (77) in dev",
                "starts by itself when diabetes gets another champion",
                "starts"));
  }

  @Test
  void whatTheRegistrationStartedIsNotAskedAboutAgain() {
    start(true, Event.MODEL);
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    // The model exists by the time of the turn, so nothing starts when it is created.
    world.triggers.clear();
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void whatTheLoginMayNotReadIsSaid() {
    world.triggers.put("prod", new Triggers(List.of(), "list webhooks of diabetes: 403 no"));
    PromotionView view = engine.untilState(engine.start(), PromotionState.WAITING);

    assertThat(view.notices())
        .anySatisfy(notice ->
            assertThat(notice)
                .isEqualTo(
                    "what else starts when diabetes changes in prod is known in part: list"
                        + " webhooks of diabetes: 403 no"));
  }

  private static String stoppedAt(PromotionView view) {
    return view.steps().stream()
        .filter(step -> step.state() == StepView.State.FAILED)
        .findFirst()
        .orElseThrow()
        .name();
  }

  private void start(boolean allowed, Event event) {
    start("prod", allowed, event);
  }

  private void start(String workspace, boolean allowed, Event event) {
    world.triggers.put(
        workspace, new Triggers(List.of(trigger("nightly-report", allowed, event)), null));
  }

  private static Trigger trigger(@Nullable String name, boolean allowed, Event event) {
    return new Trigger(Kind.JOB, "77", name, event, allowed);
  }
}
