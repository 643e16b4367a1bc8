package dev.portage.livewatch;

import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.freeze.Freeze;
import dev.portage.freeze.FreezeActivities;
import dev.portage.freeze.HoldOrder;
import dev.portage.live.LiveContext;
import dev.portage.live.LiveThings;
import dev.portage.rollback.AutomaticRollback;
import dev.portage.rollback.RollbackView;
import dev.portage.step.Attempt;
import dev.portage.step.Course;
import dev.portage.step.EarlyEnd;
import dev.portage.step.Made;
import dev.portage.step.Rejection;
import dev.portage.step.StepFailure;
import dev.portage.step.StepProgress;
import dev.portage.step.StepRunner;
import dev.portage.temporal.Queues;
import dev.portage.text.Bounded;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a broken limit: promotions of the model are held, so that none takes the turn
 * right behind the rollback; then the rollback, by a workflow of its own, once. No cancel of the
 * watch is heard any more: what has begun is cancelled at the rollback.
 */
final class TakingBack {

  /** Steps of a watch that found a limit broken. */
  static final List<String> STEPS = List.of("hold", "rollback");

  private static final String HOLD = STEPS.getFirst();
  private static final String ROLLBACK = STEPS.getLast();

  /** Readers wait for the rollback: what can't be recorded by then is recorded after it. */
  private static final Duration HOLD_FIRST = Duration.ofSeconds(15);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private final LiveWatchStart start;
  private final Course course;
  private final StepRunner steps;
  private final LiveContext context;
  private final Watched watched;
  private final LiveWatchNotices notices;
  private @Nullable String rollback;

  TakingBack(
      LiveWatchStart start,
      Course course,
      StepRunner steps,
      Watched watched,
      LiveWatchNotices notices) {
    this.start = start;
    this.course = course;
    this.steps = steps;
    this.context = new LiveWatchContext(start, Workflow.getInfo().getWorkflowId());
    this.watched = watched;
    this.notices = notices;
  }

  /**
   * How the going back ended.
   *
   * @param rollback id of the rollback; null where none was started
   * @param to version that is live instead; null where none is
   * @param problem why it did not come to its end; null where it did
   */
  record Taken(@Nullable String rollback, @Nullable String to, @Nullable Problem problem) {}

  /**
   * Holds, and goes back.
   *
   * @throws EarlyEnd always: a {@link Rejection} where it was taken back
   */
  EarlyEnd run() {
    holdAtOnce();
    notices.isBroken(
        start.what() + " broke a limit: " + watched.broken() + ". " + consequences(), letGo());
    Taken taken = steps.resumable(ROLLBACK, Taken.class, context.workspace(), this::goBack);
    if (!course.journal().has(HOLD)) {
      steps.resumable(HOLD, Freeze.class, context.workspace(), attempt -> hold(null));
    }
    return end(taken);
  }

  private String consequences() {
    return "It is rolled back now, if there is a release to go back to; promotions of "
        + start.model()
        + " are held until someone lets go";
  }

  private void holdAtOnce() {
    if (course.journal().has(HOLD)) {
      return;
    }
    try {
      steps.onceRecorded(HOLD, Freeze.class, context.workspace(), attempt -> hold(HOLD_FIRST));
    } catch (StepFailure failure) {
      course.notice(
          "promotions of "
              + start.model()
              + " are not held yet, which is tried again after the rollback: "
              + failure.problem().cameBack());
    }
  }

  /**
   * The same order each time, so it is recorded once.
   *
   * @param longest how long to try; null for as long as usual
   */
  private Made<Freeze> hold(@Nullable Duration longest) {
    Freeze held =
        Stubs.quick(
                FreezeActivities.class,
                Queues.of(context.workspace()),
                longest == null ? start.retryTimeout() : longest,
                "hold promotions of " + start.model())
            .hold(
                new HoldOrder(
                    Workflow.getInfo().getFirstExecutionRunId(),
                    context.workspace(),
                    context.model(),
                    start.model(),
                    context.holder(),
                    Bounded.line(
                        "version " + start.version() + " broke a limit: " + watched.broken(),
                        Bounded.LINE),
                    watched.at()));
    return Made.of(held, held.text());
  }

  private Made<Taken> goBack(Attempt attempt) {
    Optional<AutomaticRollback.Target> to =
        AutomaticRollback.target(
            start.target(), start.model(), start.version(), start.retryTimeout());
    if (to.isEmpty()) {
      return Made.of(
          new Taken(null, null, null),
          "there is no release to go back to: version " + start.version() + " stays as it is");
    }
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return rolledBack(attempt, to.get());
      } catch (ActivityFailure another) {
        // A person goes back already, or it is not known yet whether one does.
        course.notice("no rollback was started: " + Failures.line(another));
      }
      course.nextRun().await(pause, "see whether another rollback has ended", () -> false);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
      Made<Taken> moved = movedMeanwhile();
      if (moved != null) {
        return moved;
      }
    }
  }

  /** What became of the version without a rollback of this watch; null while it is live. */
  private @Nullable Made<Taken> movedMeanwhile() {
    String live;
    try {
      live = LiveThings.champion(context).version();
    } catch (TemporalFailure unread) {
      CancellationScope.throwCanceled();
      course.notice("which version is live could not be read: " + Failures.line(unread));
      return null;
    }
    if (live == null) {
      String none = "there is no champion any more";
      return Made.of(
          new Taken(null, null, problem(none, "Look at what is live.")),
          "not rolled back: " + none);
    }
    return start.version().equals(live)
        ? null
        : Made.of(new Taken(null, live, null), "version " + live + " was made live meanwhile");
  }

  private Made<Taken> rolledBack(Attempt attempt, AutomaticRollback.Target to) {
    try {
      RollbackView done =
          AutomaticRollback.run(
              to,
              start.version(),
              context.holder(),
              Bounded.line(String.valueOf(watched.broken()), Bounded.COMMENT),
              id -> {
                rollback = id.workflow();
                attempt.says(
                    StepProgress.of(id.workflow() + " goes back to version " + to.version()));
              });
      return Made.of(
          new Taken(done.id(), to.version(), null),
          "version " + to.version() + " is live again, by " + done.id());
    } catch (EarlyEnd ended) {
      Made<Taken> moved = movedMeanwhile();
      if (moved != null && moved.result().to() != null) {
        // By a promotion that held the turn: a rollback from there would go back to the broken one.
        return moved;
      }
      return Made.of(
          new Taken(rollback, null, ended.problem()),
          "not rolled back: " + ended.problem().cameBack());
    }
  }

  private EarlyEnd end(Taken taken) {
    String broken = start.what() + " broke a limit: " + watched.broken();
    Problem problem = taken.problem();
    String to = taken.to();
    if (to != null) {
      return new Rejection(
          problem(
              broken,
              "Version "
                  + to
                  + (taken.rollback() == null
                      ? " was made live meanwhile"
                      : " is live again, by " + taken.rollback())
                  + ". Promotions of "
                  + start.model()
                  + " are held; once the cause is found: "
                  + letGo()));
    }
    if (problem == null) {
      return new EarlyEnd(
          problem(
              broken + "; there is no release to go back to, so it was left as it is",
              "Promotions of "
                  + start.model()
                  + " are held. To promote a version that is right: "
                  + letGo()));
    }
    return new EarlyEnd(
        problem(
            broken
                + "; it was not rolled back"
                + (taken.rollback() == null ? "" : " by " + taken.rollback())
                + ": "
                + problem.cameBack(),
            "Look at what is live, then: portage rollback "
                + context.model()
                + " --workspace "
                + context.workspace()
                + " --reason TEXT. Promotions of "
                + start.model()
                + " are held until: "
                + letGo()));
  }

  private String letGo() {
    return Freeze.letGo(start.model());
  }

  private Problem problem(String cameBack, String remedy) {
    return Problem.of(
        FailureKind.USER,
        "keep " + start.what(),
        "workspace " + context.workspace(),
        cameBack,
        remedy);
  }

  /** Id of the rollback, as soon as it is known; null before. */
  @Nullable String rollback() {
    return rollback;
  }
}
