package dev.portage.watch;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.TemporalConnection;
import dev.portage.temporal.Pollers;
import dev.portage.temporal.Queues;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.enums.v1.PendingWorkflowTaskState;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a worker picks up a workflow that was just started, and what it waits for, to tell the
 * person at the terminal: it waits for busy workers, but not for missing ones.
 */
public final class Pickup {

  /** As long as nobody wonders. */
  public static final Duration NOTIFY_AFTER = Duration.ofSeconds(2);

  private final TemporalConnection connection;
  private final Duration timeout;
  private final String waiting;
  private @Nullable String notified;

  /**
   * Looks after one workflow.
   *
   * @param timeout how long to wait for a worker where none is seen
   * @param waiting what to say about the workflow if no worker comes, such as "The copy waits for
   *     it"; "" for nothing
   */
  public Pickup(TemporalConnection connection, Duration timeout, String waiting) {
    this.connection = connection;
    this.timeout = timeout;
    this.waiting = waiting;
  }

  /**
   * Looks, and says once for each reason why it is not done yet.
   *
   * @param waited since it was started
   * @throws ConnectionException when there is no worker
   */
  public void look(DescribeWorkflowExecutionResponse now, Duration waited) {
    if (isTaken(now)) {
      if (waited.compareTo(NOTIFY_AFTER) >= 0) {
        notTaken(now).ifPresent(this::report);
      }
      return;
    }
    Pollers pollers =
        Pollers.of(
            connection.stubs().blockingStub()::describeTaskQueue,
            connection.namespace(),
            Queues.PORTAGE,
            TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
            Instant.now());
    boolean busy = pollers == Pollers.ASKING;
    if (!busy && waited.compareTo(timeout) >= 0) {
      // It keeps running, since someone else may wait for it too.
      throw new ConnectionException(
          "no worker is polling task queue "
              + Queues.PORTAGE
              + " at "
              + connection.address()
              + "; start one with: portage worker"
              + (waiting.isEmpty() ? "" : ". " + waiting),
          null);
    }
    if (waited.compareTo(NOTIFY_AFTER) >= 0) {
      report(
          busy
              ? "all workers are busy; still waiting …"
              : "no worker has picked it up yet; still waiting …");
    }
  }

  /** Events so far: started, task scheduled. A third one is a worker's. */
  private static boolean isTaken(DescribeWorkflowExecutionResponse now) {
    return now.getWorkflowExecutionInfo().getHistoryLength() > 2
        || (now.hasPendingWorkflowTask()
            && now.getPendingWorkflowTask().getState()
                != PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED);
  }

  /** What of it no worker has taken yet. */
  private static Optional<String> notTaken(DescribeWorkflowExecutionResponse now) {
    return now.getPendingActivitiesList().stream()
        .filter(activity ->
            activity.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
                && activity.getAttempt() <= 1)
        .map(Pickup::queue)
        .findFirst()
        .map(queue -> "no worker" + queue + " is free yet; still waiting …");
  }

  /** Servers since 1.28 report the queue of an activity. */
  private static String queue(PendingActivityInfo activity) {
    String queue = activity.getActivityOptions().getTaskQueue().getName();
    return queue.isEmpty() ? "" : " on task queue " + queue;
  }

  private void report(String line) {
    if (!line.equals(notified)) {
      notified = line;
      connection.notice(line);
    }
  }
}
