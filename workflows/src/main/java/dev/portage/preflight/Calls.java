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

  /** One attempt to find something in a log of any length. */
  private static final Duration SEARCH = Duration.ofMinutes(3);

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
    return of(type, queue, summary, toStart, Duration.ofSeconds(30), LOOK);
  }

  /** The same for what may read a whole log. */
  static <T> T searching(Class<T> type, String queue, String summary, Duration toStart) {
    return of(type, queue, summary, toStart, SEARCH, SEARCH.plus(LOOK));
  }

  private static <T> T of(
      Class<T> type,
      String queue,
      String summary,
      Duration toStart,
      Duration attempt,
      Duration all) {
    return Workflow.newActivityStub(
        type,
        ActivityOptions.newBuilder()
            .setTaskQueue(queue)
            .setSummary(Markdown.summary(summary))
            .setStartToCloseTimeout(attempt)
            .setScheduleToStartTimeout(toStart)
            .setScheduleToCloseTimeout(toStart.plus(all))
            .setRetryOptions(FEW)
            .build());
  }
}
