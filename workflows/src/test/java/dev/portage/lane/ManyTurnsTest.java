package dev.portage.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.temporal.Queues;
import dev.portage.temporal.TestTemporal;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.history.v1.History;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Thousands of turns of one model: through many runs of its lane, a terminated lane and a cancel,
 * never two at once, and each grant has the number after the one before.
 */
@Isolated("it keeps both cores busy")
@Timeout(120)
class ManyTurnsTest {

  private static final String LANE = "lane/prod/m";
  private static final int PROMOTIONS = 8;
  private static final int TURNS_EACH = 250;
  private static final int TURNS = PROMOTIONS * TURNS_EACH;

  /** A lane that continues as new, or is terminated, answers nobody who waits at it. */
  private static final Duration ANSWER = Duration.ofMillis(500);

  /** Events of a turn: a lane that needs more of them continues as new the more often. */
  private static final int EVENTS_EACH = 20;

  // Nothing here may wait for a timer: time is not skipped.
  @AutoClose private final TestWorkflowEnvironment environment = TestTemporal.inRealTime();
  private final WorkflowClient client = environment.getWorkflowClient();

  private final AtomicReference<@Nullable Grant> newest = new AtomicReference<>();
  private final Set<String> runs = new LinkedHashSet<>();
  private final Set<TurnRequest> wanted = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable TurnRequest> atWork = new AtomicReference<>();
  private final List<Long> granted = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();

  @Test
  void aLaneServesThousandsOfTurnsThroughRunsATerminationAndACancel() throws Exception {
    serve();
    List<Future<Void>> all = new ArrayList<>();
    String cancelled;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < PROMOTIONS; i++) {
        String holder = "promotion/m/" + i;
        all.add(threads.submit(() -> takeTurns(holder)));
      }
      awaitGranted(TURNS / 3);
      client.newUntypedWorkflowStub(LANE).terminate("by mistake");
      awaitGranted(TURNS * 2 / 3);
      WorkflowStub lane = client.newUntypedWorkflowStub(LANE);
      lane.cancel();
      cancelled = lane.describe().getExecution().getRunId();
      for (Future<Void> one : all) {
        one.get();
      }
    }

    assertThat(faults).isEmpty();
    assertThat(granted).hasSize(TURNS).doesNotHaveDuplicates().isSorted();
    assertThat(runs).as("runs of the lane").hasSizeGreaterThan(4);
    assertThat(runs.stream().reduce((a, b) -> b))
        .as("a cancelled lane stays in its own history")
        .contains(cancelled);
    int events = 0;
    for (String run : runs) {
      History history = history(run);
      events += history.getEventsCount();
      WorkflowReplayer.replayWorkflowExecution(
          new WorkflowExecutionHistory(history, LANE), LaneWorkflowImpl.class);
    }
    assertThat(events / TURNS).as("events of a turn").isLessThanOrEqualTo(EVENTS_EACH);
  }

  /** Without a termination, which is no event of the workflow's own and can't be replayed. */
  private History history(String run) {
    History history = client.fetchHistory(LANE, run).getHistory();
    int last = history.getEventsCount() - 1;
    return history.getEvents(last).hasWorkflowExecutionTerminatedEventAttributes()
        ? history.toBuilder().removeEvents(last).build()
        : history;
  }

  private Void takeTurns(String holder) throws InterruptedException {
    for (int turn = 1; turn <= TURNS_EACH; turn++) {
      TurnRequest request = new TurnRequest("prod", "m", holder, "prod-" + turn, "run");
      wanted.add(request);
      Grant grant = grant(request);
      TurnRequest other = atWork.getAndSet(request);
      if (other != null || !grant.equals(newest.get()) || !grant.request().equals(request)) {
        faults.add(request + " got " + grant + " beside " + other + ", newest " + newest);
      }
      synchronized (granted) {
        granted.add(grant.number());
        granted.notifyAll();
      }
      atWork.set(null);
      wanted.remove(request);
      giveBack(request);
    }
    return null;
  }

  private void awaitGranted(int turns) throws InterruptedException {
    synchronized (granted) {
      while (granted.size() < turns) {
        granted.wait();
      }
    }
  }

  /** As promotions do: by an Update, and where none is answered, by what the lane says. */
  private Grant grant(TurnRequest request) throws InterruptedException {
    while (true) {
      Optional<Grant> answer = inTime(() -> ask(request)).flatMap(granting -> granting);
      if (answer.isPresent()) {
        return answer.get();
      }
      Optional<Grant> seen = inTime(this::state).flatMap(lane -> grantIn(lane, request));
      if (seen.isPresent()) {
        return seen.get();
      }
    }
  }

  private static Optional<Grant> grantIn(LaneState lane, TurnRequest request) {
    Long number = lane.number();
    return request.equals(lane.holder()) && number != null
        ? Optional.of(new Grant(request, number))
        : Optional.empty();
  }

  private static <T> Optional<T> inTime(Callable<T> call) throws InterruptedException {
    FutureTask<T> answer = new FutureTask<>(call);
    Thread.ofVirtual().start(answer);
    try {
      return Optional.of(answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException none) {
      return Optional.empty();
    } finally {
      answer.cancel(true);
    }
  }

  private Optional<Grant> ask(TurnRequest request) {
    LaneWorkflow lane =
        client.newWorkflowStub(
            LaneWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(LANE)
                .setTaskQueue(Queues.PORTAGE)
                .setWorkflowIdConflictPolicy(
                    WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .build());
    return WorkflowClient.executeUpdateWithStart(
        lane::grant,
        request,
        UpdateOptions.<Optional<Grant>>newBuilder().build(),
        new WithStartWorkflowOperation<>(lane::run, LaneState.free()));
  }

  /** Of a lane that runs; a closed one says what was true then. */
  private LaneState state() {
    return lane().getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
        ? client.newWorkflowStub(LaneWorkflow.class, LANE).state()
        : LaneState.free();
  }

  private WorkflowExecutionDescription lane() {
    return client.newUntypedWorkflowStub(LANE).describe();
  }

  private void giveBack(TurnRequest request) {
    try {
      client.newWorkflowStub(LaneWorkflow.class, LANE).giveBack(request);
    } catch (WorkflowNotFoundException ended) {
      // It holds nothing.
    }
  }

  private void serve() {
    Worker shared = environment.newWorker(Queues.PORTAGE);
    shared.registerWorkflowImplementationTypes(LaneWorkflowImpl.class);
    TurnActivities holders = new Holders();
    shared.registerActivitiesImplementations(holders);
    environment
        .newWorker(Queues.of("prod"))
        .registerActivitiesImplementations(new Granting(new Numbers(), holders, Instant::now));
    environment.start();
  }

  private final class Holders implements TurnActivities {
    @Override
    public Grant awaitGrant(TurnRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void giveBack(TurnRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HolderLook lookAtHolder(TurnRequest request) {
      return wanted.contains(request) ? HolderLook.wants() : HolderLook.done();
    }
  }

  private final class Numbers implements GrantActivities {
    @Override
    public Optional<Grant> newestGrant(TurnRequest request) {
      return Optional.ofNullable(newest.get());
    }

    @Override
    public synchronized Grant nextGrant(TurnRequest request) {
      Grant before = newest.get();
      if (before != null && before.request().equals(request)) {
        return before;
      }
      try {
        runs.add(lane().getExecution().getRunId());
      } catch (StatusRuntimeException none) {
        faults.add("no lane: " + none);
      }
      Grant next = new Grant(request, before == null ? 1 : before.number() + 1);
      newest.set(next);
      return next;
    }
  }
}
