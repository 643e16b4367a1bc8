package dev.portage.promotion;

import dev.portage.approval.ApprovalDesk;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps: reports their start and end, and lets a failed one be resumed without redoing
 * finished ones.
 */
final class StepRunner {

  private static final Duration RESUMABLE_FOR = Duration.ofDays(14);

  private final String workflowId;
  private final PromotionProgress progress;
  private final ApprovalDesk desk;
  private final Journal journal;
  private final NextRun nextRun;
  private final Telling telling;
  private final Map<String, Integer> attempts = new HashMap<>();

  /** Where another run stopped, or this one stops and waits; null when it does not. */
  private CarriedOver.@Nullable Stop stop;

  /** The step that another run was in, and that continues here; null if there is none. */
  private @Nullable String goesOn;

  /**
   * @param carriedOver what an earlier run of the workflow hands on, null in the first
   */
  StepRunner(
      PromotionProgress progress,
      ApprovalDesk desk,
      Journal journal,
      NextRun nextRun,
      Telling telling,
      @Nullable CarriedOver carriedOver) {
    this.workflowId = Workflow.getInfo().getWorkflowId();
    this.progress = progress;
    this.desk = desk;
    this.journal = journal;
    this.nextRun = nextRun;
    this.telling = telling;
    if (carriedOver != null) {
      attempts.putAll(carriedOver.attempts());
      stop = carriedOver.stop();
      goesOn = stop == null ? carriedOver.progress().step() : null;
    }
  }

  /** Business attempts of steps, where there was more than one. */
  Map<String, Integer> attempts() {
    return Map.copyOf(attempts);
  }

  /** Where it stopped and waits for an order to resume, null when it does not. */
  CarriedOver.@Nullable Stop stop() {
    return stop;
  }

  /**
   * Runs a step and, if it fails, waits for the order to resume and runs it again. Its result is
   * recorded; if another run has recorded it, that is the result.
   *
   * @param where workspace that it touches, for messages
   */
  <T> T resumable(String step, Class<T> type, String where, Function<Attempt, Made<T>> body) {
    Optional<T> known = journal.find(step, type);
    if (known.isPresent()) {
      return known.get();
    }
    stoppedBefore(List.of(step)).ifPresent(this::awaitResume);
    while (true) {
      try {
        T result = once(step, where, body);
        journal.put(step, result);
        return result;
      } catch (StepFailure failure) {
        awaitResume(failure);
      }
    }
  }

  /**
   * Like {@link #resumable(String, Class, String, Function)}, for a step that may leave something
   * half made: while it can be resumed that stays, and when the promotion ends in it, it goes.
   *
   * @param giveUp takes it away and returns what people should know of it
   */
  <T> T resumable(
      String step,
      Class<T> type,
      String where,
      Function<Attempt, Made<T>> body,
      Supplier<List<String>> giveUp) {
    try {
      return resumable(step, type, where, body);
    } catch (PromotionEnd | TemporalFailure end) {
      giveUp.get().forEach(progress::notice);
      throw end;
    }
  }

  /**
   * Runs a step once.
   *
   * @throws StepFailure when it fails
   */
  <T> T once(String step, String where, Function<Attempt, Made<T>> body) {
    CancellationScope.throwCanceled();
    int attempt = attempts.getOrDefault(step, 1);
    if (!step.equals(goesOn)) {
      progress.begin(step, attempt);
    }
    goesOn = null;
    try {
      Made<T> made = body.apply(new Attempt(workflowId + "#" + step + "#" + attempt, attempt));
      progress.done(step, made.text(), made.page());
      return made.result();
    } catch (StepFailure failure) {
      progress.failed(step, failure.problem());
      throw failure;
    } catch (TemporalFailure failure) {
      Problem problem = Failures.problemOf(failure, "step " + step, "workspace " + where);
      progress.failed(step, problem);
      if (CancellationScope.current().isCancelRequested()) {
        throw failure;
      }
      throw new StepFailure(step, problem, false);
    }
  }

  /** The failure by which another run stopped in one of these steps and still waits. */
  Optional<StepFailure> stoppedBefore(List<String> steps) {
    CarriedOver.Stop before = stop;
    return before == null || !steps.contains(before.step())
        ? Optional.empty()
        : Optional.of(new StepFailure(before.step(), before.problem(), before.endedForGood()));
  }

  /** Waits for an order to resume; a fatal failure and a long silence end the promotion. */
  void awaitResume(StepFailure failure) {
    if (failure.problem().kind() == FailureKind.FATAL) {
      throw new PromotionEnd(PromotionState.FAILED, failure.problem());
    }
    CancellationScope.throwCanceled();
    CarriedOver.Stop waits = stop == null ? stopped(failure) : stop;
    try {
      if (!nextRun.await(
          Duration.between(PromotionProgress.now(), waits.until()),
          "wait for resume " + failure.step(),
          desk::isResumed)) {
        throw new PromotionEnd(PromotionState.FAILED, failure.problem());
      }
    } finally {
      stop = null;
      desk.closeStop();
    }
    if (failure.endedForGood()) {
      attempts.merge(failure.step(), 2, (before, two) -> before + 1);
    }
    progress.running(failure.step());
  }

  /**
   * What an attempt of a step made is gone: its next run is another business attempt.
   *
   * @param attempt the one whose work is gone
   */
  void repeat(String step, int attempt) {
    attempts.merge(step, attempt + 1, Math::max);
  }

  private CarriedOver.Stop stopped(StepFailure failure) {
    CarriedOver.Stop waits =
        new CarriedOver.Stop(
            failure.step(),
            failure.problem(),
            failure.endedForGood(),
            PromotionProgress.now().plus(RESUMABLE_FOR));
    stop = waits;
    String name = desk.openStop();
    progress.stopped(failure.step(), failure.problem());
    telling.stopped(name);
    return waits;
  }
}
