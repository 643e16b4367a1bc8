package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.approval.Receipt;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.TemporalFailure;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Updates that people send by hand from the Web UI, and that can't count. */
class RefusedUpdatesTest {

  private final PromotionEngine engine = new PromotionEngine();

  @AfterEach
  void close() {
    engine.close();
  }

  static Stream<Arguments> updates() {
    return Stream.of(
        Arguments.of("approve", "yes", "can't be read"),
        Arguments.of("approve", List.of(1), "can't be read"),
        Arguments.of("approve", Map.of("request", "prod-1"), "doesn't say who sent it"),
        Arguments.of("approve", Map.of("request", "prod-7", "by", "ana@example.com"), "prod-1"),
        Arguments.of("approve", Map.of("request", "prod-1", "by", "eve@example.com"), "can't"),
        Arguments.of("approve", Map.of("request", "prod-1", "by", "kim@example.com"), "can't"),
        Arguments.of("reject", Map.of("request", "prod-1", "by", "eve@example.com"), "can't"),
        Arguments.of("resume", Map.of("by", "ana@example.com"), ""),
        Arguments.of("aprove", Map.of("by", "ana@example.com"), "unknown message"));
  }

  @ParameterizedTest
  @MethodSource("updates")
  void isListedLikeASignalAndComesBackAsAReasonWithoutAStackTrace(
      String name, Object input, String reason) {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);

    WorkflowUpdateException refused =
        catchThrowableOfType(
            WorkflowUpdateException.class, () -> promotion.update(name, Receipt.class, input));

    TemporalFailure failure = (TemporalFailure) Objects.requireNonNull(refused.getCause());
    assertThat(failure.getOriginalMessage()).contains(reason);
    assertThat(
            engine.history(promotion).getEvents().stream()
                .filter(HistoryEvent::hasWorkflowExecutionUpdateCompletedEventAttributes)
                .map(event ->
                    event
                        .getWorkflowExecutionUpdateCompletedEventAttributes()
                        .getOutcome()
                        .getFailure()
                        .getStackTrace()))
        .containsExactly("");
    assertThat(PromotionEngine.status(promotion).refused())
        .singleElement()
        .satisfies(listed -> {
          assertThat(listed.message()).startsWith(name);
          assertThat(failure.getOriginalMessage()).contains(listed.reason());
        });
  }

  @Test
  void anEndHasNoStackTraceEither() {
    engine.world.metrics = Map.of("rmse", 99.0);
    WorkflowStub promotion = engine.start();
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class))
        .isInstanceOf(WorkflowFailedException.class);
    assertThat(
            engine
                .history(promotion)
                .getLastEvent()
                .getWorkflowExecutionFailedEventAttributes()
                .getFailure()
                .getStackTrace())
        .isEmpty();
  }
}
