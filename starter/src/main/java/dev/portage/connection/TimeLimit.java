package dev.portage.connection;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A limit for a call to Temporal including all its retries. The client's own timeouts apply to one
 * attempt, and it retries for a minute.
 */
public final class TimeLimit {

  private TimeLimit() {}

  /** Makes a call; past the limit it fails with {@code DEADLINE_EXCEEDED} or {@code CANCELLED}. */
  public static <T> T call(Duration limit, Supplier<T> call) {
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
      Context.CancellableContext limited =
          Context.current().withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS, timer);
      Context before = limited.attach();
      try {
        return call.get();
      } finally {
        limited.detach(before);
        limited.cancel(null);
        timer.shutdownNow();
      }
    }
  }

  /** Whether a call failed since nobody answered it in time. */
  public static boolean ranOut(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StatusRuntimeException status) {
        Status.Code code = status.getStatus().getCode();
        return code == Status.Code.DEADLINE_EXCEEDED || code == Status.Code.CANCELLED;
      }
    }
    return failure.getClass().getSimpleName().contains("Timeout");
  }
}
