package dev.portage.promotion;

import dev.portage.approval.ApprovalDesk;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.text.Bounded;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs steps: tells their beginning and end, and lets a failed one be resumed without redoing
 * finished ones.
 */
final class StepRunner {

  private static final Duration RESUMABLE_FOR = Duration.ofDays(14);

  private final String workflowId;
  private final PromotionProgress progress;
  private final ApprovalDesk desk;
  private final Map<String, Integer> attempts = new HashMap<>();

  StepRunner(PromotionProgress progress, ApprovalDesk desk) {
    this.workflowId = Workflow.getInfo().getWorkflowId();
    this.progress = progress;
    this.desk = desk;
  }

  /**
   * Runs a step and, when it fails, waits for the order to resume and runs it again.
   *
   * @param where workspace that it touches, for messages
   */
  <T> T resumable(String step, String where, Function<Attempt, Made<T>> body) {
    while (true) {
      try {
        return once(step, where, body);
      } catch (StepFailure failure) {
        awaitResume(failure);
      }
    }
  }

  /**
   * Like {@link #resumable(String, String, Function)}, for a step that may leave something half
   * made: while it can be resumed that stays, and when the promotion ends in it, it goes.
   *
   * @param giveUp takes it away and returns what people should know of it
   */
  <T> T resumable(
      String step, String where, Function<Attempt, Made<T>> body, Supplier<List<String>> giveUp) {
    try {
      return resumable(step, where, body);
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
    progress.begin(step, attempt);
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

  /** Waits for somebody's order to resume; a fatal failure and a long silence end the promotion. */
  void awaitResume(StepFailure failure) {
    if (failure.problem().kind() == FailureKind.FATAL) {
      throw new PromotionEnd(PromotionState.FAILED, failure.problem());
    }
    CancellationScope.throwCanceled();
    desk.openStop();
    progress.stopped(failure.step(), failure.problem());
    try {
      if (!awaitWithTimer(
          RESUMABLE_FOR, "for an order to resume " + failure.step(), desk::isResumed)) {
        throw new PromotionEnd(PromotionState.FAILED, failure.problem());
      }
    } finally {
      desk.closeStop();
    }
    if (failure.endedForGood()) {
      attempts.merge(failure.step(), 2, (before, two) -> before + 1);
    }
    progress.running(failure.step());
  }

  /**
   * Waits with a timer that says in the Web UI what it is for. False when the time ran out first.
   */
  static boolean awaitWithTimer(Duration longest, String summary, Supplier<Boolean> condition) {
    CompletablePromise<Void> rang = Workflow.newPromise();
    CancellationScope timer =
        Workflow.newCancellationScope(() ->
            Workflow.newTimer(
                    longest,
                    TimerOptions.newBuilder()
                        .setSummary(Bounded.line(summary, Bounded.SUMMARY))
                        .build())
                // One that is cancelled fails, and a failure that nobody asks for is warned of.
                .handle((none, cancelled) -> rang.complete(null)));
    timer.run();
    Workflow.await(() -> rang.isCompleted() || condition.get());
    if (!rang.isCompleted()) {
      timer.cancel("no longer needed");
    }
    return condition.get();
  }
}
