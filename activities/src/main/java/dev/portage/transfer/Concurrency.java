package dev.portage.transfer;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many transfers are in flight: the one feedback loop of a copy. It starts with as many as the
 * setting allows, measures what gets through, and in turn tries half as many and twice as many:
 * half as many stay if they get as much through, twice as many if they get much more through. A
 * store with high latency needs many; a single-process server performs worse with them, since its
 * threads compete. A 429 or 503 halves the number and pauses for as long as the server asks; a
 * request without a response lowers it by a fifth. Safe for several threads.
 */
final class Concurrency {
  /** If a server doesn't say how long to pause. Doubles while it stays busy. */
  static final Duration PAUSE = Duration.ofMillis(100);

  /** If a server asks for a longer pause, Temporal waits for it, not a thread. */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final double LOWERED_BY_SILENCE = 0.8;
  private static final int LEAST_BY_SILENCE = 2;

  /** Of so much as this a transfer costs about as much for its bytes as for the request. */
  private static final double COSTLY_BYTES = 64 * 1024;

  /** How much more must get through for twice as many to be worth it. */
  private static final double WORTH = 1.3;

  /** How much must still get through with half as many. */
  private static final double AS_GOOD = 0.95;

  private static final int TRANSFERS_EACH = 4;
  private static final int LEAST_TRANSFERS = 8;

  /** Measurements with the same number, between two tries. */
  private static final int REST = 6;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final int most;
  private final LongSupplier nanos;

  private int limit;
  private int inFlight;
  private long entered;

  /** Transfers that entered before this one say nothing about the limit as it is now. */
  private long loweredAt;

  private long pauseEnds;
  private int pauses;

  /** When the measurement started, and what has ended since. */
  private long began;

  private int ended;
  private double cost;

  /** The first measurement doesn't count: connections are opened, and code is new. */
  private boolean warm;

  private boolean up;
  private int rest = REST;

  /** What got through in a second with the number that is kept; 0 while it isn't known. */
  private double kept;

  /** The number that is kept while another is tried; 0 if none is. */
  private int before;

  /** At most this many at once. */
  Concurrency(int most) {
    this(most, System::nanoTime);
  }

  Concurrency(int most, LongSupplier nanos) {
    this.most = most;
    this.limit = most;
    this.nanos = nanos;
    this.pauseEnds = nanos.getAsLong();
    this.began = pauseEnds;
  }

  /** The largest number it may ever be. */
  int most() {
    return most;
  }

  /** The number it may be now. */
  int now() {
    lock.lock();
    try {
      return limit;
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
        } else if (inFlight < limit) {
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
      return inFlight < limit && pauseEnds - nanos.getAsLong() <= 0 ? slot() : null;
    } finally {
      lock.unlock();
    }
  }

  private Slot slot() {
    inFlight++;
    return new Slot(++entered);
  }

  /** One transfer in flight. */
  final class Slot {
    private final long number;

    private Slot(long number) {
      this.number = number;
    }

    /** It succeeded. */
    void done(long bytes) {
      leave(() -> {
        pauses = 0;
        measure(bytes);
      });
    }

    /**
     * The server requested less.
     *
     * @param retryAfter how long to pause, null if the server doesn't say
     */
    void busy(@Nullable Duration retryAfter) {
      leave(() -> {
        Duration pause =
            retryAfter == null ? PAUSE.multipliedBy(1L << Math.min(pauses, 8)) : retryAfter;
        Duration waited = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        pauseEnds = Math.max(pauseEnds, nanos.getAsLong() + waited.toNanos());
        if (number > loweredAt) {
          pauses++;
          lower(Math.max(1, limit / 2));
        }
      });
    }

    /** There was no response, or half of one: perhaps because too many requests run at once. */
    void unanswered() {
      leave(() -> {
        if (number > loweredAt) {
          lower(Math.max(Math.min(limit, LEAST_BY_SILENCE), (int) (limit * LOWERED_BY_SILENCE)));
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

  /** Measurements from before a change of the number, or before a pause, mean nothing. */
  private void lower(int to) {
    limit = to;
    loweredAt = entered;
    before = 0;
    up = true;
    rest = REST;
    begin();
  }

  private void begin() {
    began = nanos.getAsLong();
    ended = 0;
    cost = 0;
  }

  private void measure(long bytes) {
    cost += 1 + bytes / COSTLY_BYTES;
    if (++ended < Math.max(LEAST_TRANSFERS, TRANSFERS_EACH * limit)) {
      return;
    }
    double rate = cost / Math.max(1, nanos.getAsLong() - began);
    begin();
    if (warm) {
      judge(rate);
    } else {
      warm = true;
    }
  }

  private void judge(double rate) {
    if (before == 0) {
      kept = rate;
      if (--rest <= 0) {
        attempt();
      }
      return;
    }
    boolean better = limit > before ? rate >= WORTH * kept : rate >= AS_GOOD * kept;
    if (better) {
      // Further in the same direction, at once.
      kept = rate;
      attempt();
    } else {
      limit = before;
      before = 0;
      up = !up;
      rest = REST;
    }
  }

  private void attempt() {
    int other = up ? Math.min(most, 2 * limit) : Math.max(1, limit / 2);
    before = other == limit ? 0 : limit;
    if (other == limit) {
      up = !up;
      rest = REST;
    }
    limit = other;
  }
}
