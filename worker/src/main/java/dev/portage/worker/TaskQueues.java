package dev.portage.worker;

import dev.portage.activity.LongQueue;
import dev.portage.adopt.AdoptWorkflowImpl;
import dev.portage.freeze.FrozenWorkflowImpl;
import dev.portage.gate.GateEvaluation;
import dev.portage.hello.HelloWorkflowImpl;
import dev.portage.history.HistoryWorkflowImpl;
import dev.portage.lane.GrantActivities;
import dev.portage.lane.Granting;
import dev.portage.lane.LaneWorkflowImpl;
import dev.portage.livewatch.LiveWatchWorkflowImpl;
import dev.portage.notice.NoticeActivities;
import dev.portage.notice.NoticeWorkflowImpl;
import dev.portage.order.OrderWorkflowImpl;
import dev.portage.platform.AdoptRequests;
import dev.portage.platform.CopyRequests;
import dev.portage.platform.EffectiveSettings;
import dev.portage.platform.PlatformPeople;
import dev.portage.platform.PlatformReceivers;
import dev.portage.platform.PlatformSource;
import dev.portage.platform.PlatformWorkspaces;
import dev.portage.platform.RollbackRequests;
import dev.portage.platform.Workspace;
import dev.portage.platform.WorkspaceAccess;
import dev.portage.preflight.PreflightWorkflowImpl;
import dev.portage.promotion.PromotionWorkflowImpl;
import dev.portage.release.FinishWorkflowImpl;
import dev.portage.rollback.RollbackWorkflowImpl;
import dev.portage.temporal.Queues;
import dev.portage.turns.HeldClient;
import dev.portage.turns.LaneClient;
import dev.portage.turns.RollbackIds;
import dev.portage.turns.TurnGuard;
import dev.portage.turns.UnderwayClient;
import dev.portage.underway.UnderwayWorkflowImpl;
import dev.portage.versioncopy.CopyWorkflowImpl;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.metadata.POJOWorkflowImplMetadata;
import io.temporal.common.metadata.POJOWorkflowMethodMetadata;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.worker.WorkflowImplementationOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which workflows and activities run on which task queue, and how many at once: {@code portage} has
 * the workflows and what needs no workspace, {@code portage/<workspace>} the calls that need a
 * workspace's logins, each {@link LongQueue} beside it what takes long there, and {@code
 * portage-turns} promotions that wait for a turn, and {@code portage-notices} what people are told.
 * A limit applies to this process and one queue: a second process doubles it.
 */
final class TaskQueues {

  /** A few REST calls each, on a virtual thread. */
  private static final int CALLS_AT_ONCE = 64;

  /** Each reads its lane every two seconds; further ones wait until one is granted. */
  private static final int WAITING_FOR_TURNS_AT_ONCE = 500;

  /** Each polls its run every few seconds; more of them wait until a run ends. */
  private static final int WAITING_FOR_RUNS_AT_ONCE = 500;

  /** Each fills the network that they share, by as many streams as its workspace allows. */
  private static final int COPIES_AT_ONCE = 2;

  /** Reading is half of a copy. */
  private static final int MANIFESTS_AT_ONCE = 4;

  /** More of REST calls than of bytes. */
  private static final int SMALL_COPIES_AT_ONCE = 8;

  /** Each may keep one waiting for as long as an attempt takes. */
  private static final int NOTICES_AT_ONCE = 32;

  /** Pollers of a queue whose work need not start at once. */
  private static final int POLLERS_OF_LONG_WORK = 2;

  /**
   * Temporal's own is most of a heartbeat's time limit. People watch a copy by them, and what the
   * last one says of it spares the next attempt work.
   */
  private static final Duration HEARTBEATS = Duration.ofSeconds(2);

  /**
   * Temporal's own second is over before a worker that has just started on a busy machine has
   * loaded the classes of its first workflow: with many waiting it would warn of each, and try each
   * once more. Shorter than a workflow task may take.
   */
  private static final Duration WITHOUT_YIELDING = Duration.ofSeconds(5);

  private static final List<Class<?>> WORKFLOWS =
      List.of(
          PromotionWorkflowImpl.class,
          PreflightWorkflowImpl.class,
          LaneWorkflowImpl.class,
          UnderwayWorkflowImpl.class,
          FrozenWorkflowImpl.class,
          CopyWorkflowImpl.class,
          AdoptWorkflowImpl.class,
          RollbackWorkflowImpl.class,
          LiveWatchWorkflowImpl.class,
          FinishWorkflowImpl.class,
          HistoryWorkflowImpl.class,
          OrderWorkflowImpl.class,
          NoticeWorkflowImpl.class,
          HelloWorkflowImpl.class);

  private TaskQueues() {}

  /** Types of the workflows that run here. */
  static Set<String> workflowTypes() {
    return WORKFLOWS.stream()
        .flatMap(type -> POJOWorkflowImplMetadata.newInstance(type).getWorkflowMethods().stream())
        .map(POJOWorkflowMethodMetadata::getName)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Everything that this process serves, not yet started. */
  static WorkerFactory of(
      WorkflowClient client,
      PlatformSource platform,
      List<Workspace> served,
      WorkspaceAccess access,
      NoticeActivities notices) {
    Map<String, List<Object>> activities = new LinkedHashMap<>();
    for (Workspace workspace : served) {
      activities.put(workspace.name(), workspace.kind().activities(workspace, access));
    }
    return of(client, platform, activities, notices);
  }

  /**
   * Everything that this process serves, not yet started.
   *
   * @param activities of each workspace, by its name
   * @param notices tells people
   */
  static WorkerFactory of(
      WorkflowClient client,
      PlatformSource platform,
      Map<String, List<Object>> activities,
      NoticeActivities notices) {
    WorkerFactory factory =
        WorkerFactory.newInstance(
            client,
            WorkerFactoryOptions.newBuilder()
                .setUsingVirtualWorkflowThreads(true)
                .setWorkerInterceptors(
                    new TurnGuard(grantsOf(activities)),
                    new EarlierCopies(queuesOf(activities.keySet()), COPIES_AT_ONCE))
                .build());
    LaneClient lanes = new LaneClient(client);
    Worker shared = factory.newWorker(Queues.PORTAGE, options(CALLS_AT_ONCE));
    shared.registerWorkflowImplementationTypes(
        // A payload that can't be read would otherwise be tried for ever, unseen.
        WorkflowImplementationOptions.newBuilder()
            .setFailWorkflowExceptionTypes(DataConverterException.class)
            .build(),
        WORKFLOWS.toArray(Class<?>[]::new));
    shared.registerActivitiesImplementations(
        new EffectiveSettings(platform),
        new PlatformPeople(platform),
        new PlatformReceivers(platform),
        new CopyRequests(platform),
        new AdoptRequests(platform),
        new RollbackRequests(platform),
        new RollbackIds(client),
        new PlatformWorkspaces(platform),
        new QueuePollers(client),
        new GateEvaluation(),
        new UnderwayClient(client),
        new HeldClient(client),
        lanes);
    factory
        .newWorker(Queues.TURNS, options(WAITING_FOR_TURNS_AT_ONCE))
        .registerActivitiesImplementations(lanes);
    factory
        .newWorker(
            Queues.NOTICES,
            WorkerOptions.newBuilder(options(NOTICES_AT_ONCE))
                .setMaxConcurrentActivityTaskPollers(POLLERS_OF_LONG_WORK)
                .build())
        .registerActivitiesImplementations(notices);
    Map<String, GrantActivities> grants = grantsOf(activities);
    activities.forEach((workspace, ofKind) -> {
      String queue = Queues.of(workspace);
      Worker calls = factory.newWorker(queue, options(CALLS_AT_ONCE));
      calls.registerActivitiesImplementations(ofKind.toArray());
      GrantActivities numbers = grants.get(workspace);
      if (numbers != null) {
        calls.registerActivitiesImplementations(new Granting(numbers, lanes, Instant::now));
      }
      for (LongQueue beside : LongQueue.values()) {
        factory
            .newWorker(beside.of(queue), besideOptions(beside))
            .registerActivitiesImplementations(ofKind.toArray());
      }
    });
    return factory;
  }

  private static Map<String, GrantActivities> grantsOf(Map<String, List<Object>> activities) {
    Map<String, GrantActivities> grants = new HashMap<>();
    activities.forEach((workspace, ofKind) ->
        ofKind.stream()
            .filter(GrantActivities.class::isInstance)
            .map(GrantActivities.class::cast)
            .forEach(numbers -> grants.put(workspace, numbers)));
    return grants;
  }

  private static Set<String> queuesOf(Set<String> workspaces) {
    return workspaces.stream().map(Queues::of).collect(Collectors.toUnmodifiableSet());
  }

  private static WorkerOptions besideOptions(LongQueue beside) {
    int atOnce =
        switch (beside) {
          case RUNS -> WAITING_FOR_RUNS_AT_ONCE;
          case MANIFESTS -> MANIFESTS_AT_ONCE;
          case SMALL_COPIES -> SMALL_COPIES_AT_ONCE;
          case COPIES, PARTITIONS -> COPIES_AT_ONCE;
        };
    return WorkerOptions.newBuilder(options(atOnce))
        .setMaxConcurrentActivityTaskPollers(POLLERS_OF_LONG_WORK)
        .build();
  }

  private static WorkerOptions options(int atOnce) {
    return WorkerOptions.newBuilder()
        .setUsingVirtualThreads(true)
        .setMaxConcurrentActivityExecutionSize(atOnce)
        .setDefaultHeartbeatThrottleInterval(HEARTBEATS)
        .setMaxHeartbeatThrottleInterval(HEARTBEATS)
        .setDefaultDeadlockDetectionTimeout(WITHOUT_YIELDING.toMillis())
        .build();
  }
}
