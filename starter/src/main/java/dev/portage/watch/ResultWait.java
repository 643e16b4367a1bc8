package dev.portage.watch;

import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Waits for the result of a workflow, in slices of time. While Temporal is away or busy, there is
 * no result yet: the next slice tries again, never in a loop without a pause.
 */
public final class ResultWait<T> {

  private final Supplier<CompletableFuture<T>> ask;
  private CompletableFuture<T> result;

  /**
   * The first call.
   *
   * @param ask a call that the server keeps open until the workflow ends
   */
  public ResultWait(Supplier<CompletableFuture<T>> ask) {
    this.ask = ask;
    this.result = ask.get();
  }

  /**
   * The result; empty when it does not come within this time, and not before the time is over.
   *
   * @throws ExecutionException when the workflow failed, or Temporal refuses the call
   */
  public Optional<T> within(Duration longest) throws InterruptedException, ExecutionException {
    long end = System.nanoTime() + longest.toNanos();
    try {
      return Optional.of(result.get(longest.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof WorkflowServiceException away) || !Watcher.isAway(away)) {
        throw e;
      }
      TimeUnit.NANOSECONDS.sleep(Math.max(0, end - System.nanoTime()));
      result = ask.get();
      return Optional.empty();
    }
  }
}
