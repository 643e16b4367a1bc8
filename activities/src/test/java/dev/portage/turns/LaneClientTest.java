package dev.portage.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.lane.Grant;
import dev.portage.lane.GrantActivities;
import dev.portage.lane.Granting;
import dev.portage.lane.HolderLook;
import dev.portage.lane.LaneState;
import dev.portage.lane.LaneWorkflow;
import dev.portage.lane.LaneWorkflowImpl;
import dev.portage.lane.TurnActivities;
import dev.portage.lane.TurnRequest;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.Queues;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestActivityEnvironment;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who wants a turn, and how quickly they learn of the grant. */
@Timeout(60)
class LaneClientTest {

  /** Longer than the test: a caller who looks at a lane now gets no further news. */
  private static final Duration NEVER = Duration.ofHours(1);

  /** A promotion that answers no query. */
  private static final String BROKEN = "broken";

  private final TestWorkflowEnvironment temporal = InProcessTemporal.create();
  private final WorkflowClient client = temporal.getWorkflowClient();
  private final Queue<TestActivityEnvironment> activities = new ConcurrentLinkedQueue<>();
  private final Worker worker = temporal.newWorker(Queues.PORTAGE);
  private final Map<String, Grant> numbers = new ConcurrentHashMap<>();

  @AfterEach
  void stop() {
    activities.forEach(TestActivityEnvironment::close);
    temporal.close();
  }

  @Test
  void aGrantIsReportedTheMomentItIsGiven() {
    serve(LaneWorkflowImpl.class);
    TurnActivities turns = turns(NEVER);

    TurnRequest first = wanted("first");
    assertThat(turns.awaitGrant(first)).isEqualTo(new Grant(first, 1L));

    TurnRequest second = wanted("second");
    CompletableFuture<Grant> waiting =
        CompletableFuture.supplyAsync(() -> turns.awaitGrant(second));
    awaitWaiting(second);
    assertThat(waiting).isNotDone();
    new LaneClient(client).giveBack(first);

    assertThat(waiting.join()).isEqualTo(new Grant(second, 2L));
  }

  /** Temporal takes ten, and refusing the others costs it more than what they ask for. */
  @Test
  void ofACrowdOnlyThoseWhoseTurnIsNearWaitByAnUpdate() throws Exception {
    serve(LaneWorkflowImpl.class);
    LaneClient lane = new LaneClient(client, Duration.ofMillis(100));
    TurnRequest holder = wanted("first");
    lane.request(holder);
    awaitHolder(holder);
    List<TurnRequest> crowd =
        IntStream.range(0, PendingUpdates.AT_A_LANE + 3)
            .mapToObj(number -> wanted("crowd-" + number))
            .toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Grant>> waiting =
          crowd.stream()
              // One environment runs one activity at a time.
              .map(each -> threads.submit(() -> turns(lane, newActivities()).awaitGrant(each)))
              .toList();
      crowd.forEach(this::awaitWaiting);
      assertThat(updates(holder)).isLessThanOrEqualTo(PendingUpdates.AT_A_LANE);

      lane.giveBack(holder);
      for (int turn = 0; turn < crowd.size(); turn++) {
        TurnRequest next = awaitOtherHolder(holder);
        assertThat(waiting.get(crowd.indexOf(next)).get().request()).isEqualTo(next);
        lane.giveBack(next);
        holder = next;
      }
    }
  }

  @Test
  void theAttemptAfterALostWorkerWaitsForTheSameRequest() {
    serve(LaneWorkflowImpl.class);
    TurnActivities turns = turns(NEVER);
    TurnRequest first = wanted("first");
    turns.awaitGrant(first);

    assertThat(turns.awaitGrant(first)).isEqualTo(new Grant(first, 1L));
    assertThat(state(first).waiting()).isEmpty();
  }

  @Test
  void aWaiterThatCannotAnswerIsPassedOver() {
    serve(LaneWorkflowImpl.class);
    LaneClient lane = new LaneClient(client);
    TurnActivities turns = turns(NEVER);
    TurnRequest first = wanted("first");
    turns.awaitGrant(first);
    TurnRequest broken = wanted(BROKEN);
    lane.request(broken);
    awaitWaiting(broken);
    assertThat(lane.lookAtHolder(broken)).isEqualTo(HolderLook.done());

    TurnRequest second = wanted("second");
    CompletableFuture<Grant> waiting =
        CompletableFuture.supplyAsync(() -> turns.awaitGrant(second));
    awaitWaiting(second);
    lane.giveBack(first);

    assertThat(waiting.join()).isEqualTo(new Grant(second, 2L));
    assertThat(state(first).waiting()).isEmpty();
    lane.giveBack(second);
  }

  @Test
  void aHolderThatCannotAnswerKeepsTheTurn() {
    serve(EarlierLane.Impl.class);
    TurnRequest broken = wanted(BROKEN);
    LaneClient lane = new LaneClient(client);
    lane.request(broken);

    assertThat(lane.lookAtHolder(broken)).isEqualTo(HolderLook.wants());
  }

  @Test
  void aLaneThatDoesNotAnswerIsReadFromItsHistory() {
    serve(EarlierLane.Impl.class);

    TurnRequest first = wanted("first");
    assertThat(turns(Duration.ofMillis(50)).awaitGrant(first)).isEqualTo(new Grant(first, 7L));
  }

  private TurnActivities turns(Duration pause) {
    return turns(new LaneClient(client, pause), newActivities());
  }

  private static TurnActivities turns(LaneClient lanes, TestActivityEnvironment activities) {
    activities.registerActivitiesImplementations(lanes);
    return activities.newActivityStub(
        TurnActivities.class,
        ActivityOptions.newBuilder()
            .setStartToCloseTimeout(Duration.ofHours(1))
            .setHeartbeatTimeout(Duration.ofHours(1))
            .build());
  }

  private TestActivityEnvironment newActivities() {
    TestActivityEnvironment made =
        TestActivityEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.dataConverter())
                        .build())
                .build());
    activities.add(made);
    return made;
  }

  private void serve(Class<?> lane) {
    worker.registerWorkflowImplementationTypes(lane, Promotion.Impl.class);
    worker.registerActivitiesImplementations(new LaneClient(client));
    temporal
        .newWorker(Queues.of("prod"))
        .registerActivitiesImplementations(
            new Numbers(), new Granting(new Numbers(), new LaneClient(client), Instant::now));
    temporal.start();
  }

  /** A promotion that wants the turn. */
  private TurnRequest wanted(String name) {
    TurnRequest request =
        new TurnRequest("prod", "churn", "promotion/churn/" + name, "prod-1", "r");
    client
        .newUntypedWorkflowStub(
            "Promotion",
            WorkflowOptions.newBuilder()
                .setWorkflowId(request.holder())
                .setTaskQueue(Queues.PORTAGE)
                .build())
        .start(request);
    return request;
  }

  private void awaitWaiting(TurnRequest request) {
    while (!state(request).waiting().contains(request)) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private void awaitHolder(TurnRequest request) {
    while (!request.equals(state(request).holder())) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private TurnRequest awaitOtherHolder(TurnRequest before) {
    while (true) {
      TurnRequest holder = state(before).holder();
      if (holder != null && !holder.equals(before)) {
        return holder;
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  /** Updates that a lane has taken. */
  private long updates(TurnRequest request) {
    return client.fetchHistory(request.laneId()).getEvents().stream()
        .filter(HistoryEvent::hasWorkflowExecutionUpdateAcceptedEventAttributes)
        .count();
  }

  private LaneState state(TurnRequest request) {
    WorkflowStub lane = client.newUntypedWorkflowStub(request.laneId());
    return lane.query("state", LaneState.class);
  }

  /** Numbers of turns, kept here. */
  private final class Numbers implements GrantActivities {
    @Override
    public Optional<Grant> newestGrant(TurnRequest request) {
      return Optional.ofNullable(numbers.get(request.laneId()));
    }

    @Override
    public Grant nextGrant(TurnRequest request) {
      return Objects.requireNonNull(
          numbers.merge(
              request.laneId(),
              new Grant(request, 1L),
              (before, first) -> new Grant(request, before.number() + 1)));
    }
  }

  /** Wants a turn for as long as the test runs. */
  @WorkflowInterface
  public interface Promotion {
    /** Requests it. */
    @WorkflowMethod
    void run(TurnRequest request);

    /** What it requests. */
    @QueryMethod
    TurnRequest turnWanted();

    /** See {@link Promotion}. */
    final class Impl implements Promotion {
      private TurnRequest wanted = new TurnRequest("", "", "", "");

      @Override
      public void run(TurnRequest request) {
        wanted = request;
        Workflow.await(() -> false);
      }

      @Override
      public TurnRequest turnWanted() {
        if (wanted.holder().endsWith(BROKEN)) {
          throw new IllegalStateException("its history does not fit the code any more");
        }
        return wanted;
      }
    }
  }

  /** A lane of an older worker, which grants immediately. */
  @WorkflowInterface
  public interface EarlierLane {
    /** Runs. */
    @WorkflowMethod(name = "LaneWorkflow")
    void run(LaneState state);

    /** See {@link LaneWorkflow#request}. */
    @SignalMethod
    void request(TurnRequest request);

    /** See {@link LaneWorkflow#state}. */
    @QueryMethod
    LaneState state();

    /** See {@link EarlierLane}. */
    final class Impl implements EarlierLane {
      private LaneState state = LaneState.free();

      @Override
      public void run(LaneState free) {
        Workflow.await(() -> false);
      }

      @Override
      public void request(TurnRequest request) {
        state = new LaneState(request, List.of(), 7L, List.of(), null);
      }

      @Override
      public LaneState state() {
        return state;
      }
    }
  }
}
