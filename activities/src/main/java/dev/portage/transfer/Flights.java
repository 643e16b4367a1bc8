package dev.portage.transfer;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.store.SideBySide;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Many transfers at once, no more than the limiter lets in. A server that is busy is asked again
 * here as long as others get through meanwhile; one that lets nobody through is waited for by
 * Temporal.
 */
final class Flights {
  private static final int MOST_TRIES = 10;

  private final Limiter limiter;
  private final AtomicLong through = new AtomicLong();

  Flights(Limiter limiter) {
    this.limiter = limiter;
  }

  /** Lanes that there are, at least two: as many threads as there may ever be transfers. */
  int lanes() {
    return Math.max(2, limiter.most());
  }

  /** Does something in each lane. The first failure ends all. */
  void inLanes(Runnable lane) {
    SideBySide.each(Collections.nCopies(lanes(), lane), lanes(), Runnable::run);
  }

  /**
   * Does something with each item, as {@link #one} of its own. The first failure ends all.
   *
   * @param size bytes that it moves
   */
  <T> void each(Collection<T> items, ToLongFunction<T> size, Consumer<T> action) {
    SideBySide.each(items, lanes(), item -> one(size.applyAsLong(item), () -> action.accept(item)));
  }

  /**
   * One transfer, once it is let in.
   *
   * @param bytes that it moves
   */
  void one(long bytes, Runnable transfer) {
    for (int tries = 1; ; tries++) {
      long before = through.get();
      Limiter.Slot slot = enter();
      try {
        transfer.run();
      } catch (ApplicationFailure e) {
        if (!isBusy(e)) {
          slot.failed();
          throw e;
        }
        Duration retryAfter = e.getNextRetryDelay();
        slot.busy(retryAfter);
        if (tries == MOST_TRIES
            || through.get() == before
            || (retryAfter != null && retryAfter.compareTo(Limiter.LONGEST_PAUSE) > 0)) {
          throw e;
        }
        continue;
      } catch (RuntimeException | Error e) {
        slot.failed();
        throw e;
      }
      slot.done(bytes);
      through.incrementAndGet();
      return;
    }
  }

  private Limiter.Slot enter() {
    try {
      return limiter.enter();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.of(
          Problem.of(
              FailureKind.PLATFORM,
              "carry files",
              "this worker",
              "it was broken off",
              "The next attempt goes on with it."));
    }
  }

  /** Whether a server says that it has too much to do. */
  private static boolean isBusy(ApplicationFailure failure) {
    Integer status = Failures.statusOf(failure);
    return status != null && (status == 429 || status == 503);
  }
}
