package dev.portage.transfer;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many transfers are in flight. It begins with as many as the setting allows. A 429 or 503
 * halves the number and pauses for as long as the server asks; responses that take far longer than
 * before lower it by a fifth; successes raise it again, by one for every few transfers.
 */
final class Limiter {
  /** If a server doesn't say how long to pause. Doubles while it stays busy. */
  static final Duration PAUSE = Duration.ofMillis(100);

  /** If a server asks for a longer pause, Temporal waits for it, not a thread. */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** How much longer than at its best an answer may take. */
  private static final double MUCH_SLOWER = 4;

  private static final double LOWERED_BY_LATENCY = 0.8;
  private static final int LEAST_BY_LATENCY = 2;

  /** Transfers at the full limit that raise it by one. */
  private static final double RAISE_EVERY = 3;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final int most;
  private final LongSupplier nanos;
  private final Latency small = new Latency();
  private final Latency large = new Latency();

  private double limit;
  private int inFlight;
  private long entered;

  /** Transfers that entered before this one say nothing about the limit as it is now. */
  private long loweredAt;

  private long pauseEnds;
  private int pauses;

  /** At most this many at once. */
  Limiter(int most) {
    this(most, System::nanoTime);
  }

  Limiter(int most, LongSupplier nanos) {
    this.most = most;
    this.limit = most;
    this.nanos = nanos;
    this.pauseEnds = nanos.getAsLong();
  }

  /** How many it may ever be. */
  int most() {
    return most;
  }

  /** How many it may be now. */
  int now() {
    lock.lock();
    try {
      return (int) limit;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for its turn. To be ended by one of the slot's methods. */
  Slot enter() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long pause = pauseEnds - nanos.getAsLong();
        if (pause > 0) {
          changed.awaitNanos(pause);
        } else if (inFlight < (int) limit) {
          return slot();
        } else {
          changed.await();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** A slot if there is one now. */
  @Nullable Slot tryEnter() {
    lock.lock();
    try {
      return inFlight < (int) limit && pauseEnds - nanos.getAsLong() <= 0 ? slot() : null;
    } finally {
      lock.unlock();
    }
  }

  private Slot slot() {
    inFlight++;
    return new Slot(++entered, nanos.getAsLong());
  }

  /** One transfer in flight. */
  final class Slot {
    private final long number;
    private final long began;

    private Slot(long number, long began) {
      this.number = number;
      this.began = began;
    }

    /** It went well. */
    void done(long bytes) {
      leave(() -> {
        pauses = 0;
        boolean slow =
            (bytes < PartDigests.BUFFER_BYTES ? small : large)
                .isSlow(nanos.getAsLong() - began, bytes, limit);
        if (slow && number > loweredAt) {
          lower(Math.max(Math.min(limit, LEAST_BY_LATENCY), limit * LOWERED_BY_LATENCY));
        } else {
          limit = Math.min(most, limit + 1 / (RAISE_EVERY * limit));
        }
      });
    }

    /**
     * The server asks for less.
     *
     * @param retryAfter how long it wants to be left alone, null where it does not say
     */
    void busy(@Nullable Duration retryAfter) {
      leave(() -> {
        Duration pause =
            retryAfter == null ? PAUSE.multipliedBy(1L << Math.min(pauses, 8)) : retryAfter;
        Duration waited = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        long ends = nanos.getAsLong() + waited.toNanos();
        pauseEnds = Math.max(pauseEnds, ends);
        if (number > loweredAt) {
          pauses++;
          lower(Math.max(1, limit / 2));
        }
      });
    }

    /**
     * There was no response, or only half of one: perhaps because too many requests run at once.
     */
    void unanswered() {
      leave(() -> {
        if (number > loweredAt) {
          lower(Math.max(Math.min(limit, LEAST_BY_LATENCY), limit * LOWERED_BY_LATENCY));
        }
      });
    }

    /** It failed in a way that says nothing about the server's load. */
    void failed() {
      leave(() -> {});
    }

    private void leave(Runnable change) {
      lock.lock();
      try {
        inFlight--;
        change.run();
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void lower(double to) {
    limit = to;
    loweredAt = entered;
  }

  /** How long answers take, for their size. */
  private static final class Latency {
    private double average;
    private double best = Double.MAX_VALUE;
    private long seen;

    private boolean isSlow(long nanos, long bytes, double limit) {
      double took = nanos / (1 + bytes / (double) PartDigests.BUFFER_BYTES);
      // Weighed so that about as many count as are in flight: a single slow one is no trend.
      double weight = 1 / Math.min((double) ++seen, Math.max(8, 2 * limit));
      average += weight * (took - average);
      if (seen < Math.max(8, 2 * limit)) {
        return false;
      }
      if (average > MUCH_SLOWER * best) {
        best = average;
        return true;
      }
      best = Math.min(best, average);
      return false;
    }
  }
}
