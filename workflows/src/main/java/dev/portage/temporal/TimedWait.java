package dev.portage.temporal;

import dev.portage.text.Markdown;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Waits for a condition or a time, in workflow code. Unlike {@code Workflow.await}, the timer says
 * in the Web UI what it is for, and goes when it is no longer needed: one that is left rings later,
 * and costs a workflow task for nothing.
 */
public final class TimedWait {

  private TimedWait() {}

  /**
   * Waits. The condition may become true at the very moment the time runs out, so it is checked
   * once more.
   *
   * @param summary what the timer is for, for people
   * @return false when the time ran out first
   */
  public static boolean await(Duration longest, String summary, Supplier<Boolean> condition) {
    return await(longest, summary, condition, Workflow::await);
  }

  /**
   * The same.
   *
   * @param wait waits until what it is given says so
   */
  public static boolean await(
      Duration longest,
      String summary,
      Supplier<Boolean> condition,
      Consumer<Supplier<Boolean>> wait) {
    CompletablePromise<Void> rang = Workflow.newPromise();
    CancellationScope timer =
        Workflow.newCancellationScope(() ->
            Workflow.newTimer(
                    longest,
                    TimerOptions.newBuilder().setSummary(Markdown.summary(summary)).build())
                // A cancelled one fails, and an unobserved failure causes a warning.
                .handle((none, cancelled) -> rang.complete(null)));
    timer.run();
    try {
      wait.accept(() -> rang.isCompleted() || condition.get());
    } catch (RuntimeException failure) {
      // No finally: an Error may be Temporal taking the thread away, and then nothing may be
      // called.
      end(timer, rang);
      throw failure;
    }
    end(timer, rang);
    return condition.get();
  }

  private static void end(CancellationScope timer, CompletablePromise<Void> rang) {
    if (!rang.isCompleted()) {
      timer.cancel("no longer needed");
    }
  }
}
