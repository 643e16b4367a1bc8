package dev.portage.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.temporal.OutgoingSignals;
import dev.portage.temporal.Queues;
import dev.portage.temporal.TestTemporal;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.BatchRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor.SignalExternalInput;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor.SignalExternalOutput;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * The lane of a model, those who request its turn, and where its grants are numbered. What tests of
 * lanes have in common.
 */
abstract class LaneScene {

  /**
   * How long workflow code may take that does more here than it does elsewhere, in milliseconds.
   */
  private static final long PATIENCE = 30_000;

  /** Holds a turn until the test ends it. */
  @WorkflowInterface
  public interface HolderWorkflow {
    /** Runs until {@link #end}. */
    @WorkflowMethod
    String hold();

    /** A rollback waits. */
    @SignalMethod(name = Preempt.SIGNAL)
    void preempt(Preempt message);

    /** What the lane told it. */
    @QueryMethod
    List<Preempt> told();

    /** Ends it. */
    @SignalMethod
    void end();
  }

  /** See {@link HolderWorkflow}. */
  public static class HolderWorkflowImpl implements HolderWorkflow {
    private final List<Preempt> told = new ArrayList<>();
    private boolean ended;

    @Override
    public String hold() {
      Workflow.await(() -> ended);
      return "held";
    }

    @Override
    public void preempt(Preempt message) {
      told.add(message);
    }

    @Override
    public List<Preempt> told() {
      return told;
    }

    @Override
    public void end() {
      ended = true;
    }
  }

  final TestWorkflowEnvironment environment = TestTemporal.skippingTime();
  final WorkflowClient client = environment.getWorkflowClient();
  final Map<String, Instant> dead = new ConcurrentHashMap<>();
  final Map<String, Grant> newest = new ConcurrentHashMap<>();
  volatile @Nullable String signalsFailBy;
  volatile @Nullable RuntimeException numbersFailBy;

  /** Happens while somebody is looked at, before the answer is on its way. */
  volatile Consumer<TurnRequest> whileLookedAt = request -> {};

  /** Happens while a lane ends, before the server knows of it; once. */
  private final AtomicReference<@Nullable Runnable> whileItEnds = new AtomicReference<>();

  private final WorkerFactory worker = startWorker();

  /** The moment in which a lane ends. */
  private final class LastMoment extends WorkerInterceptorBase {
    @Override
    public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
      return new WorkflowInboundCallsInterceptorBase(next) {
        @Override
        public WorkflowOutput execute(WorkflowInput input) {
          WorkflowOutput output = super.execute(input);
          Runnable then =
              Workflow.getInfo().getWorkflowType().equals("LaneWorkflow")
                  ? whileItEnds.getAndSet(null)
                  : null;
          if (then != null) {
            // Not on the thread of a workflow, on which a client refuses to work.
            CompletableFuture.runAsync(then).join();
          }
          return output;
        }
      };
    }
  }

  private SignalExternalOutput signalled(
      SignalExternalInput signal, Function<SignalExternalInput, SignalExternalOutput> send) {
    String cause = signalsFailBy;
    return cause == null ? send.apply(signal) : OutgoingSignals.failed(cause);
  }

  /** Happens while the lane ends, before the server knows of it. */
  void whileItEnds(Runnable then) {
    whileItEnds.set(then);
  }

  private final class Turns implements TurnActivities {
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
      whileLookedAt.accept(request);
      Instant ended = dead.get(request.holder());
      ended = ended == null ? dead.get(String.valueOf(request.run())) : ended;
      return ended == null ? HolderLook.wants() : HolderLook.ended(ended);
    }
  }

  private final class Numbers implements GrantActivities {
    @Override
    public Optional<Grant> newestGrant(TurnRequest request) {
      RuntimeException failure = numbersFailBy;
      if (failure != null) {
        throw failure;
      }
      return Optional.ofNullable(newest.get(request.laneId()));
    }

    @Override
    public Grant nextGrant(TurnRequest request) {
      Long number = newestGrant(request).map(Grant::number).orElse(0L) + 1;
      Grant grant = new Grant(request, number);
      newest.put(request.laneId(), grant);
      return grant;
    }
  }

  private WorkerFactory startWorker() {
    WorkerFactory factory =
        WorkerFactory.newInstance(
            client,
            WorkerFactoryOptions.newBuilder()
                .setWorkerInterceptors(new LastMoment(), new OutgoingSignals(this::signalled))
                // Each task replays the history so far.
                .setWorkflowCacheSize(0)
                .build());
    Worker shared =
        factory.newWorker(
            Queues.PORTAGE,
            WorkerOptions.newBuilder().setDefaultDeadlockDetectionTimeout(PATIENCE).build());
    shared.registerWorkflowImplementationTypes(LaneWorkflowImpl.class, HolderWorkflowImpl.class);
    shared.registerActivitiesImplementations(new Turns());
    Numbers numbers = new Numbers();
    factory
        .newWorker(Queues.of("prod"))
        .registerActivitiesImplementations(numbers, new Granting(numbers, new Turns(), this::now));
    factory.start();
    return factory;
  }

  @AfterEach
  void stop() {
    worker.shutdownNow();
    environment.close();
  }

  void dies(String holderOrRun) {
    dead.put(holderOrRun, now());
  }

  Instant now() {
    return Instant.ofEpochMilli(environment.currentTimeMillis());
  }

  void awaitSettling(TurnRequest after) {
    for (int i = 0; i < 90 && state().settling() == null; i++) {
      environment.sleep(Duration.ofSeconds(1));
    }
    assertThat(state().settling()).extracting(Settling::ended).isEqualTo(after);
  }

  void start(LaneState state) {
    LaneWorkflow lane =
        client.newWorkflowStub(LaneWorkflow.class, TestTemporal.withId("lane/prod/m"));
    WorkflowClient.start(lane::run, state);
  }

  static TurnRequest request(String holder, String run) {
    return new TurnRequest("prod", "m", holder, "prod-1", run);
  }

  TurnRequest ask(String holder) {
    HolderWorkflow stub =
        client.newWorkflowStub(
            HolderWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(holder)
                .setTaskQueue(Queues.PORTAGE)
                .setWorkflowIdConflictPolicy(
                    WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .build());
    WorkflowClient.start(stub::hold);
    return ask(new TurnRequest("prod", "m", holder, "prod-1"));
  }

  TurnRequest ask(TurnRequest request) {
    send(request);
    environment.sleep(Duration.ofSeconds(1));
    return request;
  }

  /** As those do for whose Updates there is no room. */
  void send(TurnRequest request) {
    LaneWorkflow lane =
        client.newWorkflowStub(LaneWorkflow.class, TestTemporal.withId(request.laneId()));
    BatchRequest both = client.newSignalWithStartRequest();
    both.add(lane::run, LaneState.free());
    both.add(lane::request, request);
    client.signalWithStart(both);
  }

  /** The lane and the holders run on their own threads, so time is skipped in small steps. */
  void awaitHolder(TurnRequest expected) {
    for (int i = 0; i < 90 && !expected.equals(holder()); i++) {
      environment.sleep(Duration.ofSeconds(1));
    }
    assertThat(holder()).isEqualTo(expected);
  }

  @Nullable TurnRequest holder() {
    return state().holder();
  }

  LaneState state() {
    return lane().state();
  }

  LaneWorkflow lane() {
    return client.newWorkflowStub(LaneWorkflow.class, "lane/prod/m");
  }
}
