package dev.portage.underway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.settings.Concurrency;
import dev.portage.temporal.OutgoingSignals;
import dev.portage.temporal.Queues;
import dev.portage.temporal.TestTemporal;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
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

  /** A signal to another workflow takes an hour. */
  @AutoClose
  private final TestWorkflowEnvironment environment =
      TestTemporal.skippingTime(
          new OutgoingSignals((signal, send) -> {
            Workflow.sleep(Duration.ofHours(1));
            return send.apply(signal);
          }));

  @Test
  void whoSignsOffWhileOthersAreToldBeforeTheNextRunIsStruckOff() {
    UnderwayWorkflow underway =
        start(LongStream.rangeClosed(1, 6).mapToObj(UnderwayRunsTest::version).toList());
    WorkflowStub stub = WorkflowStub.fromTyped(underway);
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
    UnderwayWorkflow underway = start(List.of(version(1), version(2), version(9)));
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

  private UnderwayWorkflow start(List<Contender> all) {
    Worker worker = environment.newWorker(Queues.PORTAGE);
    worker.registerWorkflowImplementationTypes(UnderwayWorkflowImpl.class);
    worker.registerActivitiesImplementations(new AllRun());
    environment.start();
    UnderwayWorkflow underway =
        environment
            .getWorkflowClient()
            .newWorkflowStub(UnderwayWorkflow.class, TestTemporal.withId("underway/prod/m"));
    WorkflowStub.fromTyped(underway).start(new UnderwayState(all, null));
    return underway;
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
}
