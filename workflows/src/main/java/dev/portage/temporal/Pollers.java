package dev.portage.temporal;

import com.google.protobuf.Timestamp;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.taskqueue.v1.PollerInfo;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.function.Function;

/** Whether workers poll a task queue: this distinguishes busy workers from missing ones. */
public enum Pollers {
  /** A worker polls right now, or has polled within a minute. */
  ASKING,
  /** A worker has polled within the last minutes and does not now: it is full, or gone. */
  QUIET,
  /** None has polled for some minutes. */
  NONE,
  /** The server doesn't say. */
  UNKNOWN;

  /** A worker that waits for a task polls again after a minute. */
  private static final Duration ONE_ASKING = Duration.ofSeconds(75);

  /**
   * What a server says about a queue.
   *
   * @param server queries it
   */
  public static Pollers of(
      Function<DescribeTaskQueueRequest, DescribeTaskQueueResponse> server,
      String namespace,
      String queue,
      TaskQueueType type,
      Instant now) {
    try {
      return of(
          server.apply(
              DescribeTaskQueueRequest.newBuilder()
                  .setNamespace(namespace)
                  .setTaskQueue(TaskQueue.newBuilder().setName(queue))
                  .setTaskQueueType(type)
                  .build()),
          now);
    } catch (StatusRuntimeException _) {
      // The server inside the JVM has no such call, and a login may lack the right to it.
      return UNKNOWN;
    }
  }

  private static Pollers of(DescribeTaskQueueResponse response, Instant now) {
    return response.getPollersList().stream()
        .map(PollerInfo::getLastAccessTime)
        .map(Pollers::instant)
        .max(Comparator.naturalOrder())
        .map(last -> last.plus(ONE_ASKING).isBefore(now) ? QUIET : ASKING)
        .orElse(NONE);
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }
}
