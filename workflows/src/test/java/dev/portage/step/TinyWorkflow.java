package dev.portage.step;

import dev.portage.approval.Receipt;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.text.Line;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The smallest workflow of steps: prepare, shift traffic in three stages, close. */
@WorkflowInterface
public interface TinyWorkflow {

  /** The names of its steps. */
  List<String> STEPS = List.of("prepare", "shift", "close");

  @WorkflowMethod
  CourseView carryOut(String start, @Nullable CourseState before);

  @UpdateMethod
  Receipt resume(@Nullable RawValue message);

  @QueryMethod
  CourseView status();

  /** What its steps do. */
  @ActivityInterface
  interface Effects {

    /** The remote side ended for good: only another attempt can succeed. */
    String ENDED = "ended";

    /** What the attempt made so far was taken away. */
    String GONE = "gone";

    /**
     * An effect under a key.
     *
     * @return what came back
     */
    String effect(String what, String key);
  }

  /** Its code. */
  class Impl implements TinyWorkflow {
    private final Course course;

    @WorkflowInit
    public Impl(String start, @Nullable CourseState before) {
      course = new Course(this::page, before);
    }

    private dev.portage.text.Page page() {
      return CoursePage.details(Line.words("Tiny"), List.of(), course.view());
    }

    @Override
    public CourseView carryOut(String start, @Nullable CourseState before) {
      return course.run(start, STEPS, this::work, course::view);
    }

    private String work(StepRunner steps) {
      String prepared =
          steps.resumable(
              "prepare",
              String.class,
              "prod",
              attempt -> Made.of(effect("prepare", attempt), "prepared"));
      steps.resumable(
          "shift",
          Integer.class,
          "prod",
          attempt -> {
            for (int percent : new int[] {5, 25, 100}) {
              String answer =
                  attempt.stage(
                      StepProgress.of(percent + " % of requests", percent, 100),
                      String.class,
                      () -> course.nextRun().meanwhile(() -> effect("shift " + percent, attempt)));
              if (answer.equals(Effects.GONE)) {
                steps.repeat("shift", attempt.number());
                throw failure("shift", "someone took it away", false);
              }
            }
            return Made.of(100, "all requests");
          },
          () -> List.of("what was shifted goes back"));
      steps.resumable(
          "close", String.class, "prod", attempt -> Made.of(effect("close", attempt), "closed"));
      return "done after " + prepared;
    }

    private static String effect(String what, Attempt attempt) {
      String answer =
          Workflow.newActivityStub(
                  Effects.class,
                  ActivityOptions.newBuilder()
                      .setStartToCloseTimeout(Duration.ofMinutes(5))
                      .build())
              .effect(what, attempt.key());
      if (answer.equals(Effects.ENDED)) {
        throw failure(what.split(" ", -1)[0], "the run ended", true);
      }
      return answer;
    }

    private static StepFailure failure(String step, String cameBack, boolean endedForGood) {
      return new StepFailure(
          step,
          Problem.of(FailureKind.USER, step, "workspace prod", cameBack, "Fix it."),
          endedForGood);
    }

    @Override
    public Receipt resume(@Nullable RawValue message) {
      return course.messages().resume(message);
    }

    @Override
    public CourseView status() {
      return course.view();
    }
  }
}
