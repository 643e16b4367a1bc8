package dev.portage.promotion;

import dev.portage.activity.LostAnswers;
import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.job.JobActivities;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import dev.portage.settings.Station;
import dev.portage.settings.Work;
import dev.portage.step.StepFailure;
import dev.portage.temporal.Queues;
import dev.portage.temporal.TimedWait;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Starts a run in a workspace and awaits it, ends it when the promotion is cancelled, and accepts
 * only success.
 */
final class NotebookRuns {

  private final Journey journey;
  private final String step;
  private final String workspace;
  private final @Nullable Station turn;
  private final boolean leavesNone;

  /**
   * Runs of a step.
   *
   * @param workspace where they run
   */
  NotebookRuns(Journey journey, String step, String workspace) {
    this(journey, step, workspace, null, false);
  }

  private NotebookRuns(
      Journey journey, String step, String workspace, @Nullable Station turn, boolean leavesNone) {
    this.journey = journey;
    this.step = step;
    this.workspace = workspace;
    this.turn = turn;
    this.leavesNone = leavesNone;
  }

  /**
   * Runs of a step that holds a turn. None continues after the turn is given back: what can't be
   * awaited is ended, and so is what may have been started. Another try is a new business attempt
   * then.
   */
  static NotebookRuns underTurn(Journey journey, String step, Station target) {
    return new NotebookRuns(journey, step, target.workspace(), target, false);
  }

  /**
   * Runs of a step that leaves none behind, as where a run's table is dropped afterwards: what
   * can't be awaited is ended, and what may have been begun, too.
   */
  static NotebookRuns leavingNone(Journey journey, String step, Station station) {
    return new NotebookRuns(journey, step, station.workspace(), null, true);
  }

  /**
   * Starts a run and waits until it has ended with success.
   *
   * @param what what is started, for people
   * @param start starts it, or finds the run of the same key
   * @param work what runs
   * @param commit commit that it must have run, null when any will do
   * @throws StepFailure when it ended otherwise: only a new attempt can succeed
   */
  RunResult run(
      String what, Function<JobActivities, RunRef> start, Work work, @Nullable String commit) {
    RunResult result = await(start(what, start), work.timeout());
    if (result.ending() != RunResult.Ending.SUCCESS) {
      throw new EndedRun(step, problem(result, work), result);
    }
    String used = result.usedCommit();
    if (commit != null && used != null && !used.equals(commit)) {
      throw Journey.userFailure(
          step,
          "run commit " + commit,
          workspace,
          "the workspace ran commit " + used,
          "Check the workspace's Git settings, then: portage resume " + journey.id(),
          true);
    }
    return result;
  }

  /**
   * Runs a job of the team's, which has time limits of its own: after ours its run is ended here.
   * Where a run of an attempt before failed and was repaired since, that one is followed, and no
   * other is started.
   *
   * @param what what is started, for people
   * @param start starts it, or finds the run of the same key
   * @param job the job
   * @throws StepFailure when it ended otherwise than with success
   */
  RunResult runTheirs(String what, Function<JobActivities, RunRef> start, Work.Job job) {
    String begun = step + " run of their job";
    boolean goesOn = turn == null && !leavesNone;
    Optional<RunRef> before =
        goesOn ? journey.journal().find(begun, RunRef.class) : Optional.empty();
    if (before.isPresent()) {
      RunResult again = awaitAtMost(before.get(), job.timeout());
      if (again.ending() == RunResult.Ending.SUCCESS) {
        return again;
      }
    }
    RunRef run = start(what, start);
    if (goesOn) {
      journey.journal().put(begun, run);
    }
    RunResult result = awaitAtMost(run, job.timeout());
    if (result.ending() != RunResult.Ending.SUCCESS) {
      throw new EndedRun(step, problem(result, job), result);
    }
    return result;
  }

  private RunResult awaitAtMost(RunRef run, Duration longest) {
    String summary = "wait for run " + run.runId() + " of " + step;
    JobActivities jobs =
        Stubs.awaiting(
            JobActivities.class, queue(), longest, journey.settings().retryTimeout(), summary);
    CompletablePromise<RunResult> answer = Workflow.newPromise();
    // A cancelled one fails, and an unobserved failure causes a warning.
    answer.handle((ended, failure) -> ended);
    CancellationScope waiting =
        Workflow.newCancellationScope(
            () -> answer.completeFrom(Async.function(() -> jobs.awaitRun(run))));
    try {
      waiting.run();
      String limit = "for run " + run.runId() + " of " + step + ", at most";
      boolean came =
          turn == null
              ? journey.nextRun().await(longest, limit, answer::isCompleted)
              : TimedWait.await(longest, limit, answer::isCompleted);
      if (came) {
        return answer.get();
      }
    } catch (TemporalFailure failure) {
      if (CancellationScope.current().isCancelRequested()) {
        Workflow.newDetachedCancellationScope(() -> end(run)).run();
      } else if (turn != null || leavesNone) {
        Workflow.newDetachedCancellationScope(() -> end(run)).run();
        throw ended(summary, failure);
      }
      throw failure;
    }
    waiting.cancel("its time is over");
    Workflow.newDetachedCancellationScope(() -> end(run)).run();
    throw new StepFailure(
        step,
        Problem.of(
            FailureKind.USER,
            summary,
            "workspace " + workspace,
            "it had not ended after " + longest + ", so it was cancelled",
            "Set a longer timeout for "
                + step
                + " in a new commit; or: portage resume "
                + journey.id()),
        true);
  }

  private RunRef start(String what, Function<JobActivities, RunRef> start) {
    CancellationScope.throwCanceled();
    long began = Workflow.currentTimeMillis();
    try {
      return start.apply(
          Stubs.quick(JobActivities.class, queue(), journey.settings().retryTimeout(), what));
    } catch (TemporalFailure failure) {
      if (CancellationScope.current().isCancelRequested()) {
        Workflow.newDetachedCancellationScope(() -> endUnanswered(what, start)).run();
      } else if (LostAnswers.mayBeLost(began) && endsWithTheTurn()) {
        Workflow.newDetachedCancellationScope(() -> endUnanswered(what, start)).run();
        throw ended(what, failure);
      }
      throw failure;
    }
  }

  private RunResult await(RunRef run, Duration longest) {
    try {
      JobActivities jobs =
          Stubs.awaiting(
              JobActivities.class,
              queue(),
              longest,
              journey.settings().retryTimeout(),
              "wait for run " + run.runId() + " of " + step);
      // Under a turn this run of the workflow continues to its end.
      return turn == null
          ? journey.nextRun().meanwhile(() -> jobs.awaitRun(run))
          : jobs.awaitRun(run);
    } catch (TemporalFailure failure) {
      if (CancellationScope.current().isCancelRequested()) {
        Workflow.newDetachedCancellationScope(() -> end(run)).run();
      } else if (endsWithTheTurn()) {
        Workflow.newDetachedCancellationScope(() -> end(run)).run();
        throw ended("wait for run " + run.runId() + " of " + step, failure);
      }
      throw failure;
    }
  }

  private boolean endsWithTheTurn() {
    return leavesNone || turn != null;
  }

  private StepFailure ended(String tried, TemporalFailure failure) {
    return new StepFailure(
        step, Failures.problemOf(failure, tried, "workspace " + workspace), true);
  }

  private void end(RunRef run) {
    try {
      RunResult ended =
          Stubs.quick(
                  JobActivities.class,
                  queue(),
                  journey.settings().retryTimeout(),
                  "end run " + run.runId())
              .cancelRun(run);
      journey
          .progress()
          .notice(
              "run " + run.runId() + " of " + step + " in " + workspace + " is " + ended.state());
    } catch (TemporalFailure failure) {
      journey
          .progress()
          .notice(
              "run "
                  + run.runId()
                  + " of "
                  + step
                  + " in "
                  + workspace
                  + " could not be stopped and may still cost money; stop it on its page"
                  + (run.page() == null ? "" : " " + run.page())
                  + ": "
                  + Failures.line(failure));
    }
  }

  /**
   * The cancel came before the start was answered: the run may exist or not. The same key finds it;
   * if there is none this starts one, which is ended at once, and that is the price of knowing.
   */
  private void endUnanswered(String what, Function<JobActivities, RunRef> start) {
    RunRef run;
    try {
      run =
          start.apply(
              Stubs.afterwards(
                  JobActivities.class,
                  queue(),
                  journey.settings().retryTimeout(),
                  "check whether it started: " + what));
    } catch (TemporalFailure failure) {
      journey
          .progress()
          .notice(
              "whether a run of "
                  + step
                  + " was started in "
                  + workspace
                  + " is unknown; check there: "
                  + Failures.line(failure));
      return;
    }
    end(run);
  }

  private String queue() {
    return Queues.of(workspace);
  }

  private Problem problem(RunResult result, Work work) {
    String cameBack =
        result.error() == null ? result.state() : result.error() + " (" + result.state() + ")";
    FailureKind kind =
        switch (result.ending()) {
          case PLATFORM, NOT_RUN -> FailureKind.PLATFORM;
          case SUCCESS, FAILED, TIMED_OUT, CANCELLED -> FailureKind.USER;
        };
    return new Problem(
        kind,
        describe(work) + " of step " + step,
        "workspace " + workspace,
        cameBack,
        remedy(work),
        result.trace(),
        result.page());
  }

  private static String describe(Work work) {
    return switch (work) {
      case Work.Notebook _ -> "the notebook";
      case Work.Script script -> script.named();
      case Work.Wheel wheel -> wheel.named();
      case Work.Job job -> job.named();
      case Work.Defined file -> file.named();
    };
  }

  private String remedy(Work work) {
    return work instanceof Work.Job job
        ? "Fix "
            + job.named()
            + "; once it is fixed, or its run was repaired on its page: portage resume "
            + journey.id()
        : "Fix "
            + describe(work)
            + " in a new commit; or, if it wasn't at fault, rerun it: portage resume "
            + journey.id();
  }
}
