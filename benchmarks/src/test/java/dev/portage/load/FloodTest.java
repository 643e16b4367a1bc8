package dev.portage.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FloodTest {
  private static final Status FULL =
      Status.INVALID_ARGUMENT.withDescription(
          "exceeded workflow execution limit for signal events");
  private static final Status CLOSING =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "workflow operation can not be applied because workflow is closing");

  private final Set<Integer> sent = ConcurrentHashMap.newKeySet();
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void whatTheServerDoesNotTakeIsCountedAndSentAgain() {
    Flood flood = new Flood(4, Duration.ofMinutes(1));

    flood.send(
        20,
        number -> {
          int call = calls.incrementAndGet();
          if (call > 5 && call <= 12) {
            throw refused(call % 2 == 0 ? FULL : CLOSING);
          }
          sent.add(number);
        });

    assertThat(sent).hasSize(20);
    assertThat(flood.taken()).isEqualTo(20);
    assertThat(flood.refused()).isEqualTo(7);
  }

  @Test
  void itStopsWhenTheWorkflowHasEnded() {
    Flood flood = new Flood(1, Duration.ofMinutes(1));

    flood.send(
        20,
        number -> {
          if (calls.incrementAndGet() > 3) {
            throw new WorkflowNotFoundException(execution(), "PromotionWorkflow", null);
          }
          sent.add(number);
        });

    assertThat(calls).hasValue(4);
    assertThat(sent).hasSize(3);
    assertThat(flood.taken()).isEqualTo(3);
  }

  @Test
  void anyOtherAnswerIsAFailure() {
    assertThatThrownBy(() ->
            new Flood(1, Duration.ofMinutes(1))
                .send(
                    1,
                    _ -> {
                      throw refused(Status.INVALID_ARGUMENT.withDescription("no such name"));
                    }))
        .isInstanceOf(LoadException.class)
        .hasStackTraceContaining("no such name");
  }

  @Test
  void itDoesNotTryForEver() {
    assertThatThrownBy(() ->
            new Flood(1, Duration.ZERO)
                .send(
                    1,
                    _ -> {
                      throw refused(FULL);
                    }))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("signal 0 is still refused");
  }

  private static WorkflowServiceException refused(Status status) {
    return new WorkflowServiceException(
        execution(), "PromotionWorkflow", status.asRuntimeException());
  }

  private static WorkflowExecution execution() {
    return WorkflowExecution.newBuilder().setWorkflowId("promotion/junk/v1").build();
  }
}
