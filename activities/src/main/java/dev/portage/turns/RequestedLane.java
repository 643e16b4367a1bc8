package dev.portage.turns;

import dev.portage.lane.Grant;
import dev.portage.lane.LaneState;
import dev.portage.lane.LaneWorkflow;
import dev.portage.lane.TurnRequest;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Requests the turn from a lane by an Update, which the lane answers the moment it grants the turn.
 * The response is only faster than reading the lane, and may never come: only a few Updates may
 * wait at a lane ({@link PendingUpdates}), an older worker doesn't know this Update, and a lane
 * that continues as new answers none.
 */
final class RequestedLane implements AutoCloseable {

  private final WorkflowClient client;
  private final TurnRequest request;
  private final PendingUpdates pending;
  private @Nullable FutureTask<Optional<Grant>> answer;

  /**
   * Requests the turn if there is a place for an Update, and then also starts the lane if there is
   * none.
   */
  RequestedLane(WorkflowClient client, TurnRequest request, PendingUpdates pending) {
    this.client = client;
    this.request = request;
    this.pending = pending;
    this.answer = ask();
  }

  /** Whether an Update waits, or has been answered. */
  boolean isAsked() {
    return answer != null;
  }

  /** Requests it again if no Update waits and there is a place for one. */
  void again() {
    if (answer == null || answer.isDone()) {
      answer = ask();
    }
  }

  /**
   * The grant, if it arrives within this time; otherwise empty, and not before the time is over.
   */
  Optional<Grant> within(Duration longest) {
    long began = System.nanoTime();
    FutureTask<Optional<Grant>> asked = answer;
    try {
      if (asked != null) {
        Optional<Grant> grant = asked.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        if (grant.isPresent()) {
          return grant;
        }
      }
    } catch (TimeoutException | ExecutionException none) {
      // The caller reads the lane instead.
    } catch (InterruptedException stopping) {
      throw stopping();
    }
    sleep(longest.minusNanos(System.nanoTime() - began));
    return Optional.empty();
  }

  private static void sleep(Duration rest) {
    try {
      Thread.sleep(rest);
    } catch (InterruptedException stopping) {
      throw stopping();
    }
  }

  /** Restores the interrupt, and creates the failure that it stands for. */
  static ApplicationFailure stopping() {
    Thread.currentThread().interrupt();
    return ApplicationFailure.newFailure("the worker is stopping", "WorkerStops");
  }

  private @Nullable FutureTask<Optional<Grant>> ask() {
    if (!pending.begin(request.laneId())) {
      return null;
    }
    FutureTask<Optional<Grant>> asked =
        new FutureTask<>(this::askAndWait) {
          @Override
          protected void done() {
            pending.end(request.laneId());
          }
        };
    Thread.ofVirtual().name("turn of " + request.laneId()).start(asked);
    return asked;
  }

  private Optional<Grant> askAndWait() {
    LaneWorkflow lane = client.newWorkflowStub(LaneWorkflow.class, LaneClient.options(request));
    return WorkflowClient.executeUpdateWithStart(
        lane::grant,
        request,
        UpdateOptions.<Optional<Grant>>newBuilder().setUpdateId(id()).build(),
        new WithStartWorkflowOperation<>(lane::run, LaneState.free()));
  }

  /** The same for each attempt, so that Temporal takes the second asking for the first. */
  private String id() {
    return request.holder() + "/" + request.turn() + "/" + request.run();
  }

  /** Stops waiting. The lane keeps the request until it is given back. */
  @Override
  public void close() {
    FutureTask<Optional<Grant>> asked = answer;
    if (asked != null) {
      asked.cancel(true);
    }
  }
}
