package dev.portage.transfer;

import dev.portage.store.Parallel;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Work on separate threads, so that heartbeats go on while bytes flow. The threads are virtual:
 * interrupting one closes the connection that it waits on.
 */
final class LongWork {
  private LongWork() {}

  /**
   * Does the work and heartbeats meanwhile. If a heartbeat says that the work must stop, it is
   * aborted and the heartbeat's exception is thrown.
   */
  static <T> T beating(Heartbeat heartbeat, Duration every, Progress progress, Callable<T> work) {
    heartbeat.beat(progress.snapshot());
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    try {
      Future<T> result = executor.submit(work);
      while (true) {
        try {
          return result.get(every.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          heartbeat.beat(progress.snapshot());
        }
      }
    } catch (ExecutionException e) {
      throw Parallel.unchecked(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Parallel.stopping();
    } finally {
      Parallel.end(executor);
    }
  }
}
