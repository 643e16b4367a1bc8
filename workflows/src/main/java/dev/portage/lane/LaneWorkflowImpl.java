package dev.portage.lane;

import dev.portage.activity.Stubs;
import dev.portage.failure.Failures;
import dev.portage.lane.HolderLook.Standing;
import dev.portage.temporal.CurrentPage;
import dev.portage.temporal.Queues;
import dev.portage.temporal.TimedWait;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** See {@link LaneWorkflow}. */
public class LaneWorkflowImpl implements LaneWorkflow {

  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final Duration FIRST_LOOK = Duration.ofMinutes(1);
  private static final Duration LAST_LOOK = Duration.ofMinutes(10);

  /** Whoever waits for a rollback may terminate the holder to hurry it. */
  private static final Duration LOOK_FOR_A_ROLLBACK = Duration.ofSeconds(15);

  private static final Duration NUMBERING = Duration.ofMinutes(10);
  private static final int REFUSED_KEPT = 20;

  private final LaneQueue queue;
  private final Deque<TurnRefused> refused;
  private @Nullable TurnRequest holder;
  private @Nullable Long number;
  private @Nullable Instant since;
  private @Nullable Settling settling;
  private @Nullable String preemptedBy;
  private boolean knowsNewest;
  private boolean lookNow;

  /**
   * What was given back while a grant was being made: whoever was found to hold the turn then may
   * have given it back since.
   */
  private final Set<TurnRequest> returned = new HashSet<>();

  private final CurrentPage page = new CurrentPage(this::markdown);

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
    this.queue = new LaneQueue(state.waiting());
    this.since = state.since();
    this.refused = new ArrayDeque<>(Objects.requireNonNullElse(state.refused(), List.of()));
    this.settling = state.settling();
    this.preemptedBy = state.preemptedBy();
  }

  @Override
  public void run(@Nullable LaneState given) {
    CancellationScope lane = CancellationScope.current();
    // A lane ignores a cancel: its holder and waiters still exist.
    Workflow.newDetachedCancellationScope(
            () -> {
              page.keep();
              serve(lane);
            })
        .run();
    page.show();
    if (holder != null || settling != null || !queue.isEmpty()) {
      Workflow.newContinueAsNewStub(LaneWorkflow.class).run(state());
    }
  }

  /** Until nobody has or wants the turn, or the history is long enough to carry on in a new one. */
  private void serve(CancellationScope lane) {
    while (!isLong(lane)) {
      if (settling != null) {
        settle(settling, lane);
      } else if (holder == null && !grantNext(lane)) {
        return;
      } else {
        watchHolder(lane);
      }
    }
  }

  /**
   * Temporal closes a cancelled lane as soon as it continues as new, so such a lane stays in its
   * own history.
   */
  private static boolean isLong(CancellationScope lane) {
    return Workflow.getInfo().isContinueAsNewSuggested() && !lane.isCancelRequested();
  }

  /** Waits until nothing that the last holder began can arrive any more. */
  private void settle(Settling after, CancellationScope lane) {
    Duration left = Duration.between(now(), after.until());
    if (left.isPositive()) {
      await(
          left,
          "wait out what " + after.ended().holder() + " may still be writing",
          () -> isLong(lane));
    }
    if (!after.lastsAt(now())) {
      settling = null;
      page.changed();
    }
  }

  /** Gives the turn to the first who still wants it. False when nobody came, or it is long. */
  private boolean grantNext(CancellationScope lane) {
    while (holder == null && settling == null) {
      if (!await(IDLE, "end if nobody wants the turn", () -> !queue.isEmpty())) {
        return false;
      }
      grantTo(queue.first());
      if (isLong(lane)) {
        return holder != null;
      }
    }
    return true;
  }

  private void grantTo(TurnRequest next) {
    GrantAnswer answer;
    returned.clear();
    try {
      answer =
          Stubs.quick(
                  GrantingActivities.class,
                  Queues.of(next.workspace()),
                  NUMBERING,
                  "the next turn, for " + next.holder())
              .grantTurn(new GrantOrder(next, knowsNewest));
    } catch (ActivityFailure failure) {
      refuse(next, failure);
      return;
    }
    Grant held = answer.held();
    Grant granted = answer.granted();
    knowsNewest |= held != null || granted != null || answer.settling() != null;
    if (held != null) {
      // From a lost lane: nothing may run alongside what its holder does.
      if (!returned.contains(held.request())) {
        hold(held.request(), held.number());
      }
    } else if (answer.settling() != null) {
      settling = answer.settling();
      page.changed();
    } else if (granted == null) {
      forget(next);
    } else if (queue.remove(next)) {
      hold(next, granted.number());
    }
  }

  private void refuse(TurnRequest next, ActivityFailure failure) {
    queue.remove(next);
    refused.addLast(
        new TurnRefused(
            next,
            Failures.problemOf(
                failure, "number the turn of " + next.model(), "workspace " + next.workspace())));
    if (refused.size() > REFUSED_KEPT) {
      refused.removeFirst();
    }
    page.changed();
  }

  /** Waits until the turn is given back. A terminated holder runs no code, so it is checked. */
  private void watchHolder(CancellationScope lane) {
    Duration pause = FIRST_LOOK;
    TurnRequest watched = holder;
    while (watched != null && watched.equals(holder)) {
      preempt(watched);
      boolean came =
          await(
              queue.rollback() == null ? pause : LOOK_FOR_A_ROLLBACK,
              "check that the holder still wants the turn",
              () -> !watched.equals(holder) || lookNow || isToPreempt(watched) || isLong(lane));
      if (came && (!watched.equals(holder) || isLong(lane))) {
        return;
      }
      if (isToPreempt(watched)) {
        continue;
      }
      lookNow = false;
      release(watched, turns.lookAtHolder(watched));
      pause = pause.multipliedBy(2).compareTo(LAST_LOOK) > 0 ? LAST_LOOK : pause.multipliedBy(2);
    }
  }

  /** Takes the turn from a holder that no longer has it, and waits out what it left under way. */
  private void release(TurnRequest watched, HolderLook look) {
    if (look.wanted() || !watched.equals(holder)) {
      return;
    }
    Instant endedAt = look.endedAt();
    if (look.standing() == Standing.ENDED && endedAt != null) {
      Settling after = Settling.after(watched, endedAt);
      settling = after.lastsAt(now()) ? after : null;
    }
    forget(watched);
  }

  private boolean isToPreempt(TurnRequest watched) {
    return queue.rollback() != null && !watched.isRollback() && preemptedBy == null;
  }

  /**
   * Tells the holder that a rollback waits. Told once: a holder past its point of no return ends.
   */
  private void preempt(TurnRequest watched) {
    TurnRequest rollback = queue.rollback();
    if (rollback == null || !isToPreempt(watched)) {
      return;
    }
    preemptedBy = rollback.holder();
    page.changed();
    try {
      Workflow.newUntypedExternalWorkflowStub(watched.holder())
          .signal(Preempt.SIGNAL, new Preempt(watched, rollback.holder()));
    } catch (ApplicationFailure failure) {
      // It has ended, or accepts no more signals: it is looked at, and finishes on its own.
      lookNow = true;
    }
  }

  /**
   * Waits for a condition; returns whether it holds. It may become true at the very moment the time
   * runs out, for instance after a pause of the worker, so it is checked again.
   */
  private static boolean await(Duration longest, String summary, Supplier<Boolean> condition) {
    return condition.get() || TimedWait.await(longest, summary, condition);
  }

  /**
   * Whether a message is for this lane. Temporal hands over null where one came without a payload.
   */
  private static boolean takes(@Nullable TurnRequest request) {
    return request != null && request.isFor(Workflow.getInfo().getWorkflowId());
  }

  @Override
  public void request(@Nullable TurnRequest request) {
    if (request != null && takes(request)) {
      enqueue(request);
    }
  }

  private void enqueue(TurnRequest request) {
    queue.dropEarlierOf(request);
    lookNow |=
        holder != null && holder.holder().equals(request.holder()) && !holder.equals(request);
    if (!request.equals(holder)) {
      queue.add(request);
    }
    page.changed();
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
    return request.equals(holder) ? number != null : !queue.contains(request);
  }

  @Override
  public void giveBack(@Nullable TurnRequest request) {
    if (request != null && takes(request)) {
      returned.add(request);
      forget(request);
    }
  }

  private void forget(TurnRequest request) {
    queue.remove(request);
    if (request.equals(holder)) {
      holder = null;
      number = null;
      since = null;
      preemptedBy = null;
    }
    page.changed();
  }

  private void hold(TurnRequest next, Long by) {
    holder = next;
    number = by;
    since = now();
    page.changed();
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }

  /** For the Web UI. */
  private String markdown() {
    return LanePage.of(Workflow.getInfo().getWorkflowId(), current());
  }

  @Override
  public LaneState state() {
    return current();
  }

  private LaneState current() {
    return new LaneState(
        holder, queue.list(), number, List.copyOf(refused), since, settling, preemptedBy);
  }
}
