package dev.portage.livewatch;

import dev.portage.approval.Receipt;
import dev.portage.step.CourseState;
import dev.portage.temporal.Given;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInit;
import org.jspecify.annotations.Nullable;

/** See {@link LiveWatchWorkflow}. */
public final class LiveWatchWorkflowImpl implements LiveWatchWorkflow {

  private final LiveWatch watch;

  /** The state exists before the first message is handled. */
  @WorkflowInit
  public LiveWatchWorkflowImpl(@Nullable LiveWatchStart given, @Nullable CourseState carriedOver) {
    watch = new LiveWatch(Given.input(given, LiveWatchStart.class), carriedOver);
  }

  @Override
  public LiveWatchView watch(LiveWatchStart start, @Nullable CourseState carriedOver) {
    return watch.run();
  }

  @Override
  public void lookNow() {
    watch.lookNow();
  }

  @Override
  public Receipt resume(@Nullable RawValue message) {
    return watch.resume(message);
  }

  @Override
  public LiveWatchView status() {
    return watch.status();
  }
}
