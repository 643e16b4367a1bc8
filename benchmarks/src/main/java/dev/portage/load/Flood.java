package dev.portage.load;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Many signals to one workflow, sent by a sender that does not give up. Temporal refuses what one
 * run of a workflow can't take any more; that is an answer, not a failure, so such a signal is sent
 * again after a pause, until it is taken or the workflow has ended.
 */
final class Flood {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final int atOnce;
  private final Duration timeout;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();

  /** Sends one signal. */
  interface Sender {
    /** Sends the signal of a number. */
    void send(int number);
  }

  /**
   * @param atOnce senders
   * @param timeout after which it fails if Temporal goes on refusing
   */
  Flood(int atOnce, Duration timeout) {
    this.atOnce = atOnce;
    this.timeout = timeout;
  }

  /** Sends so many, and returns when each is taken or the workflow has ended. */
  void send(int count, Sender sender) {
    long end = System.nanoTime() + timeout.toNanos();
    Together.each(
        IntStream.range(0, count).boxed().toList(),
        atOnce,
        number -> {
          send(number, sender, end);
          return number;
        });
  }

  private void send(int number, Sender sender, long end) {
    Duration pause = FIRST_PAUSE;
    while (!over.get()) {
      try {
        sender.send(number);
        taken.incrementAndGet();
        return;
      } catch (WorkflowNotFoundException gone) {
        over.set(true);
        return;
      } catch (WorkflowServiceException answer) {
        if (!isRefusal(answer)) {
          throw answer;
        }
        refused.incrementAndGet();
        if (System.nanoTime() > end) {
          throw new LoadException(
              "signal " + number + " is still refused after " + timeout.toSeconds() + " s", answer);
        }
      }
      LoadWorld.pause(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  /** Whether the server takes no signal at the moment: this run is full, or about to end. */
  private static boolean isRefusal(WorkflowServiceException answer) {
    if (!(answer.getCause() instanceof StatusRuntimeException grpc)) {
      return false;
    }
    String says = String.valueOf(grpc.getStatus().getDescription());
    return grpc.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED
        || (grpc.getStatus().getCode() == Status.Code.INVALID_ARGUMENT
            && says.contains("execution limit for signal events"));
  }

  /** Signals that the server took. */
  int taken() {
    return taken.get();
  }

  /** Answers that it takes none at the moment. */
  int refused() {
    return refused.get();
  }
}
