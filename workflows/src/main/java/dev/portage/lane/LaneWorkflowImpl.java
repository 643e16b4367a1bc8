package dev.portage.lane;

import dev.portage.activity.Stubs;
import dev.portage.failure.Failures;
import dev.portage.temporal.Queues;
import dev.portage.temporal.TimedWait;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** See {@link LaneWorkflow}. */
public class LaneWorkflowImpl implements LaneWorkflow {

  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final Duration FIRST_LOOK = Duration.ofMinutes(1);
  private static final Duration LAST_LOOK = Duration.ofMinutes(10);
  private static final Duration NUMBERING = Duration.ofMinutes(10);

  /** Further promotions request again later, and a lane must be able to carry over its state. */
  private static final int MOST_WAITING = 1_000;

  /**
   * Characters of all requests that wait. JSON makes up to six bytes of one, and Temporal takes 2
   * MiB of an answer and of what is carried on.
   */
  private static final int MOST_TEXT = 250_000;

  private static final int REFUSED_KEPT = 20;

  private final Deque<TurnRequest> waiting;
  private final Deque<TurnRefused> refused;
  private @Nullable TurnRequest holder;
  private @Nullable Long number;
  private @Nullable Instant since;
  private boolean knowsNewest;
  private boolean lookNow;

  private final TurnActivities turns =
      Workflow.newActivityStub(
          TurnActivities.class,
          ActivityOptions.newBuilder()
              .setTaskQueue(Queues.PORTAGE)
              .setStartToCloseTimeout(Duration.ofSeconds(30))
              .setSummary("check whether the holder is still running")
              .build());

  /** The state exists before the first signal is handled. */
  @WorkflowInit
  public LaneWorkflowImpl(@Nullable LaneState given) {
    LaneState state = given == null ? LaneState.free() : given;
    this.holder = state.holder();
    this.number = state.number();
    this.waiting = new ArrayDeque<>(state.waiting());
    this.since = state.since();
    this.refused = new ArrayDeque<>(Objects.requireNonNullElse(state.refused(), List.of()));
  }

  @Override
  public void run(@Nullable LaneState given) {
    CancellationScope lane = CancellationScope.current();
    // A lane ignores a cancel: its holder and waiters still exist.
    Workflow.newDetachedCancellationScope(() -> serve(lane)).run();
    if (holder != null || !waiting.isEmpty()) {
      Workflow.newContinueAsNewStub(LaneWorkflow.class).run(state());
    }
  }

  /** Until nobody has or wants the turn, or the history is long enough to carry on in a new one. */
  private void serve(CancellationScope lane) {
    while (!isLong(lane)) {
      if (holder == null && !grantNext(lane)) {
        return;
      }
      watchHolder(lane);
    }
  }

  /**
   * Temporal closes a cancelled lane as soon as it continues as new, so such a lane stays in its
   * own history.
   */
  private static boolean isLong(CancellationScope lane) {
    return Workflow.getInfo().isContinueAsNewSuggested() && !lane.isCancelRequested();
  }

  /** Gives the turn to the first who still wants it. False when nobody came, or it is long. */
  private boolean grantNext(CancellationScope lane) {
    while (holder == null) {
      if (!await(IDLE, "end if nobody wants the turn", () -> !waiting.isEmpty())) {
        return false;
      }
      grantOrRefuse(waiting.getFirst());
      if (isLong(lane)) {
        return holder != null;
      }
    }
    return true;
  }

  private void grantOrRefuse(TurnRequest next) {
    try {
      grantAtOnce(next);
    } catch (ActivityFailure failure) {
      waiting.remove(next);
      refused.addLast(
          new TurnRefused(
              next,
              Failures.problemOf(
                  failure, "number the turn of " + next.model(), "workspace " + next.workspace())));
      if (refused.size() > REFUSED_KEPT) {
        refused.removeFirst();
      }
      show();
    }
  }

  private void grantAtOnce(TurnRequest next) {
    GrantAnswer answer =
        Stubs.quick(
                GrantingActivities.class,
                Queues.of(next.workspace()),
                NUMBERING,
                "the next turn, for " + next.holder())
            .grantTurn(new GrantOrder(next, knowsNewest));
    Grant held = answer.held();
    Grant granted = answer.granted();
    knowsNewest |= held != null || granted != null;
    if (held != null) {
      // From a lost lane: nothing may run alongside what its holder does.
      hold(held.request(), held.number());
    } else if (granted != null) {
      if (waiting.remove(next)) {
        hold(next, granted.number());
      }
    } else {
      forget(next);
    }
  }

  /** Waits until the turn is given back. A terminated holder runs no code, so it is checked. */
  private void watchHolder(CancellationScope lane) {
    Duration pause = FIRST_LOOK;
    TurnRequest watched = holder;
    while (watched != null && watched.equals(holder)) {
      boolean came =
          await(
              pause,
              "check that the holder still wants the turn",
              () -> !watched.equals(holder) || lookNow || isLong(lane));
      if (came && (!watched.equals(holder) || isLong(lane))) {
        return;
      }
      lookNow = false;
      if (!turns.stillWants(watched)) {
        forget(watched);
      }
      pause = pause.multipliedBy(2).compareTo(LAST_LOOK) > 0 ? LAST_LOOK : pause.multipliedBy(2);
    }
  }

  /**
   * Waits for a condition; returns whether it holds. It may become true at the very moment the time
   * runs out, for instance after a pause of the worker, so it is checked again.
   */
  private boolean await(Duration longest, String summary, Supplier<Boolean> condition) {
    return condition.get() || TimedWait.await(longest, summary, condition);
  }

  /** Whether a message is for this lane. Temporal hands over null for one without a payload. */
  private boolean takes(@Nullable TurnRequest request) {
    return request != null && request.isFor(Workflow.getInfo().getWorkflowId());
  }

  @Override
  public void request(@Nullable TurnRequest request) {
    if (request != null && takes(request)) {
      enqueue(request);
    }
  }

  private void enqueue(TurnRequest request) {
    if (request.run() != null) {
      // A promotion has one open run at a time, so an earlier one's request is void.
      waiting.removeIf(
          earlier -> earlier.holder().equals(request.holder()) && !earlier.equals(request));
      lookNow |=
          holder != null
              && holder.holder().equals(request.holder())
              && (number == null || !holder.equals(request));
    }
    if (!request.equals(holder) && !waiting.contains(request) && hasRoom(request)) {
      waiting.addLast(request);
    }
    show();
  }

  private boolean hasRoom(TurnRequest request) {
    return waiting.size() < MOST_WAITING
        && request.length() + waiting.stream().mapToInt(TurnRequest::length).sum() <= MOST_TEXT;
  }

  @Override
  public Optional<Grant> grant(@Nullable TurnRequest request) {
    if (request == null || !takes(request)) {
      return Optional.empty();
    }
    enqueue(request);
    // A cancel is not for a lane, nor for those who wait in it.
    Workflow.newDetachedCancellationScope(() -> Workflow.await(() -> isAnswered(request))).run();
    return request.equals(holder) && number != null
        ? Optional.of(new Grant(request, number))
        : Optional.empty();
  }

  private boolean isAnswered(TurnRequest request) {
    return request.equals(holder) ? number != null : !waiting.contains(request);
  }

  @Override
  public void giveBack(@Nullable TurnRequest request) {
    if (request != null) {
      forget(request);
    }
  }

  private void forget(TurnRequest request) {
    waiting.remove(request);
    if (request.equals(holder)) {
      holder = null;
      number = null;
      since = null;
    }
    show();
  }

  private void hold(TurnRequest next, @Nullable Long by) {
    holder = next;
    number = by;
    since = Instant.ofEpochMilli(Workflow.currentTimeMillis());
    show();
  }

  /** For the Web UI. */
  private void show() {
    Workflow.setCurrentDetails(LanePage.of(Workflow.getInfo().getWorkflowId(), state()));
  }

  @Override
  public LaneState state() {
    return new LaneState(holder, List.copyOf(waiting), number, List.copyOf(refused), since);
  }
}
