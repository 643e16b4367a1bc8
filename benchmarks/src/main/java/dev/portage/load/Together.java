package dev.portage.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** The same for many promotions in parallel. */
final class Together {
  private Together() {}

  /**
   * What comes of each, in the order in which they were given.
   *
   * @param atOnce how many at most at the same time
   * @throws LoadException with the first failure, when all have ended
   */
  static <A, B> List<B> each(List<A> given, int atOnce, Function<A, B> work) {
    Semaphore slots = new Semaphore(atOnce);
    List<Future<B>> futures = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (A one : given) {
        futures.add(
            threads.submit(() -> {
              slots.acquire();
              try {
                return work.apply(one);
              } finally {
                slots.release();
              }
            }));
      }
    }
    List<B> results = new ArrayList<>();
    for (Future<B> future : futures) {
      results.add(result(future));
    }
    return results;
  }

  /** All of them at the same time. */
  static <A, B> List<B> all(List<A> given, Function<A, B> work) {
    return each(given, Math.max(1, given.size()), work);
  }

  /**
   * The result of one.
   *
   * @throws LoadException when it failed
   */
  static <B> B result(Future<B> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof LoadException told) {
        throw told;
      }
      throw new LoadException(
          cause.getCause() == null ? String.valueOf(cause) : cause + ": " + cause.getCause(),
          cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LoadException("interrupted", e);
    }
  }
}
