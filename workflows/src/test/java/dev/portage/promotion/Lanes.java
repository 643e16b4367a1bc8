package dev.portage.promotion;

import dev.portage.failure.Failures;
import dev.portage.lane.Grant;
import dev.portage.lane.HolderLook;
import dev.portage.lane.LaneState;
import dev.portage.lane.LaneWorkflow;
import dev.portage.lane.TurnActivities;
import dev.portage.lane.TurnHolder;
import dev.portage.lane.TurnRequest;
import dev.portage.temporal.TestTemporal;
import io.temporal.activity.Activity;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.BatchRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/** Lanes through a client of the test server. */
record Lanes(WorkflowClient client, FakeWorld world) implements TurnActivities {
  private void request(TurnRequest request) {
    world.effect("request", "request the turn in " + request.workspace());
    LaneWorkflow lane =
        client.newWorkflowStub(LaneWorkflow.class, TestTemporal.withId(request.laneId()));
    BatchRequest both = client.newSignalWithStartRequest();
    both.add(lane::run, LaneState.free());
    both.add(lane::request, request);
    client.signalWithStart(both);
  }

  @Override
  public Grant awaitGrant(TurnRequest request) {
    request(request);
    while (true) {
      Activity.getExecutionContext().heartbeat(null);
      LaneState lane = client.newWorkflowStub(LaneWorkflow.class, request.laneId()).state();
      Objects.requireNonNull(lane.refused()).stream()
          .filter(refused -> refused.request().equals(request))
          .forEach(refused -> {
            throw Failures.of(refused.problem());
          });
      if (request.equals(lane.holder()) && lane.number() != null) {
        return new Grant(request, lane.number());
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  @Override
  public HolderLook lookAtHolder(TurnRequest request) {
    if (world.rollbacks.contains(request.holder())) {
      return HolderLook.wants();
    }
    WorkflowStub holder = client.newUntypedWorkflowStub(request.holder());
    WorkflowExecutionDescription now = holder.describe();
    if (now.getStatus() != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) {
      Instant closed = now.getCloseTime();
      return closed == null ? HolderLook.done() : HolderLook.ended(closed);
    }
    return request.equals(holder.query(TurnHolder.QUERY, TurnRequest.class))
        ? HolderLook.wants()
        : HolderLook.done();
  }

  @Override
  public void giveBack(TurnRequest request) {
    try {
      client.newWorkflowStub(LaneWorkflow.class, request.laneId()).giveBack(request);
    } catch (WorkflowNotFoundException ended) {
      // A lane that has ended holds nothing.
    }
  }
}
