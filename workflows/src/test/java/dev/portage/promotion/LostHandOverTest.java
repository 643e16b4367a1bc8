package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Decision;
import dev.portage.approval.Receipt;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.temporal.api.enums.v1.CommandType;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The connection between worker and Temporal breaks exactly when a promotion continues as a new
 * run. The worker counts as dead, and its successor knows only the history.
 */
class LostHandOverTest {

  private static final String JUNK = "x".repeat(1_500_000);

  private final Line line = new Line();
  @AutoClose private final PromotionEngine engine = new PromotionEngine(List.of(line));

  /** What is lost with the connection. */
  enum Lost {
    /** Temporal never learns of the new run. */
    CALL,
    /** Temporal has started the new run, and nobody knows. */
    ANSWER
  }

  @ParameterizedTest
  @EnumSource
  void itContinuesAsOneNewRunAndNothingIsDoneTwice(Lost lost) throws InterruptedException {
    WorkflowStub promotion = waiting();
    String first = engine.run(promotion);
    breaksHandingOver(promotion, lost);
    String second = nextRun(promotion, first);
    assertThat(
            engine
                .history(promotion, second)
                .getFirst()
                .getWorkflowExecutionStartedEventAttributes()
                .getContinuedExecutionRunId())
        .isEqualTo(first);
    promotion.signal("approve", by("ana@example.com", "prod-1"));
    PromotionView end = promotion.getResult(PromotionView.class);
    assertThat(end.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(end.refused()).hasSize(1);
    engine.assertOnce();
  }

  @ParameterizedTest
  @EnumSource
  void messagesInBetweenCount(Lost lost) throws InterruptedException {
    WorkflowStub promotion = waiting();
    breaksHandingOver(promotion, lost);
    promotion.signal("noise", 1);
    promotion.signal("approve", by("eve@example.com", "prod-1"));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));

    PromotionView end = promotion.getResult(PromotionView.class);
    assertThat(end.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(end.decisions()).extracting(Decision::by).containsExactly("ana@example.com");
    assertThat(end.refused()).hasSize(3);
    engine.assertOnce();
  }

  private WorkflowStub waiting() {
    WorkflowStub promotion =
        engine.start(PromotionEngine.start(List.of(), null), Duration.ofSeconds(2));
    engine.untilState(promotion, PromotionState.WAITING);
    return promotion;
  }

  private void breaksHandingOver(WorkflowStub promotion, Lost lost) throws InterruptedException {
    line.loses(lost);
    promotion.signal("noise", JUNK);
    line.broke();
  }

  private String nextRun(WorkflowStub promotion, String before) {
    Instant end = Instant.now().plusSeconds(60);
    while (engine.run(promotion).equals(before)) {
      assertThat(Instant.now()).isBefore(end);
      engine.environment.sleep(Duration.ofSeconds(1));
    }
    return engine.run(promotion);
  }

  /** Sits on the connection to the server, and cuts it once during a hand-over. */
  private static final class Line implements ClientInterceptor {
    private final CountDownLatch came = new CountDownLatch(1);
    private final AtomicReference<@Nullable Lost> next = new AtomicReference<>();

    /** What is lost at the next hand-over. */
    void loses(Lost what) {
      next.set(what);
    }

    /** Waits until it is lost. */
    void broke() throws InterruptedException {
      assertThat(came.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel channel) {
      return new SimpleForwardingClientCall<>(channel.newCall(method, options)) {
        private volatile @Nullable Lost lost;

        @Override
        public void start(Listener<A> listener, Metadata headers) {
          super.start(
              new SimpleForwardingClientCallListener<>(listener) {
                @Override
                public void onMessage(A message) {
                  if (lost == null) {
                    super.onMessage(message);
                  }
                }

                @Override
                public void onClose(Status status, Metadata trailers) {
                  if (lost == null) {
                    super.onClose(status, trailers);
                  } else {
                    // A worker retries after other errors; a dead one doesn't.
                    super.onClose(Status.NOT_FOUND.withDescription("the line is cut"), trailers);
                    came.countDown();
                  }
                }
              },
              headers);
        }

        @Override
        public void sendMessage(Q message) {
          if (handsOver(message)) {
            lost = next.getAndSet(null);
          }
          if (lost == Lost.CALL) {
            cancel("the line is cut", null);
          } else {
            super.sendMessage(message);
          }
        }

        @Override
        public void halfClose() {
          if (lost != Lost.CALL) {
            super.halfClose();
          }
        }
      };
    }

    private static boolean handsOver(Object message) {
      return message instanceof RespondWorkflowTaskCompletedRequest done
          && done.getCommandsList().stream()
              .anyMatch(command ->
                  command.getCommandType()
                      == CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION);
    }
  }
}
