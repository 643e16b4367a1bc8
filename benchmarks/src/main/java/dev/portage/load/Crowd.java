package dev.portage.load;

import dev.portage.temporal.PromotionAttributes;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.HistoryEventFilterType;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateStage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Many workflows of one kind that start, wait for a decision, and end: promotions or bare ones.
 * Their states are read from Temporal's own list, which costs the workers nothing.
 */
abstract class Crowd {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration TOLD = Duration.ofSeconds(10);
  private static final int READ_AT_ONCE = 4;
  private static final int START_AT_ONCE = 32;

  private final LoadWorld world;
  private final String prefix;
  private final List<String> ids;

  /**
   * A crowd.
   *
   * @param prefix of all their ids and of no other's
   */
  Crowd(LoadWorld world, String prefix, List<String> ids) {
    this.world = world;
    this.prefix = prefix;
    this.ids = List.copyOf(ids);
  }

  /** Starts the one at a place. */
  abstract void start(int number);

  /** The arguments of its decision. */
  abstract Object[] decision(String id);

  /** Type of what a decision answers. */
  abstract Class<?> answer();

  /**
   * Why an answer says that the decision did not count, null when it did.
   *
   * @param answer null where the answer is nothing
   */
  abstract @Nullable String refusal(@Nullable Object answer);

  final LoadWorld world() {
    return world;
  }

  /** Workflow ids, in order. */
  final List<String> ids() {
    return ids;
  }

  final int size() {
    return ids.size();
  }

  /** Starts all, and waits until each of them waits for a decision. Returns how long that took. */
  final Duration startAndAwait(Duration timeout) {
    long began = System.nanoTime();
    Together.each(
        numbers(),
        START_AT_ONCE,
        number -> {
          start(number);
          return number;
        });
    awaitWaiting(timeout);
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private List<Integer> numbers() {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      numbers.add(i);
    }
    return numbers;
  }

  /** Waits until each waits for a decision. */
  final void awaitWaiting(Duration timeout) {
    await("wait for a decision", "WAITING", timeout);
  }

  /** Waits until each has ended well. */
  final void awaitReleased(Duration timeout) {
    await("ended well", null, timeout);
  }

  private void await(String what, @Nullable String state, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    String done =
        state == null
            ? "ExecutionStatus = 'Completed'"
            : PromotionAttributes.STATE.getName() + " = '" + state + "'";
    long before = -1;
    long lastTold = System.nanoTime();
    while (true) {
      long reached = count(done);
      if (reached >= ids.size()) {
        return;
      }
      refuseTrouble();
      if (reached != before && System.nanoTime() - lastTold > TOLD.toNanos()) {
        world.say("  " + reached + " of " + ids.size() + " " + what);
        lastTold = System.nanoTime();
        before = reached;
      }
      if (System.nanoTime() > end) {
        throw new LoadException(
            reached
                + " of "
                + ids.size()
                + " "
                + prefix
                + "* "
                + what
                + " after "
                + timeout.toSeconds()
                + " s");
      }
      LoadWorld.pause(LOOK);
    }
  }

  private void refuseTrouble() {
    long trouble =
        count(
            "(ExecutionStatus IN ('Failed', 'TimedOut', 'Terminated', 'Canceled') OR "
                + PromotionAttributes.STATE.getName()
                + " = 'STOPPED')");
    if (trouble > 0) {
      throw new LoadException(
          trouble + " of " + prefix + "* did not end well: " + troubles().orElse("unknown"));
    }
  }

  /** What one of those says that did not go well. */
  Optional<String> troubles() {
    return Optional.empty();
  }

  /** How many of them a condition of Temporal's list holds for. */
  final long count(String condition) {
    return world
        .stubs()
        .blockingStub()
        .countWorkflowExecutions(
            CountWorkflowExecutionsRequest.newBuilder()
                .setNamespace(world.client().getOptions().getNamespace())
                .setQuery("WorkflowId STARTS_WITH '" + prefix + "' AND " + condition)
                .build())
        .getCount();
  }

  /** Decides about all at the same time. Returns when each decision was sent, in order. */
  final List<Instant> decide() {
    return Together.all(ids, this::decide);
  }

  /** Decides about one, and waits for the answer. Returns when the decision was sent. */
  final Instant decide(String id) {
    WorkflowStub stub = world.client().newUntypedWorkflowStub(id);
    Instant sent = Instant.now();
    Object answer =
        stub.startUpdate(
                UpdateOptions.newBuilder(answer())
                    .setUpdateName(BareWorkflow.DECISION)
                    .setUpdateId("decision-" + id)
                    .setWaitForStage(WorkflowUpdateStage.COMPLETED)
                    .build(),
                decision(id))
            .getResult();
    @Nullable String refusal = refusal(answer);
    if (refusal != null) {
      throw new LoadException("the decision for " + id + " did not count: " + refusal);
    }
    return sent;
  }

  /** Waits until one has ended, however it does. */
  final void awaitEnd(String id) {
    world
        .client()
        .getWorkflowServiceStubs()
        .blockingStub()
        .withDeadlineAfter(Scenario.TIMEOUT.toSeconds(), TimeUnit.SECONDS)
        .getWorkflowExecutionHistory(
            GetWorkflowExecutionHistoryRequest.newBuilder()
                .setNamespace(world.client().getOptions().getNamespace())
                .setExecution(WorkflowExecution.newBuilder().setWorkflowId(id))
                .setWaitNewEvent(true)
                .setHistoryEventFilterType(
                    HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT)
                .build());
  }

  /** Decides about all by signals, which last also where no worker runs. */
  final List<Instant> decideBySignal() {
    return Together.all(
        ids,
        id -> {
          Instant sent = Instant.now();
          world.client().newUntypedWorkflowStub(id).signal(BareWorkflow.DECISION, decision(id));
          return sent;
        });
  }

  /** The histories of all, in order. */
  final List<History> histories() {
    return Together.each(
        ids, READ_AT_ONCE, id -> History.of(world.client().fetchHistory(id).getEvents()));
  }
}
