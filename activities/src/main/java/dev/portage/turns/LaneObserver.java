package dev.portage.turns;

import dev.portage.lane.LaneState;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a lane's state on another thread, one read at a time, so that the waiting activity keeps
 * heartbeating: on a busy Temporal, a read takes longer than the heartbeat timeout.
 */
final class LaneObserver implements AutoCloseable {

  private final Callable<LaneState> look;
  private @Nullable FutureTask<LaneState> going;

  /**
   * @param look queries a lane's state, and may take its time
   */
  LaneObserver(Callable<LaneState> look) {
    this.look = look;
  }

  /** Begins a look, unless one is under way. */
  void begin() {
    if (going == null) {
      going = new FutureTask<>(look);
      Thread.ofVirtual().name("read a lane's state").start(going);
    }
  }

  /**
   * The result of a look, once; empty if none is under way, if it takes longer than this, and after
   * one that got no answer.
   */
  Optional<LaneState> seen(Duration longest) {
    FutureTask<LaneState> begun = going;
    if (begun == null) {
      return Optional.empty();
    }
    try {
      LaneState state = begun.get(longest.toMillis(), TimeUnit.MILLISECONDS);
      going = null;
      return Optional.of(state);
    } catch (TimeoutException notYet) {
      return Optional.empty();
    } catch (ExecutionException failure) {
      going = null;
      if (failure.getCause() instanceof WorkflowException
          || failure.getCause() instanceof StatusRuntimeException) {
        return Optional.empty();
      }
      throw new IllegalStateException("the lane's state can't be read", failure.getCause());
    } catch (InterruptedException stopping) {
      throw RequestedLane.stopping();
    }
  }

  /**
   * Stops waiting. A read under way ends on its own: the server drops an aborted query, and the
   * worker that answers it warns that it can't report its progress.
   */
  @Override
  public void close() {
    FutureTask<LaneState> begun = going;
    if (begun != null) {
      begun.cancel(false);
    }
  }
}
