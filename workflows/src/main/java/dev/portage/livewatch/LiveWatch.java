package dev.portage.livewatch;

import dev.portage.activity.Stubs;
import dev.portage.approval.Receipt;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.freeze.Freeze;
import dev.portage.history.HistoryActivities;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.lane.TurnRequest;
import dev.portage.step.CancelWords;
import dev.portage.step.Course;
import dev.portage.step.CourseState;
import dev.portage.step.CourseView;
import dev.portage.step.EarlyEnd;
import dev.portage.step.Made;
import dev.portage.step.StepRunner;
import dev.portage.temporal.Queues;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of the workflow of a watch: its state, and its steps in order. */
final class LiveWatch {

  private static final String WATCH = "watch";
  private static final Duration TO_RECORD = Duration.ofMinutes(2);

  private final LiveWatchStart start;
  private final Course course;
  private final LiveWatchNotices notices;
  private final Watching watching;
  private @Nullable TakingBack takingBack;

  /**
   * A watch that begins, or that continues from an earlier run of the workflow.
   *
   * @param before what the earlier run hands on, null in the first
   */
  LiveWatch(LiveWatchStart start, @Nullable CourseState before) {
    this.start = start;
    course = new Course(() -> LiveWatchPage.details(status()), before);
    notices = new LiveWatchNotices(course, start, this::status);
    watching = new Watching(start, course, notices);
    course.whenStopped(notices::stopped);
    course.whenEnded(this::tellTheEnd);
  }

  /** Runs it to its end, however it comes. */
  LiveWatchView run() {
    return course.run(start, List.of(WATCH), this::carry, this::status);
  }

  private String carry(StepRunner steps) {
    requirePromotion();
    CancellationScope whole = CancellationScope.current();
    WatchEnd watched;
    try {
      watched =
          steps.resumable(
              WATCH,
              WatchEnd.class,
              start.target().workspace(),
              attempt -> {
                WatchEnd made = watching.run(attempt);
                return Made.of(made, made.text());
              });
    } catch (TemporalFailure failure) {
      if (whole.isCancelRequested()) {
        recordCancel(whole.getCancellationReason());
      }
      throw failure;
    }
    if (watched.how() != WatchEnd.How.BROKEN) {
      return watched.text();
    }
    // Taking back is never left half done: a cancel from now on is noted, and has no effect.
    course.pastNoReturn();
    course.list().toCome(TakingBack.STEPS);
    TakingBack back = new TakingBack(start, course, steps, watched, notices);
    takingBack = back;
    EarlyEnd[] end = new EarlyEnd[1];
    Workflow.newDetachedCancellationScope(() -> end[0] = back.run()).run();
    throw end[0];
  }

  /**
   * Whoever approved the release has agreed to its automatic rollback. So only the promotion may
   * start a watch: started by a person, it would be a rollback without approval.
   */
  private void requirePromotion() {
    boolean byPromotion =
        Workflow.getInfo()
            .getParentWorkflowId()
            .filter(parent -> parent.startsWith(TurnRequest.PROMOTIONS))
            .isPresent();
    boolean isOurs = start.id().workflow().equals(Workflow.getInfo().getWorkflowId());
    if (!isContinued() && !(byPromotion && isOurs)) {
      throw new EarlyEnd(
          Problem.of(
              FailureKind.USER,
              "watch " + start.what(),
              "Temporal",
              "it was not started by a promotion",
              "Set serve.watch in promotion.yaml: a promotion starts the watch of what it releases."
                  + " To go back now: portage rollback "
                  + start.target().model()
                  + " --reason TEXT"));
    }
  }

  /**
   * Whether this run continues an earlier one, which a promotion started. Only the server's word
   * counts, since a person who starts a watch can type any arguments. The server says the same of
   * runs that a retry policy or a cron schedule starts; a person can order those, so they don't
   * count.
   */
  private static boolean isContinued() {
    WorkflowInfo info = Workflow.getInfo();
    String cron = info.getCronSchedule();
    return info.getContinuedExecutionRunId().isPresent()
        && info.getAttempt() == 1
        && (cron == null || cron.isEmpty());
  }

  /** In the log of the workspace, which remembers it for longer than Temporal does. */
  private void recordCancel(@Nullable String reason) {
    Workflow.newDetachedCancellationScope(
            () -> {
              try {
                Stubs.quick(
                        HistoryActivities.class,
                        Queues.of(start.target().workspace()),
                        TO_RECORD,
                        "record that the watch was cancelled")
                    .appendEvent(
                        HistoryEvent.of(
                                HistoryEvent.idOf(
                                    HistoryKind.UNWATCH,
                                    start.target().workspace(),
                                    Workflow.getInfo().getFirstExecutionRunId()),
                                HistoryKind.UNWATCH,
                                start.target().workspace(),
                                start.target().model(),
                                Instant.ofEpochMilli(Workflow.currentTimeMillis()),
                                CancelWords.who(reason))
                            .name(start.model())
                            .reason(CancelWords.of(reason))
                            .workflow(Workflow.getInfo().getWorkflowId())
                            .subject("version " + start.version())
                            .build());
              } catch (TemporalFailure failure) {
                course.notice(
                    "the cancel could not be recorded in the log of "
                        + start.target().workspace()
                        + ": "
                        + Failures.line(failure));
              }
            })
        .run();
  }

  private void tellTheEnd() {
    if (course.view().state() == CourseView.State.FAILED) {
      notices.failed();
    }
    notices.handedOver();
    LiveWatchMetrics.ended(course.view().state());
  }

  /** Another version may be live by now: the next look is at once. */
  void lookNow() {
    watching.lookNow();
  }

  /** Takes an order to resume, sent as an Update. */
  Receipt resume(@Nullable RawValue message) {
    return course.messages().resume(message);
  }

  /** All there is to say, at any time. */
  LiveWatchView status() {
    return new LiveWatchView.Builder(
            Workflow.getInfo().getWorkflowId(),
            start.model(),
            start.target().workspace(),
            start.version(),
            course.view())
        .promotion(start.promotion())
        .watched(
            watching.endpoint(),
            start.watch().text(),
            start.serve().limits().text(),
            watching.until())
        .looks(watching.looks())
        .broken(course.journal().find(WATCH, WatchEnd.class).map(WatchEnd::broken).orElse(null))
        .rollback(rollback())
        .held(course.journal().find(TakingBack.STEPS.getFirst(), Freeze.class).isPresent())
        .build();
  }

  private @Nullable String rollback() {
    TakingBack back = takingBack;
    if (back != null && back.rollback() != null) {
      return back.rollback();
    }
    return course
        .journal()
        .find(TakingBack.STEPS.getLast(), TakingBack.Result.class)
        .map(TakingBack.Result::rollback)
        .orElse(null);
  }
}
