package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.tracking.RegisteredAlready;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrainedRun;
import io.temporal.client.WorkflowStub;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** How a promotion uses the run that its notebook created. */
class TrainedRunsTest {
  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void theGatesMetricsAreReadAndThePageCountsTheRest() {
    world.found =
        run ->
            TrainedRun.of(run.model(), run.experiment(), run.runName())
                .metrics(Map.of("a", 1.0, "b", 2.0, "c", 3.0, "d", 4.0, "e", 5.0, "rmse", 53.4))
                .params(run.params())
                .others(59_994, null)
                .build();

    PromotionView view = untilItWaits();

    RunSearch searched = Objects.requireNonNull(world.searched);
    assertThat(searched.metrics()).containsExactly("rmse");
    assertThat(made(view, "train")).contains(" rmse 53.4, a 1, b 2, c 3, and 59,996 more metrics");
  }

  @Test
  void aVersionThatTheNotebookRegisteredUnderThePromotionsNameIsUsed() {
    world.found = run -> run.registeredAs(new RegisteredAlready("diabetes", "1"));

    PromotionView view = untilItWaits();

    assertThat(world.effects).contains("use version 1 of diabetes");
    assertThat(view.notices()).isEmpty();
  }

  @Test
  void aVersionUnderAnotherNameIsReportedAndAnotherIsCreated() {
    world.found = run -> run.registeredAs(new RegisteredAlready("sugar", "4"));

    PromotionView view = untilItWaits();

    assertThat(world.count("use version")).isZero();
    assertThat(view.notices())
        .singleElement()
        .asString()
        .contains("version 4 of sugar")
        .contains("another registered model")
        .contains("version 1 of diabetes");
  }

  @Test
  void aModelThatNoRunLoggedGetsOneAndApproversReadWhatIsUnknown() {
    world.found = run -> run.inRun(run.model().inRun("1", ""), null);

    PromotionView view = untilItWaits();

    assertThat(world.effects).contains("stand in for models:/m-1", "label run run-of-portage");
    assertThat(made(view, "train")).contains("run run-of-portage");
    assertThat(view.notKnown())
        .singleElement()
        .asString()
        .contains("no run in dev is known to have trained models:/m-1")
        .contains("Portage made run run-of-portage");
  }

  @Test
  void aKnownRunIsNotReplaced() {
    PromotionView view = untilItWaits();

    assertThat(world.count("stand in")).isZero();
    assertThat(view.notKnown()).isEmpty();
  }

  private PromotionView untilItWaits() {
    WorkflowStub promotion = engine.start();
    return engine.untilState(promotion, PromotionState.WAITING);
  }

  private static String made(PromotionView view, String step) {
    return view.steps().stream()
        .filter(s -> s.name().equals(step))
        .map(s -> String.valueOf(s.result()))
        .findFirst()
        .orElseThrow();
  }
}
