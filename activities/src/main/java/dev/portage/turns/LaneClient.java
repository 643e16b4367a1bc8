package dev.portage.turns;

import dev.portage.failure.Failures;
import dev.portage.lane.Grant;
import dev.portage.lane.HolderLook;
import dev.portage.lane.LaneState;
import dev.portage.lane.LaneWorkflow;
import dev.portage.lane.TurnActivities;
import dev.portage.lane.TurnHolder;
import dev.portage.lane.TurnRequest;
import dev.portage.temporal.Queues;
import dev.portage.text.Markdown;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.activity.Activity;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.BatchRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowQueryException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowTargetOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Queues promotions in lanes by signal-with-start, reads grants, and checks on holders. */
public final class LaneClient implements TurnActivities {

  /** Between two reads of a promotion that is next. Usually the lane itself answers first. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** Pauses at most between two reads of a promotion that isn't next; one for each before it. */
  private static final int PAUSES_OF_OTHERS = 5;

  /** So many before it, at most, has a promotion that waits for the lane's own answer. */
  private static final int NEAR = PendingUpdates.AT_A_LANE;

  /** So often a lane is reminded that knows the request and does not number it. */
  private static final int LOOKS_UNTIL_REMINDED = 15;

  private final WorkflowClient client;
  private final PendingUpdates pending = new PendingUpdates();
  private final Duration pause;

  /**
   * @param client with the data converter of all our processes
   */
  public LaneClient(WorkflowClient client) {
    this(client, PAUSE);
  }

  /**
   * A client with its own pace.
   *
   * @param pause between two reads of a lane
   */
  LaneClient(WorkflowClient client, Duration pause) {
    this.client = client;
    this.pause = pause;
  }

  /** Queues a request, starting the lane where there is none; the same request twice is one. */
  void request(TurnRequest request) {
    LaneWorkflow lane = client.newWorkflowStub(LaneWorkflow.class, options(request));
    BatchRequest both = client.newSignalWithStartRequest();
    both.add(lane::run, LaneState.free());
    both.add(lane::request, request);
    client.signalWithStart(both);
  }

  /** How the lane of a request is started; one that runs already is used. */
  static WorkflowOptions options(TurnRequest request) {
    return WorkflowOptions.newBuilder()
        .setWorkflowId(request.laneId())
        .setWorkflowIdConflictPolicy(
            WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
        .setTaskQueue(Queues.PORTAGE)
        .setStaticSummary(
            Markdown.summary("turn of " + request.model() + " in " + request.workspace()))
        .build();
  }

  @Override
  public Grant awaitGrant(TurnRequest request) {
    int looks = 0;
    Duration between = pause;
    long looked = System.nanoTime();
    try (RequestedLane asked = new RequestedLane(client, request, pending);
        LaneObserver looking = new LaneObserver(() -> lane(request))) {
      if (!asked.isAsked()) {
        request(request);
      }
      while (true) {
        Activity.getExecutionContext().heartbeat(null);
        Optional<Grant> answer = asked.within(pause);
        if (answer.isPresent()) {
          return answer.get();
        }
        if (System.nanoTime() - looked >= between.toNanos()) {
          looked = System.nanoTime();
          looking.begin();
        }
        Optional<LaneState> seen = looking.seen(pause);
        if (seen.isEmpty()) {
          continue;
        }
        LaneState lane = seen.get();
        refuse(lane, request);
        Long number = lane.number();
        boolean holds = request.equals(lane.holder());
        if (holds && number != null) {
          return new Grant(request, number);
        }
        int place = lane.waiting().indexOf(request);
        if (holds ? ++looks % LOOKS_UNTIL_REMINDED == 0 : place < 0) {
          request(request);
        }
        between = pause.multipliedBy(Math.clamp(place, 1, PAUSES_OF_OTHERS));
        if (place < NEAR) {
          asked.again();
        }
      }
    }
  }

  private static void refuse(LaneState lane, TurnRequest request) {
    Objects.requireNonNull(lane.refused(), "never null once it is made").stream()
        .filter(refused -> refused.request().equals(request))
        .findFirst()
        .ifPresent(refused -> {
          throw Failures.of(refused.problem());
        });
  }

  /** The state of a lane; free if none runs. */
  private LaneState lane(TurnRequest request) {
    return running(request.laneId())
        ? client.newUntypedWorkflowStub(request.laneId()).query("state", LaneState.class)
        : LaneState.free();
  }

  @Override
  public void giveBack(TurnRequest request) {
    try {
      client.newWorkflowStub(LaneWorkflow.class, request.laneId()).giveBack(request);
    } catch (WorkflowNotFoundException ended) {
      // A lane that has ended holds no turn.
    }
  }

  @Override
  public HolderLook lookAtHolder(TurnRequest request) {
    // Anyone may send a lane a request. Only workflows that take turns give them back.
    if (!request.isOfHolder()) {
      return HolderLook.done();
    }
    WorkflowStub holder = client.newUntypedWorkflowStub(request.holder());
    Optional<WorkflowExecutionDescription> newest = describe(holder);
    if (newest.isEmpty()) {
      return HolderLook.done();
    }
    if (newest.get().getStatus() != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) {
      return ended(newest.get());
    }
    try {
      TurnRequest wanted = holder.query(TurnHolder.QUERY, TurnRequest.class);
      return request.equals(wanted) ? HolderLook.wants() : earlierRun(request);
    } catch (WorkflowNotFoundException gone) {
      return HolderLook.done();
    } catch (WorkflowQueryException cannotSay) {
      return unsaid(request);
    } catch (WorkflowServiceException failure) {
      if (cannotSay(failure)) {
        return unsaid(request);
      }
      throw failure;
    }
  }

  /**
   * It runs and doesn't want this turn. A run that someone reset or terminated did not give it
   * back; one that continues as another run did, or carries the request along.
   */
  private HolderLook earlierRun(TurnRequest request) {
    String run = request.run();
    return run == null
        ? HolderLook.done()
        : describe(
                client.newUntypedWorkflowStub(
                    WorkflowTargetOptions.newBuilder()
                        .setWorkflowId(request.holder())
                        .setRunId(run)
                        .build()))
            .map(LaneClient::ended)
            .orElse(HolderLook.done());
  }

  /** What a run's end says: only one that completed is known to have given its turn back. */
  private static HolderLook ended(WorkflowExecutionDescription run) {
    Instant closed = run.getCloseTime();
    return switch (run.getStatus()) {
      case WORKFLOW_EXECUTION_STATUS_TERMINATED,
          WORKFLOW_EXECUTION_STATUS_TIMED_OUT,
          WORKFLOW_EXECUTION_STATUS_FAILED,
          WORKFLOW_EXECUTION_STATUS_CANCELED ->
          closed == null ? HolderLook.done() : HolderLook.ended(closed);
      default -> HolderLook.done();
    };
  }

  private HolderLook unsaid(TurnRequest request) {
    return onlyWaits(request) ? HolderLook.done() : HolderLook.wants();
  }

  /** Whether the workflow itself is why there is no answer, and not the server. */
  private static boolean cannotSay(WorkflowServiceException failure) {
    return failure.getCause() instanceof StatusRuntimeException grpc
        && (grpc.getStatus().getCode() == Status.Code.FAILED_PRECONDITION
            || grpc.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED);
  }

  /**
   * Whether a promotion that can't say what it needs is only waiting: it could neither use a turn
   * nor give it back, and all others would wait. It requests the turn again, and so moves to the
   * end of the queue. A holder keeps the turn, since what it began exists.
   */
  private boolean onlyWaits(TurnRequest request) {
    return lane(request).waiting().contains(request);
  }

  private boolean running(String workflow) {
    return describe(client.newUntypedWorkflowStub(workflow))
        .filter(one -> one.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING)
        .isPresent();
  }

  private static Optional<WorkflowExecutionDescription> describe(WorkflowStub workflow) {
    try {
      return Optional.of(workflow.describe());
    } catch (WorkflowNotFoundException gone) {
      return Optional.empty();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
