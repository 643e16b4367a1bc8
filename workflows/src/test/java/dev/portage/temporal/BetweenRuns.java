package dev.portage.temporal;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowUpdateHandle;
import io.temporal.common.interceptors.WorkflowClientCallsInterceptor;
import io.temporal.common.interceptors.WorkflowClientCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowClientInterceptorBase;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Delivers to the next run what comes while a workflow continues as a new one. The real server
 * closes a run and opens the next at once. The server within a test does one after the other, and
 * in between it answers that the workflow has completed.
 */
public final class BetweenRuns extends WorkflowClientInterceptorBase {

  private static final Duration PAUSE = Duration.ofMillis(5);

  @Override
  public WorkflowClientCallsInterceptor workflowClientCallsInterceptor(
      WorkflowClientCallsInterceptor next) {
    return new Delivered(next);
  }

  /** Sends a message again until the next run is there to take it. */
  private static final class Delivered extends WorkflowClientCallsInterceptorBase {

    Delivered(WorkflowClientCallsInterceptor next) {
      super(next);
    }

    @Override
    public WorkflowSignalOutput signal(WorkflowSignalInput input) {
      return delivered(input.getWorkflowExecution(), () -> super.signal(input));
    }

    @Override
    public <R> WorkflowUpdateHandle<R> startUpdate(StartUpdateInput<R> input) {
      return delivered(input.getWorkflowExecution(), () -> super.startUpdate(input));
    }

    private <T> T delivered(WorkflowExecution to, Supplier<T> send) {
      while (true) {
        try {
          return send.get();
        } catch (StatusRuntimeException refused) {
          if (refused.getStatus().getCode() != Status.Code.NOT_FOUND || !continues(to)) {
            throw refused;
          }
          LockSupport.parkNanos(PAUSE.toNanos());
        }
      }
    }

    /** Whether another run takes over from the one that refused, or just has. */
    private boolean continues(WorkflowExecution of) {
      if (!of.getRunId().isEmpty()) {
        return false;
      }
      WorkflowExecutionStatus newest =
          describe(new DescribeWorkflowInput(of)).getDescription().getStatus();
      return newest == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW
          || newest == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
    }
  }
}
