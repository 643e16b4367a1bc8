package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.job.JobState;
import dev.portage.job.RunResult.Ending;
import dev.portage.settings.Work;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds for any step's run, whatever its form: one run per key, ended with the promotion, and
 * only success is success.
 */
class FormsOfStepsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  /** Each step in each form. */
  static Stream<Arguments> each() {
    List<Work> forms =
        List.of(
            new Work.Notebook("notebooks/work.py", Map.of("a", "1"), HOUR),
            new Work.Script("src/work.py", Map.of("a", "1"), List.of("go"), HOUR, null),
            new Work.Wheel("churn", "work", null, Map.of("a", "1"), null, HOUR, null),
            new Work.Job("work", Map.of("a", "1"), HOUR));
    Work file =
        new Work.Defined(
            "job.json",
            "{\"parameters\": [{\"name\": \"uri\", \"default\": \"{model_uri}\"}],"
                + " \"tasks\": [{\"task_key\": \"score\"}]}",
            HOUR,
            null);
    return Stream.concat(
        Stream.of("check", "train", "batch")
            .flatMap(step -> forms.stream().map(work -> Arguments.of(step, work))),
        Stream.of(Arguments.of("batch", file)));
  }

  @ParameterizedTest
  @MethodSource("each")
  void aStartWithoutAResponseMakesNoSecondRun(String step, Work work) {
    world.loseNextAnswer(activity(step, work));

    WorkflowStub promotion = begin(step, work);
    engine.untilState(
        promotion, step.equals("batch") ? PromotionState.RELEASED : PromotionState.WAITING);

    assertThat(runs(step, work)).isOne();
  }

  @ParameterizedTest
  @MethodSource("each")
  void aCancelEndsTheRun(String step, Work work) {
    world.jobs.last(name(step, work));
    WorkflowStub promotion = begin(step, work);
    engine.until(promotion, view -> world.jobs.awaited());

    promotion.cancel("by ana@example.com");

    engine.untilState(promotion, PromotionState.CANCELLED);
    assertThat(world.effects).containsOnlyOnce("cancel run " + name(step, work));
  }

  @ParameterizedTest
  @MethodSource("each")
  void aRunThatTimedOutOrWasSkippedIsNoSuccessAndAResumeStartsAnother(String step, Work work) {
    world.jobs.endNext(name(step, work), Ending.TIMED_OUT);
    world.jobs.endNext(name(step, work), Ending.NOT_RUN);
    WorkflowStub promotion = begin(step, work);

    stopped(promotion, Ending.TIMED_OUT);
    promotion.update("resume", Receipt.class, by("ana@example.com", "stop-1"));
    engine.until(promotion, view -> runs(step, work) == 2);
    stopped(promotion, Ending.NOT_RUN);
    promotion.update("resume", Receipt.class, by("ana@example.com", "stop-2"));

    engine.untilState(
        promotion, step.equals("batch") ? PromotionState.RELEASED : PromotionState.WAITING);
    assertThat(runs(step, work)).isEqualTo(3);
  }

  private void stopped(WorkflowStub promotion, Ending ending) {
    PromotionView stopped = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(String.valueOf(stopped.problem())).contains("TERMINATED/" + ending);
  }

  /** A promotion whose next run is the step's. */
  private WorkflowStub begin(String step, Work work) {
    switch (step) {
      case "check" -> world.checks = work;
      case "train" -> world.trains = work;
      default -> {
        world.scores = work;
        if (work instanceof Work.Job) {
          world.jobs.job = JobState.of(12, "work", "0123456789abcdef").remarks(List.of()).build();
        }
      }
    }
    WorkflowStub promotion = engine.start();
    if (step.equals("batch")) {
      engine.untilState(promotion, PromotionState.WAITING);
      promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    }
    return promotion;
  }

  private long runs(String step, Work work) {
    return world.jobs.names.values().stream().filter(name(step, work)::equals).count();
  }

  private static String name(String step, Work work) {
    if (work instanceof Work.Job job) {
      return step.equals("batch") ? "12" : job.job();
    }
    return step.equals("batch") ? "batch" : "diabetes " + step;
  }

  private static String activity(String step, Work work) {
    if (work instanceof Work.Job) {
      return "runTheirJob";
    }
    return step.equals("batch") ? "runJob" : "submitNotebook";
  }
}
