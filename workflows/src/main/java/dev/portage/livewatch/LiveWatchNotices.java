package dev.portage.livewatch;

import dev.portage.notice.Notice;
import dev.portage.notice.NoticeKind;
import dev.portage.step.Course;
import dev.portage.step.CourseNotices;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells people what a watch found. The rollback that it starts tells its result itself. */
final class LiveWatchNotices {

  private final CourseNotices notices;
  private final LiveWatchStart start;
  private final Supplier<LiveWatchView> view;

  /**
   * @param view the current view of the watch
   */
  LiveWatchNotices(Course course, LiveWatchStart start, Supplier<LiveWatchView> view) {
    this.notices = new CourseNotices(course);
    this.start = start;
    this.view = view;
    notices.receivers(start.receivers());
  }

  /** Several looks in a row failed to judge the version. */
  void isBlind(String text) {
    tell(NoticeKind.WATCH, "blind", text, null);
  }

  /**
   * Somebody changed the endpoint by hand.
   *
   * @param look number of the look that saw it
   */
  void isChanged(String text, int look) {
    tell(NoticeKind.WATCH, "changed-" + look, text, null);
  }

  /**
   * A limit is broken.
   *
   * @param next the command that ends what follows from it; null for none
   */
  void isBroken(String text, @Nullable String next) {
    tell(NoticeKind.WATCH, "broken", text, next);
  }

  /** The watch stopped, and someone has to resume it. */
  void stopped() {
    LiveWatchView now = view.get();
    tell(NoticeKind.STOPPED, notices.nextStop(), now.says(), now.next());
  }

  /** A limit was broken, and the version could not be taken back. */
  void failed() {
    tell(NoticeKind.FAILED, "", view.get().says(), view.get().next());
  }

  /** Waits until all notices are handed over to their own workflows. */
  void handedOver() {
    notices.handedOver();
  }

  private void tell(NoticeKind kind, String which, String says, @Nullable String next) {
    LiveWatchView now = view.get();
    notices.tell(
        kind,
        which,
        id ->
            Notice.of(
                    id,
                    kind,
                    Instant.ofEpochMilli(Workflow.currentTimeMillis()),
                    now.id(),
                    Workflow.getInfo().getRunId(),
                    start.model(),
                    now.state().name(),
                    now.id())
                .says(says)
                .next(next)
                .problem(Notice.Trouble.of(now.problem()))
                .live(List.of("v" + start.version() + " in " + start.target().workspace()))
                .build());
  }
}
