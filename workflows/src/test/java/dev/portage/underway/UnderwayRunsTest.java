package dev.portage.underway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.settings.Concurrency;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.Queues;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptorBase;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** What knows the promotions under way continues as a new run when its history is long. */
@Isolated("it fills a history")
@Timeout(120)
class UnderwayRunsTest {

  @AutoClose
  private final TestWorkflowEnvironment environment =
      TestWorkflowEnvironment.newInstance(
          TestEnvironmentOptions.newBuilder()
              .setWorkflowClientOptions(
                  WorkflowClientOptions.newBuilder()
                      .setDataConverter(Payloads.dataConverter())
                      .build())
              .setWorkerFactoryOptions(
                  WorkerFactoryOptions.newBuilder()
                      .setWorkerInterceptors(new SlowSignals())
                      .build())
              .build());

  @Test
  void whoSignsOffWhileOthersAreToldBeforeTheNextRunIsStruckOff() {
    environment
        .newWorker(Queues.PORTAGE)
        .registerWorkflowImplementationTypes(UnderwayWorkflowImpl.class);
    environment.start();
    List<Contender> six = LongStream.rangeClosed(1, 6).mapToObj(UnderwayRunsTest::version).toList();
    UnderwayWorkflow underway =
        environment
            .getWorkflowClient()
            .newWorkflowStub(
                UnderwayWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setWorkflowId("underway/prod/m")
                    .setTaskQueue(Queues.PORTAGE)
                    .build());
    WorkflowStub stub = WorkflowStub.fromTyped(underway);
    stub.start(new UnderwayState(six, null));
    String first = Objects.requireNonNull(stub.getExecution()).getRunId();

    // Each of them takes an hour to be told.
    underway.leave(new Left("promotion/m/v2", true));
    environment.sleep(Duration.ofMinutes(10));
    for (int i = 0; i < 3; i++) {
      stub.signal("noise", "x".repeat(1_500_000));
    }
    underway.leave(new Left("promotion/m/v4", true));
    environment.sleep(Duration.ofMinutes(80));
    underway.leave(new Left("promotion/m/v6", true));
    environment.sleep(Duration.ofHours(3));

    assertThat(
            environment
                .getWorkflowClient()
                .newUntypedWorkflowStub("underway/prod/m")
                .describe()
                .getExecution()
                .getRunId())
        .isNotEqualTo(first);
    assertThat(underway.state().contenders()).extracting(Contender::promotion).isEmpty();
  }

  @Test
  void whoSignsOffWhileOthersAreToldStandsInNobodysWay() {
    environment
        .newWorker(Queues.PORTAGE)
        .registerWorkflowImplementationTypes(UnderwayWorkflowImpl.class);
    UnderwayActivities all = new AllRun();
    environment.getWorkerFactory().getWorker(Queues.PORTAGE).registerActivitiesImplementations(all);
    environment.start();
    UnderwayWorkflow underway =
        environment
            .getWorkflowClient()
            .newWorkflowStub(
                UnderwayWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setWorkflowId("underway/prod/m")
                    .setTaskQueue(Queues.PORTAGE)
                    .build());
    WorkflowStub.fromTyped(underway)
        .start(new UnderwayState(List.of(version(1), version(2), version(9)), null));
    // Version 1 takes an hour to be told that version 2 is live.
    underway.leave(new Left("promotion/m/v2", true));
    environment.sleep(Duration.ofMinutes(10));
    underway.leave(new Left("promotion/m/v9", false));

    Contender older = version(5);
    Contender newcomer =
        new Contender(
            older.promotion(),
            null,
            null,
            older.origin(),
            5L,
            false,
            Concurrency.SUPERSEDE,
            older.since());
    assertThat(underway.enter(newcomer).outcome()).isEqualTo(Admitted.Outcome.GOES_ON);
  }

  private static Contender version(long number) {
    return new Contender(
        "promotion/m/v" + number,
        null,
        null,
        "dev/m",
        number,
        false,
        Concurrency.QUEUE,
        Instant.parse("2026-03-01T10:00:00Z").plusSeconds(number));
  }

  /** Each promotion still runs: one that signs off has not quite ended. */
  private static final class AllRun implements UnderwayActivities {
    @Override
    public Admitted enter(EnterOrder order) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void leave(LeaveOrder order) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> runningOf(List<String> workflows) {
      return workflows;
    }
  }

  /** A signal to another workflow takes an hour. */
  private static final class SlowSignals extends WorkerInterceptorBase {
    @Override
    public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
      return new WorkflowInboundCallsInterceptorBase(next) {
        @Override
        public void init(WorkflowOutboundCallsInterceptor calls) {
          super.init(
              new WorkflowOutboundCallsInterceptorBase(calls) {
                @Override
                public SignalExternalOutput signalExternalWorkflow(SignalExternalInput input) {
                  Workflow.sleep(Duration.ofHours(1));
                  return super.signalExternalWorkflow(input);
                }
              });
        }
      };
    }
  }
}
