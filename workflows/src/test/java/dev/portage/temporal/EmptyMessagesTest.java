package dev.portage.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.adopt.AdoptWorkflowImpl;
import dev.portage.hello.HelloWorkflowImpl;
import dev.portage.history.HistoryWorkflowImpl;
import dev.portage.lane.LaneWorkflowImpl;
import dev.portage.livewatch.LiveWatchWorkflowImpl;
import dev.portage.order.OrderWorkflowImpl;
import dev.portage.preflight.PreflightWorkflowImpl;
import dev.portage.promotion.PromotionWorkflowImpl;
import dev.portage.release.FinishWorkflowImpl;
import dev.portage.versioncopy.CopyWorkflowImpl;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.DataConverterException;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkflowImplementationOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A workflow that is started without input, for instance by hand, does not run for ever. */
@Timeout(60)
class EmptyMessagesTest {

  @AutoClose private final TestWorkflowEnvironment temporal = TestTemporal.skippingTime();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PromotionWorkflow",
        "CopyWorkflow",
        "AdoptWorkflow",
        "PreflightWorkflow",
        "FinishWorkflow",
        "HistoryWorkflow",
        "OrderWorkflow",
        "LiveWatchWorkflow",
        "HelloWorkflow"
      })
  void endsWithAnUnreadableInputError(String type) {
    serve();
    for (boolean asNull : new boolean[] {true, false}) {
      assertThatThrownBy(() -> started(type, asNull).getResult(Void.class))
          .isInstanceOf(WorkflowFailedException.class)
          .hasStackTraceContaining("started without input");
    }
  }

  @Test
  void aLaneStartedWithoutInputIsFree() {
    serve();
    WorkflowStub lane = started("LaneWorkflow", false);
    lane.getResult(Void.class);
    assertThat(lane.describe().getCloseTime()).isNotNull();
  }

  private WorkflowStub started(String type, boolean asNull) {
    WorkflowStub stub =
        temporal
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                type, WorkflowOptions.newBuilder().setTaskQueue(Queues.PORTAGE).build());
    @Nullable Object[] input = asNull ? new @Nullable Object[] {null} : new @Nullable Object[0];
    stub.start(input);
    return stub;
  }

  private void serve() {
    Worker worker = temporal.newWorker(Queues.PORTAGE);
    worker.registerWorkflowImplementationTypes(
        WorkflowImplementationOptions.newBuilder()
            .setFailWorkflowExceptionTypes(DataConverterException.class)
            .build(),
        PromotionWorkflowImpl.class,
        LaneWorkflowImpl.class,
        CopyWorkflowImpl.class,
        AdoptWorkflowImpl.class,
        PreflightWorkflowImpl.class,
        FinishWorkflowImpl.class,
        HistoryWorkflowImpl.class,
        OrderWorkflowImpl.class,
        LiveWatchWorkflowImpl.class,
        HelloWorkflowImpl.class);
    temporal.start();
  }
}
