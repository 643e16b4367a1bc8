package dev.portage.step;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps: reports their start and end, and lets a failed one be resumed without redoing
 * finished ones. It guarantees:
 *
 * <ul>
 *   <li><b>At least once.</b> The work of a step that is reached and not recorded runs. It runs
 *       again after a resume, and when the workflow continues in another run in the middle of it.
 *       What its activities did is not lost by that: the {@link Attempt}'s key finds it again.
 *   <li><b>Recorded once.</b> The result of a {@link #resumable} step is recorded in the workflow
 *       task in which its work returns, before anyone sees it as done and before the next step
 *       begins. From then on it is the result: neither a later failure, nor a resume, nor another
 *       run of the workflow runs the work again. A step run by {@link #once} leaves no record: its
 *       caller decides what a repetition does.
 *   <li><b>Keys.</b> An attempt's key is workflow id, step and number. A resume repeats the attempt
 *       under the same key, so that what is still running remotely is found; only if the failure
 *       says that the remote side has ended for good, or if {@link #repeat} says that what it made
 *       is gone, the number grows.
 *   <li><b>Failure.</b> A failure of an activity and one that the work found itself are both shown
 *       with their problem. A cancel passes through, and nobody is asked to resume.
 *   <li><b>Stop.</b> A resumable step that failed waits 14 days for the order to resume; then, and
 *       at once if continuing would be wrong whatever anyone does, the workflow ends. The stop and
 *       its end survive continuing in another run, and are told to people once.
 *   <li><b>Progress.</b> What a step says of itself is shown while it runs; it is not recorded.
 *       Stages are recorded until the step is done.
 * </ul>
 *
 * <p>A reset of the workflow by an operator is a new run from an earlier point: work after it runs
 * again, with the same keys.
 */
public final class StepRunner {

  private static final Duration RESUMABLE_FOR = Duration.ofDays(14);

  private final String workflowId = Workflow.getInfo().getWorkflowId();
  private final StepHost host;
  private final Journal journal;
  private final StepList list;
  private final NextRun nextRun;
  private final Map<String, Integer> attempts = new HashMap<>();

  /** Where another run stopped, or this one stops and waits; null when it does not. */
  private @Nullable Stop stop;

  /** The step that another run was in, and that continues here; null if there is none. */
  private @Nullable String goesOn;

  /**
   * @param host the workflow around the steps
   * @param journal where results are recorded
   * @param list what people see of the steps
   * @param nextRun waits
   * @param before what an earlier run of the workflow hands on, null in the first
   */
  public StepRunner(
      StepHost host, Journal journal, StepList list, NextRun nextRun, @Nullable StepsState before) {
    this.host = host;
    this.journal = journal;
    this.list = list;
    this.nextRun = nextRun;
    if (before != null) {
      attempts.putAll(before.attempts());
      stop = before.stop();
      goesOn = stop == null ? before.current() : null;
    }
  }

  /** All that is recorded of steps, for another run of the workflow. */
  public StepsState state() {
    return new StepsState(journal.written(), attempts, stop, list.all(), list.current());
  }

  /**
   * Runs a step and, if it fails, waits for the order to resume and runs it again. Its result is
   * recorded; if another run has recorded it, that is the result.
   *
   * @param type of the result
   * @param where workspace that it touches, for messages
   * @throws EarlyEnd when it can't be resumed
   */
  public <T> T resumable(String step, Class<T> type, String where, StepWork<T> work) {
    Optional<T> known = journal.find(step, type);
    if (known.isPresent()) {
      return known.get();
    }
    stoppedBefore(List.of(step)).ifPresent(this::awaitResume);
    while (true) {
      try {
        return run(step, where, work, true);
      } catch (StepFailure failure) {
        awaitResume(failure);
      }
    }
  }

  /**
   * Like {@link #resumable(String, Class, String, StepWork)}, for a step that may leave something
   * half made: while it can be resumed that stays, and when the workflow ends in it, it goes.
   *
   * @param giveUp takes it away and returns what people should know of it
   */
  public <T> T resumable(
      String step, Class<T> type, String where, StepWork<T> work, Supplier<List<String>> giveUp) {
    try {
      return resumable(step, type, where, work);
    } catch (EarlyEnd | TemporalFailure end) {
      giveUp.get().forEach(host::notice);
      throw end;
    }
  }

  /**
   * Runs a step once, and records nothing: for one whose failure must be undone before anyone is
   * asked to resume, as under the turn.
   *
   * @throws StepFailure when it fails
   */
  public <T> T once(String step, String where, StepWork<T> work) {
    return run(step, where, work, false);
  }

  /**
   * The same with a record: if its result is recorded already, that is the result. For one that has
   * nothing to resume, as a look at what there is to do.
   *
   * @param type of the result
   * @throws StepFailure when it fails
   */
  public <T> T onceRecorded(String step, Class<T> type, String where, StepWork<T> work) {
    Optional<T> known = journal.find(step, type);
    return known.isPresent() ? known.get() : run(step, where, work, true);
  }

  private <T> T run(String step, String where, StepWork<T> work, boolean recorded) {
    CancellationScope.throwCanceled();
    int number = attempts.getOrDefault(step, 1);
    if (!step.equals(goesOn)) {
      list.begin(step, number);
    }
    goesOn = null;
    try {
      Made<T> made = work.run(new Attempt(workflowId, step, number, journal, list));
      if (recorded) {
        journal.put(step, made.result());
      }
      journal.forgetAll(Attempt.stagesOf(step));
      list.done(step, made.text(), made.page());
      return made.result();
    } catch (StepFailure failure) {
      list.failed(step, failure.problem());
      throw failure;
    } catch (TemporalFailure failure) {
      Problem problem = Failures.problemOf(failure, "step " + step, "workspace " + where);
      list.failed(step, problem);
      if (CancellationScope.current().isCancelRequested()) {
        throw failure;
      }
      throw new StepFailure(step, problem, false);
    }
  }

  /** The failure by which another run stopped in one of these steps and still waits. */
  public Optional<StepFailure> stoppedBefore(List<String> steps) {
    Stop before = stop;
    return before == null || !steps.contains(before.step())
        ? Optional.empty()
        : Optional.of(new StepFailure(before.step(), before.problem(), before.endedForGood()));
  }

  /**
   * Waits for the order to resume. Nothing may be held meanwhile that others wait for.
   *
   * @throws EarlyEnd when the failure is fatal, or the order does not come
   */
  public void awaitResume(StepFailure failure) {
    if (failure.problem().kind() == FailureKind.FATAL) {
      throw host.gaveUp(failure.problem());
    }
    CancellationScope.throwCanceled();
    Stop waits = stop == null ? stopped(failure) : stop;
    try {
      if (!nextRun.await(
          Duration.between(now(), waits.until()),
          "wait for resume " + failure.step(),
          host::isResumed)) {
        throw host.gaveUp(failure.problem());
      }
    } finally {
      stop = null;
      host.stopEnds();
    }
    if (failure.endedForGood()) {
      attempts.merge(failure.step(), 2, (before, two) -> before + 1);
    }
    list.resumes(failure.step());
  }

  /**
   * What an attempt of a step made is gone: its next run is another business attempt.
   *
   * @param attempt the one whose work is gone
   */
  public void repeat(String step, int attempt) {
    attempts.merge(step, attempt + 1, Math::max);
  }

  /** The same of its last attempt. */
  public void repeat(String step) {
    attempts.merge(step, 2, (before, two) -> before + 1);
  }

  private Stop stopped(StepFailure failure) {
    Stop waits =
        new Stop(
            failure.step(), failure.problem(), failure.endedForGood(), now().plus(RESUMABLE_FOR));
    stop = waits;
    host.stops(failure);
    return waits;
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
