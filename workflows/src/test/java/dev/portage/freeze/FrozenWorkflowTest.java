package dev.portage.freeze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.temporal.OutgoingSignals;
import dev.portage.temporal.Queues;
import dev.portage.temporal.TestTemporal;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor.SignalExternalInput;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor.SignalExternalOutput;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What knows whom a frozen workspace holds up tells each of them once that freezes have ended. */
@Timeout(120)
class FrozenWorkflowTest {

  private final List<String> told = new CopyOnWriteArrayList<>();

  @AutoClose
  private final TestWorkflowEnvironment environment =
      TestTemporal.skippingTime(new OutgoingSignals((signal, send) -> noted(signal)));

  private final WorkflowClient client = environment.getWorkflowClient();

  @Test
  void twoThousandAreToldOnceEachWithinHalfAMinute() {
    FrozenWorkflow frozen = start(IntStream.range(0, 2_000).mapToObj(this::held).toList());
    frozen.ended();
    environment.sleep(Duration.ofSeconds(30));
    assertThat(told).doesNotHaveDuplicates().hasSize(2_000);
    assertThat(frozen.state()).isEqualTo(FrozenState.empty());
  }

  @Test
  void nobodyIsToldBeforeAFreezeEndsAndItIsForgottenWhoContinuedUntold() {
    FrozenWorkflow frozen =
        start(
            List.of(
                new Held("promotion/m/1", now().plus(Duration.ofHours(1))),
                new Held("promotion/m/2", now().plus(Duration.ofDays(1)))));
    environment.sleep(Duration.ofHours(2));
    frozen.hold(new Held("promotion/m/3", now().plus(Duration.ofDays(2))));
    environment.sleep(Duration.ofHours(30));
    assertThat(told).isEmpty();

    frozen.ended();
    awaitEnd(frozen);
    assertThat(told).containsExactly("promotion/m/3");
  }

  @Test
  void whoIsStillHeldUpAndComesAgainIsToldOfTheNextEnd() {
    FrozenWorkflow frozen = start(List.of(held(1), held(2)));
    frozen.ended();
    frozen.hold(held(1));
    environment.sleep(Duration.ofSeconds(10));
    assertThat(told).containsExactlyInAnyOrder("promotion/m/1", "promotion/m/2");
    frozen.ended();
    awaitEnd(frozen);
    assertThat(told).containsExactlyInAnyOrder("promotion/m/1", "promotion/m/2", "promotion/m/1");
  }

  @Test
  void onesThatAreGoneKeepNobodyElseFromBeingTold() {
    gone = "promotion/m/1";
    FrozenWorkflow frozen = start(List.of(held(1), held(2)));
    frozen.ended();
    awaitEnd(frozen);
    assertThat(told).containsExactly("promotion/m/2");
  }

  @Test
  void aCancelIsIgnoredAndWhatIsNoPromotionIsNotHeldUp() {
    FrozenWorkflow frozen = start(List.of(held(1)));
    WorkflowStub stub = WorkflowStub.fromTyped(frozen);
    stub.cancel();
    stub.signal("hold");
    frozen.hold(new Held("lane/prod/m", now().plus(Duration.ofDays(1))));
    frozen.hold(new Held("promotion/" + "x".repeat(5_000), now().plus(Duration.ofDays(1))));
    assertThat(frozen.state().held()).containsExactly(held(1));
    frozen.ended();
    environment.sleep(Duration.ofSeconds(10));
    assertThat(told).containsExactly("promotion/m/1");
  }

  @Test
  void itContinuesInANewRunWhileItTellsAndForgetsNobody() {
    FrozenWorkflow frozen = start(IntStream.range(0, 500).mapToObj(this::held).toList());
    WorkflowStub stub = WorkflowStub.fromTyped(frozen);
    for (int i = 0; i < 3; i++) {
      stub.signal("noise", "x".repeat(1_500_000));
    }
    frozen.ended();
    frozen.hold(held(1_000));
    environment.sleep(Duration.ofMinutes(1));
    FrozenWorkflow next = client.newWorkflowStub(FrozenWorkflow.class, "frozen/prod");
    assertThat(client.fetchHistory("frozen/prod").getHistory().getEvents(0))
        .matches(
            event ->
                !event
                    .getWorkflowExecutionStartedEventAttributes()
                    .getContinuedExecutionRunId()
                    .isEmpty(),
            "a later run");
    assertThat(told).doesNotHaveDuplicates().hasSize(500);
    assertThat(next.state().held()).containsExactly(held(1_000));
  }

  private volatile String gone = "";

  private Held held(int number) {
    return new Held("promotion/m/" + number, Instant.parse("2999-01-01T00:00:00Z"));
  }

  private Instant now() {
    return Instant.ofEpochMilli(environment.currentTimeMillis());
  }

  private FrozenWorkflow start(List<Held> held) {
    environment
        .newWorker(Queues.PORTAGE)
        .registerWorkflowImplementationTypes(FrozenWorkflowImpl.class);
    environment.start();
    FrozenWorkflow frozen =
        client.newWorkflowStub(
            FrozenWorkflow.class, TestTemporal.withId(FrozenWorkflow.idOf("prod")));
    WorkflowClient.start(frozen::run, new FrozenState(held, List.of()));
    return frozen;
  }

  private static void awaitEnd(FrozenWorkflow frozen) {
    WorkflowStub.fromTyped(frozen).getResult(Void.class);
  }

  private SignalExternalOutput noted(SignalExternalInput signal) {
    String promotion = signal.getExecution().getWorkflowId();
    if (promotion.equals(gone)) {
      return OutgoingSignals.failed("gone");
    }
    told.add(promotion);
    return OutgoingSignals.arrived();
  }
}
