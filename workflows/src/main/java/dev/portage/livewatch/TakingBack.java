package dev.portage.livewatch;

import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.freeze.Freeze;
import dev.portage.freeze.FreezeActivities;
import dev.portage.freeze.HoldOrder;
import dev.portage.live.LiveContext;
import dev.portage.live.LiveStates;
import dev.portage.live.LiveThings;
import dev.portage.registry.ModelName;
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
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a broken limit. First promotions of the model are held, so that none takes the
 * turn right behind the rollback; then a workflow of its own rolls back, exactly once. From here on
 * only that rollback can be cancelled, not the watch.
 */
final class TakingBack {

  /** The further steps of a watch that found a limit broken. */
  static final List<String> STEPS = List.of("hold", "rollback");

  private static final String HOLD = STEPS.getFirst();
  private static final String ROLLBACK = STEPS.getLast();

  /** The rollback must not wait long: a hold that isn't recorded by then is recorded after it. */
  private static final Duration HOLD_FIRST = Duration.ofSeconds(15);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private final LiveWatchStart start;
  private final Course course;
  private final StepRunner steps;
  private final LiveContext context;
  private final WatchEnd watched;
  private final LiveWatchNotices notices;
  private @Nullable String rollback;

  TakingBack(
      LiveWatchStart start,
      Course course,
      StepRunner steps,
      WatchEnd watched,
      LiveWatchNotices notices) {
    this.start = start;
    this.course = course;
    this.steps = steps;
    this.context = new LiveWatchContext(start, Workflow.getInfo().getWorkflowId());
    this.watched = watched;
    this.notices = notices;
  }

  /**
   * How it ended.
   *
   * @param rollback id of the rollback; null if none was started
   * @param to version that is live instead; null if none is
   * @param problem why the version was not taken back; null if it was, or if there is no release to
   *     go back to
   */
  record Result(@Nullable String rollback, @Nullable String to, @Nullable Problem problem) {}

  /**
   * Holds promotions, and goes back.
   *
   * @return how the watch ends: a {@link Rejection} if the version was taken back, or another one
   *     made live meanwhile
   */
  EarlyEnd run() {
    holdAtOnce();
    notices.isBroken(
        start.what() + " broke a limit: " + watched.broken() + ". " + consequences(), letGo());
    Result taken = steps.resumable(ROLLBACK, Result.class, context.workspace(), this::goBack);
    if (!course.journal().has(HOLD)) {
      steps.resumable(HOLD, Freeze.class, context.workspace(), attempt -> hold(null));
    }
    return end(taken);
  }

  private String consequences() {
    return "It is being rolled back, if there is a release to go back to; promotions of "
        + start.model()
        + " are held until someone ends the hold";
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
              + " are not held yet; that is tried again after the rollback: "
              + failure.problem().cameBack());
    }
  }

  /**
   * Every attempt sends the same order, so it is recorded once.
   *
   * @param longest how long to try; null for the usual time
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

  private Made<Result> goBack(Attempt attempt) {
    Optional<AutomaticRollback.Target> to =
        AutomaticRollback.target(
            start.target(), start.model(), start.version(), start.retryTimeout());
    if (to.isEmpty()) {
      return Made.of(
          new Result(null, null, null),
          "there is no release to go back to: version " + start.version() + " stays as it is");
    }
    if (!to.get().movesTraffic(endpoint())) {
      String left =
          "the release before it, version "
              + to.get().version()
              + ", was not served by endpoint "
              + endpoint()
              + ", so a rollback would leave all of its traffic where it is";
      return Made.of(
          new Result(
              null,
              null,
              problem(left, "Promote a version that is right, or remove the endpoint by hand.")),
          "not rolled back: " + left);
    }
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return rolledBack(attempt, to.get());
      } catch (ActivityFailure another) {
        // A person is rolling back already, or it is not known yet whether somebody is.
        course.notice("no rollback was started: " + Failures.line(another));
      }
      course.nextRun().await(pause, "see whether another rollback has ended", () -> false);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
      Made<Result> moved = movedMeanwhile();
      if (moved != null) {
        return moved;
      }
    }
  }

  /** The result if somebody else has replaced the version; null while it is live. */
  private @Nullable Made<Result> movedMeanwhile() {
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
          new Result(null, null, problem(none, "Look at what is live.")),
          "not rolled back: " + none);
    }
    return start.version().equals(live)
        ? null
        : Made.of(new Result(null, live, null), "version " + live + " was made live meanwhile");
  }

  private Made<Result> rolledBack(Attempt attempt, AutomaticRollback.Target to) {
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
          new Result(done.id(), to.version(), null),
          "version " + to.version() + " is live again, by " + done.id());
    } catch (EarlyEnd ended) {
      Made<Result> moved = movedMeanwhile();
      if (moved != null && moved.result().to() != null) {
        // A promotion that held the turn did so; a rollback now would go back to the broken
        // version.
        return moved;
      }
      return Made.of(
          new Result(rollback, null, ended.problem()),
          "not rolled back: " + ended.problem().cameBack());
    }
  }

  private EarlyEnd end(Result taken) {
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
              broken + "; there is no release to go back to, so it is still live",
              "Promotions of "
                  + start.model()
                  + " are held. Before another version can be promoted: "
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

  private String endpoint() {
    return Objects.requireNonNull(
        LiveStates.endpointName(start.released()), "whoever watches an endpoint knows its name");
  }

  private String letGo() {
    return Freeze.letGo(ModelName.typed(start.model(), context.model()));
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
