package dev.portage.transfer;

import java.util.function.LongSupplier;

/**
 * Finds how many small transfers at once get the most through. A store with high latency performs
 * better with more concurrency; a single-process server performs worse, since its threads compete.
 * So it starts with a few, tries twice as many and half as many in turn, and keeps what was better.
 * Not thread-safe.
 */
final class Concurrency {
  private static final int START = 4;

  /** Of so much as this a transfer costs about as much for its bytes as for the question. */
  private static final double COSTLY_BYTES = 64 * 1024;

  /** How much more must come through for twice as many to be worth it. */
  private static final double WORTH = 1.3;

  /** How much must still come through with half as many. */
  private static final double AS_GOOD = 0.95;

  private static final int SAMPLES_EACH = 4;
  private static final int LEAST_SAMPLES = 8;

  /** Samples with the same number, between two tries. */
  private static final int REST = 6;

  private final int most;
  private final LongSupplier nanos;

  private int limit;
  private long began;
  private int seen;
  private double cost;

  /** The first sample is no measure: connections are made, and code is new. */
  private boolean warm;

  private boolean up = true;
  private int rest;

  /** What came through a second with the number that is kept; 0 when it is not known. */
  private double kept;

  /** The number that is kept while another is tried; 0 when none is. */
  private int before;

  /** At most so many. */
  Concurrency(int most) {
    this(most, System::nanoTime);
  }

  Concurrency(int most, LongSupplier nanos) {
    this.most = most;
    this.nanos = nanos;
    this.limit = Math.min(START, most);
    this.began = nanos.getAsLong();
  }

  /** How many it is now. */
  int now() {
    return limit;
  }

  /** A small transfer has ended. */
  void done(long bytes) {
    cost += 1 + bytes / COSTLY_BYTES;
    if (++seen < Math.max(LEAST_SAMPLES, SAMPLES_EACH * limit)) {
      return;
    }
    long now = nanos.getAsLong();
    double rate = cost / Math.max(1, now - began);
    began = now;
    seen = 0;
    cost = 0;
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
