package dev.portage.turns;

import dev.portage.lane.LaneState;
import dev.portage.lane.LaneWorkflow;
import dev.portage.lane.TurnActivities;
import dev.portage.lane.TurnRequest;
import dev.portage.promotion.PromotionWorkflow;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.BatchRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;

/** Queues promotions in lanes by signal-with-start, and looks whether holders still run. */
public final class LaneClient implements TurnActivities {

  private final WorkflowClient client;

  /**
   * @param client with the data converter of all our processes
   */
  public LaneClient(WorkflowClient client) {
    this.client = client;
  }

  @Override
  public void request(TurnRequest request) {
    LaneWorkflow lane =
        client.newWorkflowStub(
            LaneWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(request.laneId())
                .setTaskQueue(PromotionWorkflow.TASK_QUEUE)
                .setStaticSummary("turn of " + request.model() + " in " + request.workspace())
                .build());
    BatchRequest both = client.newSignalWithStartRequest();
    both.add(lane::run, LaneState.free());
    both.add(lane::request, request);
    client.signalWithStart(both);
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
  public boolean isAlive(String holder) {
    try {
      return client.newUntypedWorkflowStub(holder).describe().getStatus()
          == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
    } catch (WorkflowNotFoundException gone) {
      return false;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }
}
