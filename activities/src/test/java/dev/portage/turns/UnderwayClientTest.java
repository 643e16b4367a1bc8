package dev.portage.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.freeze.FrozenWorkflow;
import dev.portage.freeze.FrozenWorkflowImpl;
import dev.portage.freeze.Held;
import dev.portage.freeze.HeldOrder;
import dev.portage.settings.Concurrency;
import dev.portage.temporal.Queues;
import dev.portage.underway.Admitted.Outcome;
import dev.portage.underway.Contender;
import dev.portage.underway.EnterOrder;
import dev.portage.underway.LeaveOrder;
import dev.portage.underway.Left;
import dev.portage.underway.UnderwayWorkflow;
import dev.portage.underway.UnderwayWorkflowImpl;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promotions announce themselves to the workflows that know the others, by a client. */
@Timeout(60)
class UnderwayClientTest {

  /** Runs as long as the test. */
  @WorkflowInterface
  public interface RunningWorkflow {
    /** Runs. */
    @WorkflowMethod
    void run();

    /** See {@link RunningWorkflow}. */
    final class Impl implements RunningWorkflow {
      @Override
      public void run() {
        Workflow.await(() -> false);
      }
    }
  }

  @AutoClose private final TestWorkflowEnvironment temporal = InProcessTemporal.create();

  private final WorkflowClient client = temporal.getWorkflowClient();
  private final UnderwayClient underway = new UnderwayClient(client);

  @BeforeEach
  void serve() {
    Worker worker = temporal.newWorker(Queues.PORTAGE);
    worker.registerWorkflowImplementationTypes(
        UnderwayWorkflowImpl.class, FrozenWorkflowImpl.class, RunningWorkflow.Impl.class);
    worker.registerActivitiesImplementations(underway);
    temporal.start();
  }

  @Test
  void aSecondAttemptIsAnsweredAsTheFirstAndAnotherOccasionIsAskedAnew() {
    EnterOrder order = order(version(7), "start");
    assertThat(underway.enter(order)).isEqualTo(underway.enter(order));
    assertThat(accepted()).isEqualTo(1);

    underway.enter(order(version(7), "turn 1"));
    assertThat(accepted()).isEqualTo(2);
    assertThat(contenders()).containsExactly("promotion/churn/v7");
  }

  @Test
  void anOlderOneLearnsOfANewerThatRunsAndNotOfOneThatWasTerminated() {
    WorkflowStub newer = runs("promotion/churn/v8");
    underway.enter(order(version(8), "start"));
    assertThat(underway.enter(order(version(7), "start")).outcome()).isEqualTo(Outcome.SUPERSEDED);

    newer.terminate("in the Web UI");
    assertThat(underway.enter(order(version(6), "start")).outcome()).isEqualTo(Outcome.GOES_ON);
    assertThat(contenders()).containsExactly("promotion/churn/v6");
  }

  @Test
  void whoSignsOffIsStruckOffAndSigningOffWhereNobodyIsKnownIsHarmless() {
    LeaveOrder leave = new LeaveOrder("prod", "churn", new Left("promotion/churn/v7", false));
    underway.leave(leave);
    underway.enter(order(version(7), "start"));
    underway.leave(leave);
    assertThat(contenders()).isEmpty();
  }

  @Test
  void onlyThoseThatRunAreTold() {
    runs("promotion/churn/v1");
    runs("promotion/churn/v2").terminate("in the Web UI");
    assertThat(
            underway.runningOf(
                List.of("promotion/churn/v1", "promotion/churn/v2", "promotion/churn/v3")))
        .containsExactly("promotion/churn/v1");
  }

  @Test
  void aPromotionThatIsHeldUpIsKnownOnce() {
    HeldClient held = new HeldClient(client);
    Held one = new Held("promotion/churn/v7", Instant.now().plus(Duration.ofDays(1)));
    held.hold(new HeldOrder("prod", one));
    held.hold(new HeldOrder("prod", one));
    assertThat(
            client
                .newWorkflowStub(FrozenWorkflow.class, FrozenWorkflow.idOf("prod"))
                .state()
                .held())
        .containsExactly(one);
  }

  private WorkflowStub runs(String id) {
    WorkflowStub stub =
        client.newUntypedWorkflowStub(
            "RunningWorkflow",
            WorkflowOptions.newBuilder().setWorkflowId(id).setTaskQueue(Queues.PORTAGE).build());
    stub.start();
    return stub;
  }

  private static EnterOrder order(Contender contender, String occasion) {
    return new EnterOrder("prod", "churn", contender, occasion);
  }

  private static Contender version(long number) {
    return new Contender(
        "promotion/churn/v" + number,
        null,
        null,
        "dev/churn",
        number,
        false,
        Concurrency.SUPERSEDE,
        Instant.parse("2026-03-01T10:00:00Z"));
  }

  private List<String> contenders() {
    return client
        .newWorkflowStub(UnderwayWorkflow.class, UnderwayWorkflow.idOf("prod", "churn"))
        .state()
        .contenders()
        .stream()
        .map(Contender::promotion)
        .toList();
  }

  private long accepted() {
    return client.fetchHistory(UnderwayWorkflow.idOf("prod", "churn")).getEvents().stream()
        .filter(HistoryEvent::hasWorkflowExecutionUpdateAcceptedEventAttributes)
        .count();
  }
}
