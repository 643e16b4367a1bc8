package dev.portage.command;

import dev.portage.approval.Receipt;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.live.LiveWatchId;
import dev.portage.livewatch.LiveWatchPage;
import dev.portage.livewatch.LiveWatchStart;
import dev.portage.livewatch.LiveWatchView;
import dev.portage.livewatch.LiveWatchWorkflow;
import dev.portage.step.Course;
import dev.portage.step.CourseState;
import dev.portage.step.Rejection;
import dev.portage.step.StepRunner;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A watch as commands see it: version 4 breaks a limit at once, any other is watched for ever. */
public final class FakeLiveWatch implements LiveWatchWorkflow {

  private final LiveWatchId id = LiveWatchId.of(Workflow.getInfo().getWorkflowId()).orElseThrow();

  private final Course course;

  /** The state exists before the first message is handled. */
  @WorkflowInit
  public FakeLiveWatch(@Nullable LiveWatchStart start, @Nullable CourseState before) {
    course = new Course(() -> LiveWatchPage.status(status()), before);
  }

  @Override
  public LiveWatchView watch(@Nullable LiveWatchStart start, @Nullable CourseState before) {
    return course.run("", List.of("watch"), this::work, this::status);
  }

  private String work(StepRunner steps) {
    if (id.version().equals("4")) {
      throw new Rejection(
          Problem.of(
              FailureKind.USER,
              "keep version 4",
              "workspace prod",
              "5 of 5 requests by Portage failed",
              "Version 3 is live again, by rollback/prod/churn/1. portage unfreeze --model churn"));
    }
    course.nextRun().until(() -> false);
    return "";
  }

  @Override
  public void lookNow() {}

  @Override
  public Receipt resume(@Nullable RawValue message) {
    return course.messages().resume(message);
  }

  @Override
  public LiveWatchView status() {
    return LiveWatchView.outline(id.model(), id.workspace(), id.version(), course.view());
  }
}
