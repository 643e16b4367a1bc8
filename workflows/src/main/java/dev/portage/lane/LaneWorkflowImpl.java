package dev.portage.lane;

import dev.portage.promotion.PromotionWorkflow;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** See {@link LaneWorkflow}. */
public class LaneWorkflowImpl implements LaneWorkflow {

  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final Duration FIRST_LOOK = Duration.ofMinutes(1);
  private static final Duration LAST_LOOK = Duration.ofMinutes(10);

  private final Deque<TurnRequest> waiting;
  private @Nullable TurnRequest holder;

  private final TurnActivities turns =
      Workflow.newActivityStub(
          TurnActivities.class,
          ActivityOptions.newBuilder()
              .setTaskQueue(PromotionWorkflow.TASK_QUEUE)
              .setStartToCloseTimeout(Duration.ofSeconds(30))
              .setSummary("is the holder still running?")
              .build());

  /** State is there before the first signal is handled. */
  @WorkflowInit
  public LaneWorkflowImpl(LaneState state) {
    this.holder = state.holder();
    this.waiting = new ArrayDeque<>(state.waiting());
  }

  @Override
  public void run(LaneState state) {
    while (true) {
      if (holder == null && !grantNext()) {
        return;
      }
      watchHolder();
      if (Workflow.getInfo().isContinueAsNewSuggested()) {
        Workflow.newContinueAsNewStub(LaneWorkflow.class).run(state());
      }
    }
  }

  /**
   * Gives the turn to the first who can still be told. False when nobody came within the idle time.
   */
  private boolean grantNext() {
    while (holder == null) {
      if (!Workflow.await(IDLE, () -> !waiting.isEmpty())) {
        return false;
      }
      TurnRequest next = waiting.removeFirst();
      holder = next;
      try {
        Workflow.newUntypedExternalWorkflowStub(next.holder())
            .signal(TurnGrant.SIGNAL, new TurnGrant(next.turn()));
      } catch (ApplicationFailure gone) {
        // Whoever asked has ended meanwhile: the turn is free for the next one. SDK 1.38 tells it
        // by this
        // failure, and not by its SignalExternalWorkflowException.
        forget(next);
      }
    }
    return true;
  }

  /**
   * Waits until the turn is given back. A terminated holder runs no code, so it is looked after.
   */
  private void watchHolder() {
    Duration pause = FIRST_LOOK;
    TurnRequest watched = holder;
    while (watched != null && watched.equals(holder)) {
      if (Workflow.await(pause, () -> !watched.equals(holder))) {
        return;
      }
      if (!turns.isAlive(watched.holder())) {
        forget(watched);
      }
      pause = pause.multipliedBy(2).compareTo(LAST_LOOK) > 0 ? LAST_LOOK : pause.multipliedBy(2);
      if (Workflow.getInfo().isContinueAsNewSuggested()) {
        return;
      }
    }
  }

  @Override
  public void request(TurnRequest request) {
    if (!request.equals(holder) && !waiting.contains(request)) {
      waiting.addLast(request);
    }
  }

  @Override
  public void giveBack(TurnRequest request) {
    forget(request);
  }

  private void forget(TurnRequest request) {
    waiting.remove(request);
    if (request.equals(holder)) {
      holder = null;
    }
  }

  @Override
  public LaneState state() {
    return new LaneState(holder, List.copyOf(waiting));
  }
}
