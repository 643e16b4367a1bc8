package dev.portage.livewatch;

import dev.portage.approval.Receipt;
import dev.portage.live.LiveWatchId;
import dev.portage.step.CourseState;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * Watches a version that a promotion released, id {@link LiveWatchId}. It outlives the promotion,
 * holds no turn and changes nothing itself: if the version breaks a limit, it starts a rollback and
 * holds promotions of the model. It completes with its view when its time is over or the version is
 * replaced; otherwise it fails with the view as detail, or is cancelled.
 */
@WorkflowInterface
public interface LiveWatchWorkflow {

  /** Type of the workflow. */
  String TYPE = "LiveWatchWorkflow";

  /**
   * Watches the version until one of these ends it.
   *
   * @param carriedOver what an earlier run of the workflow hands on, null in the first
   */
  @WorkflowMethod
  LiveWatchView watch(LiveWatchStart start, @Nullable CourseState carriedOver);

  /** Another version may be live by now: the watch looks at once. */
  @SignalMethod(name = LiveWatchId.LOOK)
  void lookNow();

  /** Makes it continue after a failure; the message may be {@code {"by":"ana@example.com"}}. */
  @UpdateMethod
  Receipt resume(@Nullable RawValue message);

  /** All there is to say, at any time. */
  @QueryMethod
  LiveWatchView status();
}
