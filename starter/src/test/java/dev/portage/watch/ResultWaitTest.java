package dev.portage.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class ResultWaitTest {

  private static final Duration SLICE = Duration.ofMillis(100);

  private final Deque<CompletableFuture<String>> answers = new ArrayDeque<>();

  @Test
  void aResultIsReturnedImmediately() throws Exception {
    answers.add(CompletableFuture.completedFuture("done"));
    assertThat(new ResultWait<>(answers::remove).within(Duration.ofMinutes(1))).contains("done");
  }

  @Test
  void aBusyServerIsCalledOncePerSlice() throws Exception {
    answers.add(failed(Status.RESOURCE_EXHAUSTED));
    answers.add(failed(Status.UNAVAILABLE));
    answers.add(CompletableFuture.completedFuture("done"));
    ResultWait<String> wait = new ResultWait<>(answers::remove);

    long began = System.nanoTime();
    assertThat(wait.within(SLICE)).isEmpty();
    assertThat(answers).hasSize(1);
    assertThat(wait.within(SLICE)).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isGreaterThanOrEqualTo(SLICE.multipliedBy(2));
    assertThat(wait.within(SLICE)).contains("done");
  }

  @Test
  void whatIsRefusedIsNotRetried() {
    answers.add(failed(Status.PERMISSION_DENIED));
    ResultWait<String> wait = new ResultWait<>(answers::remove);
    assertThatThrownBy(() -> wait.within(SLICE)).isInstanceOf(ExecutionException.class);
  }

  private static CompletableFuture<String> failed(Status status) {
    return CompletableFuture.failedFuture(
        new WorkflowServiceException(
            WorkflowExecution.getDefaultInstance(), "CopyWorkflow", status.asRuntimeException()));
  }
}
