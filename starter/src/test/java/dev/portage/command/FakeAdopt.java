package dev.portage.command;

import dev.portage.adopt.AdoptPlan;
import dev.portage.adopt.AdoptStart;
import dev.portage.adopt.AdoptView;
import dev.portage.adopt.AdoptWorkflow;
import dev.portage.approval.Receipt;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.lane.TurnRequest;
import dev.portage.plan.Action;
import dev.portage.step.Course;
import dev.portage.step.CoursePage;
import dev.portage.step.CourseState;
import dev.portage.step.CourseView;
import dev.portage.step.Made;
import dev.portage.step.StepFailure;
import dev.portage.step.StepRunner;
import dev.portage.text.Line;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An adoption as commands see it: of model {@code gone} there is none, {@code known} is recorded
 * already, and {@code stuck} stops.
 */
public final class FakeAdopt implements AdoptWorkflow {

  private final AdoptStart start;
  private final Course course;

  /** The state exists before the first message is handled. */
  @WorkflowInit
  public FakeAdopt(AdoptStart start, @Nullable CourseState before) {
    this.start = start;
    course = new Course(() -> CoursePage.details(Line.words("Adopt"), List.of(), course()), before);
  }

  private CourseView course() {
    return status().course();
  }

  @Override
  public AdoptView adopt(AdoptStart same, @Nullable CourseState before) {
    return course.run(start, List.of("look", "record"), this::work, this::status);
  }

  private String work(StepRunner steps) {
    steps.onceRecorded("look", String.class, "prod", attempt -> look());
    if (start.model().equals("known")) {
      return "version 3 is recorded already; nothing was changed";
    }
    if (start.isDry()) {
      return "dry run; nothing was changed";
    }
    steps.resumable(
        "record",
        String.class,
        "prod",
        attempt -> {
          if (start.model().equals("stuck")) {
            throw failure("record", "you may not set tags");
          }
          return Made.of("3", "version " + start.version() + " is labelled live");
        });
    return "version 3 is recorded";
  }

  private Made<String> look() {
    if (start.model().equals("gone")) {
      throw failure("look", "there is no model gone");
    }
    return Made.of("3", "version 3");
  }

  private static StepFailure failure(String step, String what) {
    return new StepFailure(
        step, Problem.of(FailureKind.USER, "adopt", "workspace prod", what, "Fix it."), false);
  }

  @Override
  public Receipt resume(@Nullable RawValue message) {
    return course.messages().resume(message);
  }

  @Override
  public AdoptView status() {
    CourseView view = course.view();
    return new AdoptView(
        view.id(),
        view.state(),
        view.says(),
        view.next(),
        start,
        new AdoptPlan(
            start.model(),
            start.model(),
            "3",
            5L,
            4096L,
            List.of(),
            start.model().equals("known")
                ? List.of()
                : List.of(new Action("record", "release of churn in prod", "none", "version 3")),
            List.of()),
        null,
        view);
  }

  @Override
  public @Nullable TurnRequest turnWanted() {
    return null;
  }
}
