package dev.portage.rollback;

import dev.portage.approval.Request;
import dev.portage.notice.Notice;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeReceiver;
import dev.portage.release.Release;
import dev.portage.step.Course;
import dev.portage.step.CourseNotices;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells people what becomes of a rollback. */
final class RollbackNotices {

  private final CourseNotices notices;

  RollbackNotices(Course course) {
    notices = new CourseNotices(course);
  }

  /** Tells of a stop: each is one of its own. */
  void stopped(RollbackView view) {
    tell(NoticeKind.STOPPED, notices.nextStop(), view, null);
  }

  /** Who is told, now that it is known. */
  void receivers(List<NoticeReceiver> all) {
    notices.receivers(all);
  }

  /**
   * Tells them.
   *
   * @param which what tells it from others of its kind; empty for one of which there is one
   * @param request what it is about, null for none
   */
  void tell(NoticeKind kind, String which, RollbackView view, @Nullable Request request) {
    notices.tell(kind, which, id -> notice(id, kind, view, request));
  }

  /** Waits until all are handed over: whoever ends before takes them along. */
  void handedOver() {
    notices.handedOver();
  }

  private static Notice notice(
      String id, NoticeKind kind, RollbackView view, @Nullable Request request) {
    return Notice.of(
            id,
            kind,
            Instant.ofEpochMilli(Workflow.currentTimeMillis()),
            view.id(),
            Workflow.getInfo().getRunId(),
            view.model(),
            view.state().name(),
            view.startedBy())
        .says(view.says() + (view.reason() == null ? "" : " (" + view.reason() + ")"))
        .next(view.next())
        .request(request == null ? null : asked(request))
        .decisions(
            view.asked().decisions().stream()
                .map(decision ->
                    new Notice.Decided(
                        decision.by(),
                        decision.verdict().name().toLowerCase(Locale.ROOT),
                        decision.comment()))
                .toList())
        .problem(Notice.Trouble.of(view.problem()))
        .live(live(view.release()))
        .build();
  }

  private static List<String> live(@Nullable Release release) {
    return release == null
        ? List.of()
        : List.of("v" + release.version() + " in " + release.workspace());
  }

  private static Notice.Asked asked(Request request) {
    return Notice.Asked.of(
            request.name(),
            request.target(),
            request.evidence().outcome().name().toLowerCase(Locale.ROOT),
            String.join(", ", request.groups()),
            request.expires())
        .changes(
            request.plan().actions().stream()
                .map(action -> action.what() + ": " + action.now() + " → " + action.then())
                .toList())
        .build();
  }
}
