package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.activity.LongQueue;
import dev.portage.adopt.AdoptWorkflowImpl;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.duplicates.DuplicateRemoval;
import dev.portage.freeze.FrozenWorkflowImpl;
import dev.portage.gate.Ancestry;
import dev.portage.hello.HelloWorkflowImpl;
import dev.portage.history.HistoryWorkflowImpl;
import dev.portage.job.Source;
import dev.portage.lane.Granting;
import dev.portage.lane.LaneState;
import dev.portage.lane.LaneWorkflow;
import dev.portage.lane.LaneWorkflowImpl;
import dev.portage.live.LiveActivities;
import dev.portage.livewatch.LiveWatchWorkflowImpl;
import dev.portage.notice.NoticeWorkflowImpl;
import dev.portage.order.OrderWorkflowImpl;
import dev.portage.preflight.Finding;
import dev.portage.preflight.KnownWorkspaces;
import dev.portage.preflight.LiveNow;
import dev.portage.preflight.PlatformActivities;
import dev.portage.preflight.PreflightWorkflowImpl;
import dev.portage.preflight.QueueActivities;
import dev.portage.preflight.WorkspaceActivities;
import dev.portage.preflight.WorkspaceReport;
import dev.portage.release.FinishWorkflowImpl;
import dev.portage.release.FollowingUp;
import dev.portage.rollback.RollbackWorkflowImpl;
import dev.portage.temporal.Pollers;
import dev.portage.temporal.PromotionAttributes;
import dev.portage.temporal.Queues;
import dev.portage.temporal.TestTemporal;
import dev.portage.underway.UnderwayWorkflowImpl;
import dev.portage.versioncopy.CopyWorkflowImpl;
import io.grpc.ClientInterceptor;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.sdk.v1.WorkflowMetadata;
import io.temporal.api.testservice.v1.TestServiceGrpc;
import io.temporal.api.testservice.v1.UnlockTimeSkippingRequest;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowTargetOptions;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.converter.DataConverterException;
import io.temporal.failure.ApplicationFailure;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.worker.WorkflowImplementationOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The workflows on a Temporal test server with time skipping, with a {@link FakeWorld}. */
final class PromotionEngine implements AutoCloseable {

  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final String OTHER_COMMIT = "fedcba9876543210fedcba9876543210fedcba98";

  /** On a busy machine a thread may get no turn for seconds, and has not hung for that. */
  private static final Duration WITHOUT_YIELDING = Duration.ofSeconds(30);

  private static final WorkerOptions BEATING =
      WorkerOptions.newBuilder()
          .setMaxHeartbeatThrottleInterval(Duration.ofMillis(100))
          .setDefaultDeadlockDetectionTimeout(WITHOUT_YIELDING.toMillis())
          .build();

  private static final WorkerOptions ONE_AT_A_TIME =
      WorkerOptions.newBuilder(BEATING).setMaxConcurrentActivityTaskPollers(1).build();

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  final FakeWorld world = new FakeWorld();
  final FakeAdoption adoption = new FakeAdoption(world);

  /** A preflight's findings in a workspace; none by default. */
  final Map<String, List<Finding>> findings = new ConcurrentHashMap<>();

  final TestWorkflowEnvironment environment;

  final FakeRollbacks rollbacks;

  final HeldUp heldUp;

  PromotionEngine() {
    this(List.of());
  }

  /**
   * With live things of its own.
   *
   * @param promotion implementation that has them
   * @param live reads them
   * @param more further activities of each workspace
   */
  PromotionEngine(
      Class<? extends PromotionWorkflow> promotion,
      Function<FakeWorld, LiveActivities> live,
      Object more) {
    this(List.of(), promotion, live, more);
  }

  /**
   * With an interceptor on the connection to the server.
   *
   * @param line sees, and may hold back, whatever passes
   */
  PromotionEngine(List<ClientInterceptor> line) {
    this(
        line,
        PromotionWorkflowImpl.class,
        world -> new FakeLive(world.registry, world.jobs, world.releases, world.endpoints),
        new Object[0]);
  }

  private PromotionEngine(
      List<ClientInterceptor> line,
      Class<? extends PromotionWorkflow> promotion,
      Function<FakeWorld, LiveActivities> live,
      Object... more) {
    TestEnvironmentOptions.Builder options =
        TestEnvironmentOptions.newBuilder().setWorkflowClientOptions(TestTemporal.clientOptions());
    options.setWorkerFactoryOptions(
        WorkerFactoryOptions.newBuilder()
            .setWorkerInterceptors(new NewestTurnOnly(world.grants))
            .build());
    options.setWorkflowServiceStubsOptions(
        WorkflowServiceStubsOptions.newBuilder().setGrpcClientInterceptors(line).build());
    for (String attribute : PromotionAttributes.names()) {
      options.registerSearchAttribute(attribute, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
    }
    environment = TestWorkflowEnvironment.newInstance(options.build());
    Worker workflows = environment.newWorker(Queues.PORTAGE, BEATING);
    workflows.registerWorkflowImplementationTypes(
        WorkflowImplementationOptions.newBuilder()
            .setFailWorkflowExceptionTypes(DataConverterException.class)
            .build(),
        promotion,
        LaneWorkflowImpl.class,
        UnderwayWorkflowImpl.class,
        FrozenWorkflowImpl.class,
        CopyWorkflowImpl.class,
        AdoptWorkflowImpl.class,
        PreflightWorkflowImpl.class,
        FinishWorkflowImpl.class,
        NoticeWorkflowImpl.class,
        RollbackWorkflowImpl.class,
        LiveWatchWorkflowImpl.class,
        HistoryWorkflowImpl.class,
        OrderWorkflowImpl.class,
        HelloWorkflowImpl.class);
    PlatformActivities platform = KnownWorkspaces.of("dev", "prod");
    QueueActivities queues = queue -> Pollers.NONE;
    Lanes lanes = new Lanes(environment.getWorkflowClient(), world);
    rollbacks = new FakeRollbacks(environment.getWorkflowClient());
    heldUp = new HeldUp(environment.getWorkflowClient());
    workflows.registerActivitiesImplementations(
        world,
        platform,
        queues,
        lanes,
        adoption,
        rollbacks,
        new Underway(environment.getWorkflowClient()),
        heldUp);
    environment.newWorker(Queues.TURNS, BEATING).registerActivitiesImplementations(lanes);
    environment.newWorker(Queues.NOTICES, BEATING).registerActivitiesImplementations(world);
    for (String workspace : List.of("dev", "qa", "prod")) {
      WorkspaceActivities inspection =
          needs ->
              new WorkspaceReport(
                  workspace,
                  "id of " + workspace,
                  findings.getOrDefault(workspace, List.of()),
                  needs.ahead() == null ? null : new LiveNow(null, null, false, null, null));
      Worker worker = environment.newWorker(Queues.of(workspace), BEATING);
      worker.registerActivitiesImplementations(
          world,
          world.registry,
          world.jobs,
          world.endpoints,
          world.scoring,
          world.copies,
          world.releases,
          world.grants,
          adoption,
          world.clearance,
          live.apply(world),
          new FollowingUp(world.registry, world.releases),
          new Granting(
              world.grants, lanes, () -> Instant.ofEpochMilli(environment.currentTimeMillis())),
          new DuplicateRemoval(world.copies, world.registry, world.jobs, world.endpoints),
          rollbacks,
          inspection);
      worker.registerActivitiesImplementations(more);
      for (LongQueue queue : LongQueue.values()) {
        environment
            .newWorker(queue.of(Queues.of(workspace)), ONE_AT_A_TIME)
            .registerActivitiesImplementations(
                world, world.registry, world.jobs, world.endpoints, world.scoring, world.copies);
      }
    }
    environment.start();
  }

  WorkflowStub start() {
    return start(start(List.of(), null));
  }

  /** A promotion of another commit. */
  WorkflowStub start(String commit) {
    PromotionStart first = start(List.of(), null);
    Source source = Objects.requireNonNull(first.source());
    return start(
        PromotionStart.of(first.model(), commit.substring(0, 12))
            .file(first.fileName(), first.fileText(), first.fileHash())
            .commit(commit)
            .source(new Source(source.gitUrl(), source.gitProvider(), commit, source.folder()))
            .startedBy(first.startedBy())
            .committer(first.committer())
            .build());
  }

  WorkflowStub start(PromotionStart start) {
    return start(start, Duration.ofSeconds(10));
  }

  /**
   * The same.
   *
   * @param taskTimeout after which a silent worker counts as dead; no time is skipped meanwhile
   */
  WorkflowStub start(PromotionStart start, Duration taskTimeout) {
    WorkflowStub stub =
        environment
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                "PromotionWorkflow",
                WorkflowOptions.newBuilder()
                    .setWorkflowId(start.workflowId())
                    .setTaskQueue(Queues.PORTAGE)
                    .setWorkflowTaskTimeout(taskTimeout)
                    .build());
    stub.start(start);
    return stub;
  }

  /** Another workflow, which has not started yet. */
  WorkflowStub workflow(String type, String id) {
    return environment.getWorkflowClient().newUntypedWorkflowStub(type, TestTemporal.withId(id));
  }

  /** The workflow of an id, which has started. */
  WorkflowStub workflow(String id) {
    return environment.getWorkflowClient().newUntypedWorkflowStub(id);
  }

  static PromotionStart start(List<Ancestry> ancestry, @Nullable String version) {
    return PromotionStart.of("diabetes", version == null ? COMMIT.substring(0, 12) : "v" + version)
        .file("promotion.yaml", "model: diabetes", "f".repeat(64))
        .commit(version == null ? COMMIT : null)
        .source(
            new Source(
                "https://dev.azure.com/example/ml/_git/diabetes",
                "azureDevOpsServices",
                COMMIT,
                ""))
        .version(version)
        .startedBy("sam@example.com")
        .committer("kim@example.com")
        .ancestry(ancestry)
        .build();
  }

  /** A wanted repeat of that promotion. */
  static PromotionStart again(PromotionStart first) {
    return first.toBuilder().key(first.key() + "/2").reason("wanted").authorship(null).build();
  }

  /** Times out after a minute. */
  void untilHistoryHas(WorkflowStub promotion, EventType wanted) {
    Instant end = Instant.now().plus(LONGEST_WAIT);
    while (history(promotion).getEvents().stream()
        .noneMatch(event -> event.getEventType() == wanted)) {
      assertThat(Instant.now()).isBefore(end);
      environment.sleep(Duration.ofMillis(100));
    }
  }

  /** Waits until as many activities are under way, no more; times out after a minute. */
  void untilUnderWay(WorkflowStub promotion, long activities) {
    Instant end = Instant.now().plus(LONGEST_WAIT);
    while (count(promotion, EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
            - count(promotion, EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED)
        != activities) {
      assertThat(Instant.now()).isBefore(end);
      environment.sleep(Duration.ofMillis(100));
    }
  }

  private long count(WorkflowStub promotion, EventType type) {
    return history(promotion).getEvents().stream()
        .filter(event -> event.getEventType() == type)
        .count();
  }

  /** The history of one run of a promotion's workflow. */
  List<HistoryEvent> history(WorkflowStub promotion, String run) {
    return environment.getWorkflowClient().fetchHistory(id(promotion), run).getEvents();
  }

  /** Id of the current run of a promotion's workflow. */
  String run(WorkflowStub promotion) {
    return environment
        .getWorkflowClient()
        .newUntypedWorkflowStub(id(promotion))
        .describe()
        .getExecution()
        .getRunId();
  }

  /** What the Web UI shows of one run of a promotion. */
  String pageOf(WorkflowStub promotion, String run) {
    return environment
        .getWorkflowClient()
        .newUntypedWorkflowStub(
            WorkflowTargetOptions.newBuilder().setWorkflowId(id(promotion)).setRunId(run).build())
        .query("__temporal_workflow_metadata", WorkflowMetadata.class)
        .getCurrentDetails();
  }

  /**
   * Lets time be skipped again after a workflow has ended whose parent had ended before, as that of
   * a watch: the test server holds time for the parent's sake, and forgets to let go.
   */
  void childOfAnEndedOneHasEnded() {
    TestServiceGrpc.newBlockingStub(environment.getWorkflowServiceStubs().getRawChannel())
        .unlockTimeSkipping(UnlockTimeSkippingRequest.getDefaultInstance());
  }

  /** Each thing that must happen exactly once did. */
  void assertOnce() {
    List<String> made = List.of("submit", "register in", "copy", "create job", "run job", "mark");
    assertThat(world.effects.stream().filter(effect -> made.stream().anyMatch(effect::startsWith)))
        .hasSizeGreaterThan(6)
        .doesNotHaveDuplicates();
  }

  WorkflowExecutionHistory history(WorkflowStub promotion) {
    return environment.getWorkflowClient().fetchHistory(id(promotion));
  }

  /**
   * The same for the run that the stub has started, or for the latest run if it has started none.
   */
  WorkflowExecutionHistory historyOfRun(WorkflowStub workflow) {
    String run = Objects.requireNonNull(workflow.getExecution()).getRunId();
    return run.isEmpty()
        ? history(workflow)
        : environment.getWorkflowClient().fetchHistory(id(workflow), run);
  }

  static String id(WorkflowStub workflow) {
    return Objects.requireNonNull(workflow.getExecution()).getWorkflowId();
  }

  /** Who holds the turn in a workspace, and who waits for it. */
  LaneState lane(String workspace) {
    return environment
        .getWorkflowClient()
        .newWorkflowStub(LaneWorkflow.class, "lane/" + workspace + "/diabetes")
        .state();
  }

  static PromotionView status(WorkflowStub promotion) {
    return promotion.query("status", PromotionView.class);
  }

  /**
   * Skips time until the promotion is in the expected state; after a minute, fails with its actual
   * one.
   */
  PromotionView until(WorkflowStub promotion, Predicate<PromotionView> wanted) {
    return until(promotion, wanted, Duration.ofSeconds(1));
  }

  /**
   * The same where much time has to pass.
   *
   * @param step minimum workflow time between two looks
   */
  PromotionView until(WorkflowStub promotion, Predicate<PromotionView> wanted, Duration step) {
    Instant end = Instant.now().plus(LONGEST_WAIT);
    while (true) {
      PromotionView view = status(promotion);
      if (wanted.test(view)) {
        return view;
      }
      if (view.state().ended() || Instant.now().isAfter(end)) {
        throw new AssertionError("it is " + view.state() + ": " + view.says());
      }
      environment.sleep(step);
    }
  }

  PromotionView untilState(WorkflowStub promotion, PromotionState state) {
    return until(promotion, view -> view.state() == state);
  }

  /** A promotion that waits for its first approval. */
  WorkflowStub waiting() {
    WorkflowStub promotion = start();
    untilState(promotion, PromotionState.WAITING);
    return promotion;
  }

  /** A promotion whose first approval has come. */
  WorkflowStub approved() {
    return approved(start());
  }

  /** The same of another commit. */
  WorkflowStub approved(String commit) {
    return approved(start(commit));
  }

  /** That promotion, once its first approval has come. */
  WorkflowStub approved(WorkflowStub promotion) {
    untilState(promotion, PromotionState.WAITING);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return promotion;
  }

  /** Promotes them to the end, one after another. */
  void release(String... commits) {
    for (String commit : commits) {
      assertThat(approved(commit).getResult(PromotionView.class).state())
          .isEqualTo(PromotionState.RELEASED);
    }
  }

  /** Starts the first rollback in prod, to the release before. */
  WorkflowStub rollback() {
    WorkflowStub rollback = workflow("RollbackWorkflow", "rollback/prod/diabetes/1");
    rollback.start(FakeRollbacks.order(null));
    return rollback;
  }

  /** What a promotion that fails so leaves behind. */
  static PromotionView viewOfFailure(WorkflowStub promotion, String type) {
    try {
      promotion.getResult(PromotionView.class);
    } catch (WorkflowFailedException failed) {
      assertThat(failed.getCause()).isInstanceOf(ApplicationFailure.class);
      ApplicationFailure failure = (ApplicationFailure) Objects.requireNonNull(failed.getCause());
      assertThat(failure.getType()).isEqualTo(type);
      return failure.getDetails().get(PromotionView.class);
    }
    throw new AssertionError("it did not fail");
  }

  /** Sizes of a promotion's events, in bytes. */
  List<Integer> eventBytes(WorkflowStub promotion) {
    return history(promotion).getEvents().stream().map(HistoryEvent::getSerializedSize).toList();
  }

  static DecisionMessage by(String who, String request) {
    return new DecisionMessage(request, who, null, null, null);
  }

  /** A poll that the test server forgets would delay the close by ten minutes. */
  @Override
  public void close() {
    Thread closing = Thread.ofPlatform().daemon().name("close-engine").start(environment::close);
    try {
      closing.join(LONGEST_WAIT.dividedBy(4));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
