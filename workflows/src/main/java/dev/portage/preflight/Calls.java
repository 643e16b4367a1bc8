package dev.portage.preflight;

import dev.portage.text.Markdown;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** How a preflight calls activities: someone is waiting at a terminal, so it makes few attempts. */
final class Calls {

  /** One look, and what may be waited for another one after it failed. */
  static final Duration LOOK = Duration.ofSeconds(45);

  /** How long an inspection waits for a worker if Temporal is not asked whether there is one. */
  static final Duration TO_START = Duration.ofSeconds(20);

  private static final RetryOptions FEW =
      RetryOptions.newBuilder()
          .setInitialInterval(Duration.ofMillis(500))
          .setMaximumAttempts(3)
          .build();

  private Calls() {}

  /**
   * What needs no workspace. It is done where the workflow runs, and waits for no other worker's
   * place.
   */
  static <T> T here(Class<T> type, String summary) {
    return Workflow.newLocalActivityStub(
        type,
        LocalActivityOptions.newBuilder()
            .setSummary(Markdown.summary(summary))
            .setStartToCloseTimeout(Duration.ofSeconds(30))
            .setScheduleToCloseTimeout(LOOK)
            .setRetryOptions(FEW)
            .build());
  }

  /**
   * What the workers of a task queue do.
   *
   * @param toStart how long to wait for one to take it
   */
  static <T> T of(Class<T> type, String queue, String summary, Duration toStart) {
    return Workflow.newActivityStub(
        type,
        ActivityOptions.newBuilder()
            .setTaskQueue(queue)
            .setSummary(Markdown.summary(summary))
            .setStartToCloseTimeout(Duration.ofSeconds(30))
            .setScheduleToStartTimeout(toStart)
            .setScheduleToCloseTimeout(toStart.plus(LOOK))
            .setRetryOptions(FEW)
            .build());
  }
}
