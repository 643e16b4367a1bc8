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

/**
 * An asking for the turn that the lane itself answers, in the moment in which it grants it. It may
 * stay without an answer, and nothing may rest on it: Temporal lets few wait so at once, and no
 * lane answers that an older worker serves, or that goes on in a new history meanwhile.
 */
final class AskedLane implements AutoCloseable {

  private final WorkflowClient client;
  private final TurnRequest request;
  private FutureTask<Optional<Grant>> answer;

  /** Asks, and starts the lane where there is none. */
  AskedLane(WorkflowClient client, TurnRequest request) {
    this.client = client;
    this.request = request;
    this.answer = ask();
  }

  /** Asks once more where an asking has ended without a grant. */
  void again() {
    if (answer.isDone()) {
      answer = ask();
    }
  }

  /** The grant, when it comes in this time. */
  Optional<Grant> within(Duration longest) {
    long began = System.nanoTime();
    try {
      Optional<Grant> grant = answer.get(longest.toMillis(), TimeUnit.MILLISECONDS);
      if (grant.isPresent()) {
        return grant;
      }
    } catch (TimeoutException | ExecutionException none) {
      // Whoever asks looks for itself then.
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

  /** Notes the interrupt, and says what it means. */
  static ApplicationFailure stopping() {
    Thread.currentThread().interrupt();
    return ApplicationFailure.newFailure("the worker stops", "WorkerStops");
  }

  private FutureTask<Optional<Grant>> ask() {
    FutureTask<Optional<Grant>> asked = new FutureTask<>(this::askAndWait);
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

  /** Waits no longer. The lane goes on with the request until it is given back. */
  @Override
  public void close() {
    answer.cancel(true);
  }
}
