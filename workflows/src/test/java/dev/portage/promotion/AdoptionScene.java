package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.adopt.AdoptStart;
import dev.portage.adopt.AdoptView;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.registry.ModelVersion;
import dev.portage.step.Course;
import dev.portage.step.CourseView;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;

/** Versions that were live before Portage, and their adoptions. What tests of adoptions share. */
abstract class AdoptionScene {

  @AutoClose final PromotionEngine engine = new PromotionEngine();
  final FakeWorld world = engine.world;

  /** Registers a version in prod. */
  void version(String version, Map<String, String> tags) {
    world.registry.versions.add(
        new ModelVersion("prod", "diabetes", version, "run-9", null, List.of(), tags, null));
  }

  /** Registers a version in prod, and makes it the champion. */
  void live(String version) {
    version(version, Map.of());
    world.registry.isChampion(version, Map.of(), PromotionEngine.OTHER_COMMIT, "run-9");
  }

  WorkflowStub start(AdoptStart start) {
    WorkflowStub adoption = engine.workflow("AdoptWorkflow", start.workflowId());
    adoption.start(start);
    return adoption;
  }

  static AdoptView result(WorkflowStub adoption) {
    return Objects.requireNonNull(adoption.getResult(AdoptView.class));
  }

  /** Skips time until it has stopped. */
  AdoptView untilStopped(WorkflowStub adoption) {
    Instant end = Instant.now().plusSeconds(60);
    while (true) {
      AdoptView view = adoption.query("status", AdoptView.class);
      if (view.state() == CourseView.State.STOPPED) {
        return view;
      }
      assertThat(Instant.now()).as(view.says()).isBefore(end);
      engine.environment.sleep(Duration.ofMillis(200));
    }
  }

  static void assertRefused(WorkflowStub adoption, String why) {
    try {
      adoption.getResult(AdoptView.class);
    } catch (WorkflowFailedException failed) {
      ApplicationFailure failure = (ApplicationFailure) Objects.requireNonNull(failed.getCause());
      assertThat(failure.getType()).isEqualTo(Course.FAILED);
      AdoptView view = failure.getDetails().get(AdoptView.class);
      assertThat(view.state()).isEqualTo(CourseView.State.FAILED);
      Problem problem = Objects.requireNonNull(view.course().problem());
      assertThat(problem.kind()).isIn(FailureKind.USER, FailureKind.FATAL);
      assertThat(problem.cameBack()).contains(why);
      return;
    }
    throw new AssertionError("it was not refused");
  }
}
