package dev.portage.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.common.interceptors.Header;
import io.temporal.common.interceptors.WorkflowClientCallsInterceptor.WorkflowSignalInput;
import io.temporal.common.interceptors.WorkflowClientCallsInterceptorBase;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A message to a workflow that continues as a new run at this moment reaches the new run. */
class BetweenRunsTest {

  private static final WorkflowSignalInput MESSAGE =
      new WorkflowSignalInput(
          WorkflowExecution.newBuilder().setWorkflowId("w").build(),
          "approve",
          Header.empty(),
          new Object[0]);

  /** The next run may be there by the time that anyone asks. */
  @ParameterizedTest
  @EnumSource(
      names = {"WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW", "WORKFLOW_EXECUTION_STATUS_RUNNING"})
  void itIsSentAgainUntilTheNextRunIsThere(WorkflowExecutionStatus newest) {
    Server server = new Server(newest, Status.NOT_FOUND, Status.NOT_FOUND);

    new BetweenRuns().workflowClientCallsInterceptor(server).signal(MESSAGE);

    assertThat(server.answers).isEmpty();
    assertThat(server.arrived).isEqualTo(1);
  }

  @Test
  void toAWorkflowThatHasEndedItIsRefused() {
    assertRefused(
        new Server(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED, Status.NOT_FOUND));
  }

  @Test
  void anyOtherRefusalIsNotRepeated() {
    assertRefused(
        new Server(
            WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW,
            Status.RESOURCE_EXHAUSTED));
  }

  private static void assertRefused(Server server) {
    assertThatThrownBy(
            () -> new BetweenRuns().workflowClientCallsInterceptor(server).signal(MESSAGE))
        .isInstanceOf(StatusRuntimeException.class);
    assertThat(server.arrived).isZero();
  }

  /** Refuses as often as told. */
  private static final class Server extends WorkflowClientCallsInterceptorBase {
    private final Queue<Status> answers;
    private final WorkflowExecutionStatus newest;
    private int arrived;

    @SuppressWarnings("NullAway") // Nothing stands behind it.
    Server(WorkflowExecutionStatus newest, Status... refusals) {
      super(null);
      this.newest = newest;
      answers = new ArrayDeque<>(List.of(refusals));
    }

    @Override
    public WorkflowSignalOutput signal(WorkflowSignalInput input) {
      Status refusal = answers.poll();
      if (refusal != null) {
        throw refusal.asRuntimeException();
      }
      arrived++;
      return new WorkflowSignalOutput();
    }

    @Override
    public DescribeWorkflowOutput describe(DescribeWorkflowInput input) {
      return new DescribeWorkflowOutput(
          new WorkflowExecutionDescription(
              DescribeWorkflowExecutionResponse.newBuilder()
                  .setWorkflowExecutionInfo(WorkflowExecutionInfo.newBuilder().setStatus(newest))
                  .build(),
              Payloads.dataConverter()));
    }
  }
}
