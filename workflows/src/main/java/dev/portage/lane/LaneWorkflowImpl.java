package dev.portage.lane;

import dev.portage.activity.Stubs;
import dev.portage.failure.Failures;
import dev.portage.temporal.Changes;
import dev.portage.temporal.Queues;
import dev.portage.temporal.TimedWait;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
  private boolean numbered;
  private boolean takesItsOwn;
  private int asked;
  private int strangers;

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
      if (isNumbered()) {
        grantByNumber(waiting.getFirst());
      } else {
        grantBySignal(waiting.removeFirst());
      }
      if (isLong(lane)) {
        return holder != null;
      }
    }
    return true;
  }

  private void grantByNumber(TurnRequest next) {
    try {
      if (Changes.made(Changes.LANES_GRANT_IN_ONE_ACTIVITY)) {
        grantAtOnce(next);
        return;
      }
      Promise<Boolean> wants = null;
      if (!knowsNewest) {
        boolean wantedFirst = Changes.made(Changes.LANES_ASK_WHO_WANTS_FIRST);
        if (wantedFirst || Changes.made(Changes.LANE_ASKS_TOGETHER)) {
          wants = Async.function(turns::stillWants, next);
        }
        Promised<Optional<Grant>> asked = newestGrant(next);
        if (wantedFirst && wants != null && !wants.get()) {
          // The registry may be away for long, and others wait.
          asked.giveUp();
          forget(next);
          return;
        }
        Optional<Grant> newest = asked.answer().get();
        knowsNewest = true;
        if (newest.isPresent() && isHeld(newest.get(), next)) {
          // From a lane that was lost: nothing must run alongside its holder.
          hold(newest.get().request(), newest.get().number());
          return;
        }
      }
      if (!(wants == null ? turns.stillWants(next) : wants.get())) {
        forget(next);
        return;
      }
      granted(grants(next, "the next turn, for " + next.holder()).nextGrant(next));
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
      granted(granted);
    } else {
      forget(next);
    }
  }

  private void granted(Grant grant) {
    TurnRequest next = grant.request();
    if (waiting.remove(next)) {
      hold(next, grant.number());
      notifyHolder(next);
    }
  }

  private static Promised<Optional<Grant>> newestGrant(TurnRequest next) {
    List<Promise<Optional<Grant>>> asked = new ArrayList<>(1);
    CancellationScope scope =
        Workflow.newCancellationScope(
            () -> asked.add(Async.function(grants(next, "the newest turn")::newestGrant, next)));
    scope.run();
    return new Promised<>(scope, asked.getFirst());
  }

  /** A response that may be abandoned. */
  private record Promised<T>(CancellationScope scope, Promise<T> answer) {
    void giveUp() {
      // Someone has to look at how it fails.
      answer.handle((_, _) -> false);
      scope.cancel();
    }
  }

  private boolean isHeld(Grant newest, TurnRequest next) {
    return !newest.request().equals(next) && turns.stillWants(newest.request());
  }

  /**
   * A promotion that started before turns had numbers waits for this signal; the others look here.
   */
  private void notifyHolder(TurnRequest next) {
    if (next.run() != null) {
      return;
    }
    try {
      signal(next);
    } catch (ApplicationFailure failure) {
      // A workflow accepts a limited number of signals. One that reached the limit still runs, and
      // queries here.
      if (isGone(failure)) {
        forget(next);
      }
    }
  }

  private void grantBySignal(TurnRequest next) {
    hold(next, null);
    try {
      signal(next);
    } catch (ApplicationFailure failure) {
      if (isGone(failure) || !isNumbered()) {
        forget(next);
      }
    }
  }

  private static void signal(TurnRequest next) {
    Workflow.newUntypedExternalWorkflowStub(next.holder())
        .signal(TurnGrant.SIGNAL, new TurnGrant(next.turn()));
  }

  /**
   * The requester has ended in the meantime. SDK 1.38 shows the cause in the type of this failure;
   * its message always says NOT_FOUND.
   */
  private static boolean isGone(ApplicationFailure failure) {
    return failure.getType().endsWith("NOT_FOUND");
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
      if (!isThere(watched)) {
        forget(watched);
      }
      pause = pause.multipliedBy(2).compareTo(LAST_LOOK) > 0 ? LAST_LOOK : pause.multipliedBy(2);
    }
  }

  private boolean isThere(TurnRequest watched) {
    if (!isNumbered()) {
      return turns.isAlive(watched.holder());
    }
    if (!turns.stillWants(watched)) {
      return false;
    }
    if (number == null && watched.equals(holder)) {
      // Granted by a worker from before turns had numbers.
      try {
        Grant grant = grants(watched, "the turn of " + watched.holder()).nextGrant(watched);
        number = watched.equals(holder) ? grant.number() : number;
      } catch (ActivityFailure failure) {
        // It is read again; until then the turn has no number but is still held.
      }
    }
    return true;
  }

  /**
   * Waits for a condition; returns whether it holds. It may become true at the very moment the time
   * runs out, for instance after a pause of the worker, so it is checked again.
   */
  private boolean await(Duration longest, String summary, Supplier<Boolean> condition) {
    if (Changes.made(Changes.LANES_LEAVE_NO_TIMERS)) {
      return condition.get() || TimedWait.await(longest, summary, condition);
    }
    return Workflow.await(longest, condition) || (condition.get() && isNumbered());
  }

  /** An older lane grants by number from the point where this code takes it over. */
  private boolean isNumbered() {
    if (!numbered) {
      asked++;
      numbered = Changes.made(Changes.TURNS_HAVE_NUMBERS + "/" + asked);
    }
    return numbered;
  }

  private static GrantActivities grants(TurnRequest request, String summary) {
    return Stubs.quick(GrantActivities.class, Queues.of(request.workspace()), NUMBERING, summary);
  }

  /**
   * Whether a message is for this lane. Temporal hands over null where one came without a payload;
   * no run could ever get beyond such a message, so that changes no run's way.
   */
  private boolean takes(@Nullable TurnRequest request) {
    if (request == null) {
      return false;
    }
    if (request.isFor(Workflow.getInfo().getWorkflowId())) {
      return true;
    }
    if (!takesItsOwn) {
      strangers++;
      takesItsOwn = Changes.made(Changes.LANES_TAKE_THEIR_OWN + "/" + strangers);
    }
    return !takesItsOwn;
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
