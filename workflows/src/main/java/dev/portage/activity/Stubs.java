package dev.portage.activity;

import dev.portage.failure.Failures;
import dev.portage.temporal.Queues;
import dev.portage.text.Markdown;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.common.converter.DataConverterException;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Activity stubs, one per call, since a summary belongs to its stub. Attempts are unlimited within
 * the given time.
 */
public final class Stubs {

  private static final Duration QUICK = Duration.ofSeconds(30);
  private static final Duration SEARCH = Duration.ofMinutes(3);
  private static final Duration WORKER_IS_THERE = Duration.ofMinutes(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(30);
  private static final Duration LONGEST_WAIT = Duration.ofDays(365);
  private static final Duration LONGEST_COPY = Duration.ofDays(2);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final Duration LONGEST_PAUSE_OF_NOTICES = Duration.ofMinutes(15);

  /** A longer pause is a timer: meanwhile the workflow takes messages. */
  private static final Duration PAUSE_IN_PLACE = Duration.ofSeconds(1);

  private Stubs() {}

  /**
   * For a few REST calls: 30 s an attempt. A cancel waits for the attempt's end, so that it is
   * known what it made.
   *
   * @param timeout how long to retry
   */
  public static <T> T quick(Class<T> type, String queue, Duration timeout, String summary) {
    return Workflow.newActivityStub(
        type,
        base(queue, summary)
            .setStartToCloseTimeout(QUICK)
            .setScheduleToCloseTimeout(timeout)
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .build());
  }

  /**
   * For what takes a moment and needs no workspace, as reading the platform file. It is done where
   * the workflow runs, within its task, and so waits for no worker; no message is taken meanwhile.
   *
   * @param patience how long to go on asking; null for without a limit
   */
  public static <T> T here(Class<T> type, @Nullable Duration patience, String summary) {
    LocalActivityOptions.Builder options =
        LocalActivityOptions.newBuilder()
            .setSummary(Markdown.summary(summary))
            .setRetryOptions(retries().build())
            .setLocalRetryThreshold(PAUSE_IN_PLACE)
            .setStartToCloseTimeout(QUICK);
    if (patience != null) {
      options.setScheduleToCloseTimeout(patience);
    }
    return Workflow.newLocalActivityStub(type, options.build());
  }

  /**
   * For a search that may go through many pages: 3 min an attempt.
   *
   * @param timeout how long to retry
   */
  public static <T> T searching(Class<T> type, String queue, Duration timeout, String summary) {
    return Workflow.newActivityStub(
        type,
        base(queue, summary)
            .setStartToCloseTimeout(SEARCH)
            .setScheduleToCloseTimeout(timeout)
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .build());
  }

  /**
   * For a few REST calls after a cancel, when it is unknown whether the call before succeeded.
   * Someone who cancelled because no worker is running doesn't have to wait for one again.
   */
  public static <T> T afterwards(Class<T> type, String queue, Duration timeout, String summary) {
    return Workflow.newActivityStub(
        type,
        base(queue, summary)
            .setStartToCloseTimeout(QUICK)
            .setScheduleToStartTimeout(WORKER_IS_THERE)
            .setScheduleToCloseTimeout(timeout)
            .build());
  }

  /**
   * For a change that is right only now, since it follows from a read: one attempt. To try again,
   * read again first.
   *
   * @param longest how long it may take, waiting for a worker included
   */
  public static <T> T single(Class<T> type, String queue, Duration longest, String summary) {
    return Workflow.newActivityStub(
        type,
        base(queue, summary)
            .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
            .setStartToCloseTimeout(QUICK)
            .setScheduleToCloseTimeout(longest)
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .build());
  }

  /**
   * For waiting on a remote run, with heartbeats. The run continues in the meantime, so waiting for
   * a worker is part of its time.
   *
   * @param queue of the workspace; the call goes to {@link LongQueue#RUNS} beside it
   * @param longest time that the run itself may take
   */
  public static <T> T awaiting(
      Class<T> type, String queue, Duration longest, Duration timeout, String summary) {
    return Workflow.newActivityStub(
        type,
        base(LongQueue.RUNS.of(queue), summary)
            .setStartToCloseTimeout(longest.plus(timeout))
            .setScheduleToCloseTimeout(longest.plus(timeout))
            .setHeartbeatTimeout(HEARTBEAT)
            .build());
  }

  /**
   * For SQL statements, with heartbeats: a warehouse that was asleep takes minutes before it
   * answers. A cancel waits until no statement is under way any more.
   *
   * @param queue of the workspace; it goes to {@link LongQueue#RUNS} beside it
   * @param longest how long to go on asking
   */
  public static <T> T statement(Class<T> type, String queue, Duration longest, String summary) {
    return Workflow.newActivityStub(
        type,
        base(LongQueue.RUNS.of(queue), summary)
            .setStartToCloseTimeout(longest)
            .setScheduleToCloseTimeout(longest)
            .setHeartbeatTimeout(HEARTBEAT)
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .build());
  }

  /**
   * For notices, on {@link Queues#NOTICES}. A receiver that is away is retried ever more rarely.
   *
   * @param longest how long to go on asking, waiting for a worker included
   */
  public static <T> T delivering(Class<T> type, Duration longest, String summary) {
    return Workflow.newActivityStub(
        type,
        base(Queues.NOTICES, summary)
            .setRetryOptions(
                retries()
                    .setInitialInterval(Duration.ofSeconds(2))
                    .setMaximumInterval(LONGEST_PAUSE_OF_NOTICES)
                    .build())
            .setStartToCloseTimeout(QUICK)
            .setScheduleToCloseTimeout(longest)
            .build());
  }

  /**
   * For SQL statements, as {@link #statement}, that a worker of an older release may not know: it
   * says so at once, and isn't asked again.
   */
  public static <T> T newStatement(Class<T> type, String queue, Duration longest, String summary) {
    return Workflow.newActivityStub(
        type,
        base(LongQueue.RUNS.of(queue), summary)
            .setRetryOptions(
                retries()
                    .setDoNotRetry(
                        DataConverterException.class.getName(), Failures.UNKNOWN_ACTIVITY)
                    .build())
            .setStartToCloseTimeout(longest)
            .setScheduleToCloseTimeout(longest)
            .setHeartbeatTimeout(HEARTBEAT)
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .build());
  }

  /**
   * For waiting on other workflows of ours, with heartbeats and without a limit. A cancel waits
   * until no request is pending any more.
   */
  public static <T> T waiting(Class<T> type, String queue, String summary) {
    return Workflow.newActivityStub(
        type,
        base(queue, summary)
            .setStartToCloseTimeout(LONGEST_WAIT)
            .setHeartbeatTimeout(HEARTBEAT)
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .build());
  }

  /**
   * For moving bytes, with heartbeats; a cancel waits until no byte moves any more. Others may be
   * before it for days, and that counts for nothing: what is limited is the time of an attempt and
   * how many there are, which with the pauses between them last as long.
   *
   * @param queue one of {@link LongQueue}, or the workspace's own for reads
   * @param timeout how long to retry, beyond the time that the longest copy takes
   */
  public static <T> T copying(Class<T> type, String queue, Duration timeout, String summary) {
    return Workflow.newActivityStub(
        type,
        base(queue, summary)
            .setRetryOptions(
                retries()
                    .setMaximumAttempts(
                        Math.toIntExact(LONGEST_COPY.plus(timeout).dividedBy(LONGEST_PAUSE)))
                    .build())
            .setStartToCloseTimeout(LONGEST_COPY)
            .setScheduleToCloseTimeout(LONGEST_WAIT)
            .setHeartbeatTimeout(HEARTBEAT)
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .build());
  }

  private static ActivityOptions.Builder base(String queue, String summary) {
    return ActivityOptions.newBuilder()
        .setTaskQueue(queue)
        .setSummary(Markdown.summary(summary))
        .setRetryOptions(retries().build());
  }

  private static RetryOptions.Builder retries() {
    return RetryOptions.newBuilder()
        .setInitialInterval(Duration.ofSeconds(1))
        .setBackoffCoefficient(2)
        .setMaximumInterval(LONGEST_PAUSE)
        // An argument that cannot be read today cannot be read in a minute.
        .setDoNotRetry(DataConverterException.class.getName());
  }
}
