package dev.portage.store;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs several things at once, each on a thread of its own. The threads are virtual: interrupting
 * one closes the connection that it waits on.
 */
public final class Parallel {
  private static final Logger LOG = LoggerFactory.getLogger(Parallel.class);
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  private Parallel() {}

  /** Does something with each item, on at most so many threads. The first failure ends all. */
  public static <T> void each(Collection<T> items, int threads, Consumer<T> action) {
    Queue<T> queue = new ConcurrentLinkedQueue<>(items);
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    CompletionService<Boolean> workers = new ExecutorCompletionService<>(executor);
    try {
      int started = Math.min(threads, items.size());
      for (int i = 0; i < started; i++) {
        workers.submit(() -> {
          for (T item = queue.poll(); item != null; item = queue.poll()) {
            action.accept(item);
          }
          return true;
        });
      }
      for (int i = 0; i < started; i++) {
        awaited(workers.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopping();
    } finally {
      queue.clear();
      end(executor);
    }
  }

  /**
   * Makes one thing on a thread of its own while this thread does another, which waits for the
   * first when it needs it. Neither continues afterwards.
   */
  public static <A, B> B meanwhile(Callable<A> one, Function<Supplier<A>, B> other) {
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    try {
      Future<A> made = executor.submit(one);
      return other.apply(() -> awaited(made));
    } finally {
      end(executor);
    }
  }

  /** The result of another thread, as soon as it is there. Rethrows that thread's failure. */
  public static <T> T awaited(Future<T> made) {
    try {
      return made.get();
    } catch (ExecutionException e) {
      throw unchecked(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopping();
    }
  }

  /**
   * The same, empty if it is not there in time.
   *
   * @param longest how long to wait; what is there already is given after any time
   */
  public static <T> Optional<T> awaited(Future<T> made, Duration longest) {
    try {
      return Optional.of(made.get(Math.max(0, longest.toNanos()), TimeUnit.NANOSECONDS));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw unchecked(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopping();
    }
  }

  /** Interrupts what still runs, and waits a little for it to be gone. */
  public static void end(ExecutorService executor) {
    executor.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      if (!executor.awaitTermination(LAST_WORDS.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.warn("an aborted transfer is still ending");
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a thread failed of, to be thrown on. */
  public static RuntimeException unchecked(@Nullable Throwable cause) {
    return switch (cause) {
      case Error error -> throw error;
      case RuntimeException exception -> exception;
      case null, default -> new IllegalStateException(cause);
    };
  }

  /** Says that this worker ends before the work did. */
  public static RuntimeException stopping() {
    return Failures.of(
        Problem.of(
            FailureKind.PLATFORM,
            "copy files",
            "this worker",
            "the worker is stopping",
            "The next worker continues."));
  }
}
