package dev.portage.rollback;

import dev.portage.activity.Stubs;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.Receipt;
import dev.portage.duplicates.Deduplication;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.identity.Involved;
import dev.portage.lane.TurnRequest;
import dev.portage.live.LiveWatchId;
import dev.portage.live.ReleasedEndpoint;
import dev.portage.notice.NoticeKind;
import dev.portage.release.Release;
import dev.portage.release.Unfinished;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.step.Course;
import dev.portage.step.CourseState;
import dev.portage.step.EarlyEnd;
import dev.portage.step.Made;
import dev.portage.step.StepFailure;
import dev.portage.step.StepRunner;
import dev.portage.temporal.Memos;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run of a rollback's workflow: its state, and its steps in order. */
final class Rollback {

  private static final Duration SETTINGS = Duration.ofMinutes(2);

  private static final RollbackStart NOTHING =
      new RollbackStart(null, null, null, null, null, null, null);

  private final Course course;
  private final RollbackNotices notices;
  private final AfterRollback after;
  private final Deduplication deduplication = new Deduplication();
  private RollbackStart start = NOTHING;
  private @Nullable Problem fault;
  private @Nullable RollbackSettings settings;
  private @Nullable RollbackPlan plan;
  private @Nullable Release release;

  /**
   * A rollback that begins, or that continues from an earlier run of the workflow.
   *
   * @param given its input as it came
   * @param carriedOver what an earlier run hands on, null in the first
   */
  Rollback(@Nullable RawValue given, @Nullable CourseState carriedOver) {
    course = new Course(() -> RollbackPage.details(status()), carriedOver);
    notices = new RollbackNotices(course);
    after = new AfterRollback(course.list());
    course.messages().asks(names -> RollbackApproval.people(course.desk(), names));
    course.whenStopped(() -> notices.stopped(status()));
    course.whenEnded(this::tellTheEnd);
    try {
      start = RollbackInput.read(given);
      course.desk().bar(List.of(new Involved(Involved.Hand.ROLLS_BACK, by())));
    } catch (ApplicationFailure wrong) {
      fault = Failures.problemOf(wrong, "start a rollback", "Temporal");
    }
  }

  /** Runs it to its end, however it comes. */
  RollbackView run() {
    return course.run(start, List.of(RollbackSteps.LOOK), this::carry, this::status);
  }

  private String carry(StepRunner steps) {
    try {
      return goBack(steps);
    } catch (EarlyEnd | StepFailure | TemporalFailure end) {
      // However it ends: no later holder of the turn would remove them as its own.
      deduplication.atTheEnd().forEach(course::notice);
      throw end;
    }
  }

  private String goBack(StepRunner steps) {
    if (fault != null) {
      throw new EarlyEnd(fault);
    }
    RollbackSettings known = settings();
    settings = known;
    RollbackContext context =
        new RollbackContext(known, Workflow.getInfo().getWorkflowId(), course.turns());
    if (!isOurs(known)) {
      return start.isDry() ? planned(steps, context) : handedOn(steps, context);
    }
    notices.receivers(known.receivers());
    Findings looked = look(steps, context);
    plan = looked.plan();
    course.list().toCome(RollbackSteps.of(known, looked));
    requireExpected(looked.plan());
    ApprovalPolicy policy = known.approval();
    if (policy != null && !AutomaticRollback.isOne(known)) {
      new RollbackApproval(
              course,
              steps,
              request -> notices.tell(NoticeKind.ASKED, request.name(), status(), request))
          .run(looked, policy);
    }
    Release live =
        new Restoring(course, steps, context, looked, deduplication)
            .run(made -> {
              follows(made, looked, known);
              after.underTurn();
            });
    Workflow.newDetachedCancellationScope(
            () -> {
              follows(live, looked, known);
              after.finish();
              deduplication.atTheEnd().forEach(course::notice);
              tellWatch(looked, known);
              closeWell(looked.plan());
            })
        .run();
    return looked.plan().line() + " in " + known.target().workspace();
  }

  private void follows(Release made, Findings looked, RollbackSettings known) {
    release = made;
    after.begin(made, looked, known, String.valueOf(start.reason()), by());
  }

  /** The watch of the version that was left finds at its next look that its time is over. */
  private static void tellWatch(Findings looked, RollbackSettings known) {
    Release left = looked.left();
    if (left != null
        && ReleasedEndpoint.of(left.states()) != null
        && !AutomaticRollback.isOne(known)) {
      LiveWatchId.of(known.target(), left.version()).lookNow();
    }
  }

  /** Memos, which are shown when no worker answers. */
  private void closeWell(RollbackPlan done) {
    String left = after.left().stream().map(Unfinished::text).collect(Collectors.joining("; "));
    if (!left.isEmpty()) {
      Workflow.upsertMemo(Map.of(Memos.UNFINISHED, left));
    }
    // A cancel that came too late closes it as cancelled all the same, and such a close keeps no
    // result.
    Workflow.upsertMemo(Map.of(Memos.SAYS, done.line() + " in " + done.workspace()));
  }

  private RollbackSettings settings() {
    try {
      return Stubs.here(
              RollbackSettingsActivities.class,
              SETTINGS,
              "read the platform file's settings for the rollback of " + start.model())
          .rollbackSettings(new RollbackQuery(String.valueOf(start.model()), start.workspace()));
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      throw new EarlyEnd(Failures.problemOf(failure, "read the platform file", "the worker"));
    }
  }

  /** Whether it has the id of a rollback: under any other it can't take the turn. */
  private static boolean isOurs(RollbackSettings known) {
    return RollbackId.of(Workflow.getInfo().getWorkflowId())
        .filter(id -> id.workspace().equals(known.target().workspace()))
        .filter(id -> id.model().equals(known.target().model()))
        .isPresent();
  }

  /** Something that can't be read is read again after an order to resume; a refusal ends it. */
  private Findings look(StepRunner steps, RollbackContext context) {
    return steps.resumable(
        RollbackSteps.LOOK, Findings.class, context.workspace(), attempt -> found(context));
  }

  /** Looks without waiting for an order to resume: whoever started it can start it again. */
  private Findings lookOnce(StepRunner steps, RollbackContext context) {
    try {
      return steps.onceRecorded(
          RollbackSteps.LOOK, Findings.class, context.workspace(), attempt -> found(context));
    } catch (StepFailure failure) {
      throw new EarlyEnd(failure.problem());
    }
  }

  private Made<Findings> found(RollbackContext context) {
    try {
      Findings looked = new FirstLook(context.settings(), context, start.to()).look();
      return Made.of(looked, looked.plan().line());
    } catch (EarlyEnd refused) {
      course.list().failed(RollbackSteps.LOOK, refused.problem());
      throw refused;
    }
  }

  private String planned(StepRunner steps, RollbackContext context) {
    RollbackPlan found =
        new DelegatedRollback(course, start, context).planned(lookOnce(steps, context));
    plan = found;
    return "would change " + found.line() + " in " + found.workspace() + "; nothing was changed";
  }

  /** Another workflow rolls back, since this one was started under another id. */
  private String handedOn(StepRunner steps, RollbackContext context) {
    DelegatedRollback another = new DelegatedRollback(course, start, context);
    another.requireNoWatchId();
    RollbackView done = another.done(lookOnce(steps, context));
    plan = done.plan();
    release = done.release();
    return done.says() + ", by " + done.id();
  }

  private void requireExpected(RollbackPlan found) {
    RollbackStart.Expected expected = start.expected();
    if (expected == null
        || (expected.to().equals(found.to())
            && Objects.equals(expected.from(), found.from())
            && isOf(expected.registered()))) {
      return;
    }
    throw new EarlyEnd(
        Problem.of(
            FailureKind.USER,
            "roll back " + start.model(),
            "workspace " + found.workspace(),
            "it was agreed to change "
                + (isOf(expected.registered()) ? "" : expected.registered() + ": ")
                + RollbackPlan.version(expected.from())
                + " → "
                + RollbackPlan.version(expected.to())
                + ", but now it would be "
                + found.line(),
            "Nothing was changed. Run the command again: it shows what it would do now."));
  }

  /** Whether a registered model is the one that is rolled back: each numbers its versions. */
  private boolean isOf(@Nullable String registered) {
    RollbackSettings known = settings;
    return registered == null || known == null || registered.equals(known.target().model());
  }

  private void tellTheEnd() {
    RollbackView view = status();
    NoticeKind kind =
        switch (view.state()) {
          case DONE -> NoticeKind.ROLLBACK;
          case REJECTED -> NoticeKind.DECIDED;
          case CANCELLED -> NoticeKind.CANCELLED;
          case FAILED, RUNNING, WAITING, STOPPED -> NoticeKind.FAILED;
        };
    notices.tell(kind, "", view, view.asked().last());
    notices.handedOver();
    Instant ended = view.ended();
    if (RollbackId.of(view.id()).isPresent() && ended != null) {
      RollbackMetrics.ended(
          view.state(), !view.unfinished().isEmpty(), Duration.between(view.started(), ended));
    }
  }

  private String by() {
    return start.by() == null ? "unknown" : start.by();
  }

  /** All there is to say, at any time. */
  RollbackView status() {
    RollbackSettings known = settings;
    return RollbackView.of(
            course.view(), known == null ? String.valueOf(start.model()) : known.model(), by())
        .where(
            known == null ? start.workspace() : known.target().workspace(),
            known == null ? null : known.target().model())
        .next(next())
        .reason(start.reason())
        .plan(plan)
        .asked(
            new RollbackView.Asked(
                course.desk().openRequest().map(request -> request.name()).orElse(null),
                course.desk().requests(),
                course.desk().decisions(),
                course.desk().refusals()))
        .release(release)
        .unfinished(after.left())
        .build();
  }

  private @Nullable String next() {
    String id = Workflow.getInfo().getWorkflowId();
    return switch (course.view().state()) {
      case STOPPED -> "portage resume " + id;
      case WAITING -> "portage approve " + id;
      case DONE -> after.left().isEmpty() ? null : "portage resume " + id;
      case RUNNING, REJECTED, FAILED, CANCELLED -> null;
    };
  }

  /** The request for the turn that it waits for or holds; null without one. */
  @Nullable TurnRequest turnWanted() {
    return course.turns().wanted();
  }

  /** Takes a decision or an order that came as an Update. */
  Receipt receive(Verdict verdict, @Nullable RawValue message) {
    return course.messages().receive(verdict, message);
  }
}
