package dev.portage.watch;

import dev.portage.live.LiveWatchId;
import dev.portage.livewatch.LiveWatchView;
import dev.portage.step.CourseView;
import io.temporal.client.WorkflowExecutionDescription;

/** Watches of released versions, as they are looked at and followed. */
public final class LiveWatches implements Courses.Kind<LiveWatchView> {

  /** Whether an id is a watch's. */
  public static boolean isId(String typed) {
    return typed.startsWith(LiveWatchId.WATCHES);
  }

  @Override
  public String word() {
    return "watch";
  }

  @Override
  public Class<LiveWatchView> type() {
    return LiveWatchView.class;
  }

  @Override
  public LiveWatchView outline(String id, WorkflowExecutionDescription described) {
    LiveWatchId parts = LiveWatchId.of(id).orElse(new LiveWatchId("unknown", id, "unknown"));
    CourseView course =
        CourseOutline.of(
                described,
                "the watch",
                "Nobody watches that version any more. Look at it yourself; to go back: portage"
                    + " rollback "
                    + parts.model()
                    + " --workspace "
                    + parts.workspace()
                    + " --reason TEXT")
            .course(id);
    return LiveWatchView.outline(parts.model(), parts.workspace(), parts.version(), course);
  }
}
