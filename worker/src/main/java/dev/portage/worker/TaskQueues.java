package dev.portage.worker;

import dev.portage.copy.CopyActivities;
import dev.portage.copy.Copying;
import dev.portage.evaluation.GateEvaluation;
import dev.portage.lane.GrantActivities;
import dev.portage.lane.LaneWorkflowImpl;
import dev.portage.lane.TurnGuard;
import dev.portage.platform.Connections;
import dev.portage.platform.CopyRoutes;
import dev.portage.platform.EffectiveSettings;
import dev.portage.platform.PlatformPeople;
import dev.portage.platform.PlatformSource;
import dev.portage.platform.PlatformWorkspaces;
import dev.portage.platform.Workspace;
import dev.portage.preflight.PreflightWorkflowImpl;
import dev.portage.promotion.PromotionWorkflow;
import dev.portage.promotion.PromotionWorkflowImpl;
import dev.portage.release.FinishWorkflowImpl;
import dev.portage.turns.LaneClient;
import dev.portage.versioncopy.CopyWorkflowImpl;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DataConverterException;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.worker.WorkflowImplementationOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which workflows and activities run on which task queue: {@code portage} has the workflows and
 * what needs no workspace, {@code portage/<workspace>} what needs the logins of one, {@code
 * portage/<workspace>/partitions} the parts of a large copy, {@code portage-turns} those who wait
 * for a turn.
 */
final class TaskQueues {

  /** Most of them wait for a remote run and cost a thread each, a virtual one. */
  private static final int ACTIVITIES_AT_ONCE = 64;

  /** Each looks at its lane every two seconds; whoever is beyond waits for one to be granted. */
  private static final int WAITING_FOR_TURNS_AT_ONCE = 500;

  private static final int COPIES_AT_ONCE = 2;

  /**
   * Temporal's own is most of a heartbeat's time limit. People watch a copy by them, and what the
   * last one says of it spares the next attempt work.
   */
  private static final Duration HEARTBEATS = Duration.ofSeconds(2);

  private TaskQueues() {}

  /** Everything that this process serves, not yet started. */
  static WorkerFactory of(
      WorkflowClient client,
      PlatformSource platform,
      List<Workspace> served,
      Connections connections) {
    Map<String, List<Object>> activities = new LinkedHashMap<>();
    Map<String, GrantActivities> grants = new HashMap<>();
    for (Workspace workspace : served) {
      List<Object> ofKind = workspace.kind().activities(workspace, connections);
      activities.put(workspace.name(), ofKind);
      ofKind.stream()
          .filter(GrantActivities.class::isInstance)
          .map(GrantActivities.class::cast)
          .forEach(numbers -> grants.put(workspace.name(), numbers));
    }
    WorkerFactory factory =
        WorkerFactory.newInstance(
            client,
            WorkerFactoryOptions.newBuilder()
                .setUsingVirtualWorkflowThreads(true)
                .setWorkerInterceptors(new TurnGuard(grants), new CopySlots(COPIES_AT_ONCE))
                .build());
    LaneClient lanes = new LaneClient(client);
    Worker shared = factory.newWorker(PromotionWorkflow.TASK_QUEUE, options(ACTIVITIES_AT_ONCE));
    shared.registerWorkflowImplementationTypes(
        // A payload that can't be read would otherwise be tried for ever, unseen.
        WorkflowImplementationOptions.newBuilder()
            .setFailWorkflowExceptionTypes(DataConverterException.class)
            .build(),
        PromotionWorkflowImpl.class,
        PreflightWorkflowImpl.class,
        LaneWorkflowImpl.class,
        CopyWorkflowImpl.class,
        FinishWorkflowImpl.class);
    shared.registerActivitiesImplementations(
        new EffectiveSettings(platform),
        new PlatformPeople(platform),
        new CopyRoutes(platform),
        new PlatformWorkspaces(platform),
        new GateEvaluation(),
        lanes);
    factory
        .newWorker(PromotionWorkflow.TURN_QUEUE, options(WAITING_FOR_TURNS_AT_ONCE))
        .registerActivitiesImplementations(lanes);
    activities.forEach((workspace, ofKind) -> {
      String queue = PromotionWorkflow.queueOf(workspace);
      factory
          .newWorker(queue, options(ACTIVITIES_AT_ONCE))
          .registerActivitiesImplementations(ofKind.toArray());
      factory
          .newWorker(Copying.partitionsOf(queue), options(COPIES_AT_ONCE))
          .registerActivitiesImplementations(
              ofKind.stream().filter(CopyActivities.class::isInstance).toArray());
    });
    return factory;
  }

  private static WorkerOptions options(int activitiesAtOnce) {
    return WorkerOptions.newBuilder()
        .setUsingVirtualThreads(true)
        .setMaxConcurrentActivityExecutionSize(activitiesAtOnce)
        .setDefaultHeartbeatThrottleInterval(HEARTBEATS)
        .setMaxHeartbeatThrottleInterval(HEARTBEATS)
        .build();
  }
}
