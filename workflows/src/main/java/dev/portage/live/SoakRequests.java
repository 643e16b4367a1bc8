package dev.portage.live;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How many requests a version had within a soak, counted from gauges of one minute. A minute that
 * began before the soak had another share of the traffic, so it counts nothing; of two minutes that
 * overlap, the overlap counts once; and between two that don't, as many are taken to have come in
 * each minute as in the later one.
 */
final class SoakRequests {

  /** A gauge of Databricks is of one minute. */
  static final Duration GAUGE = Duration.ofMinutes(1);

  private final Instant first;
  private Instant counted;
  private double requests;

  /**
   * @param begun when the soak began
   */
  SoakRequests(Instant begun) {
    this.first = begun.plus(GAUGE);
    this.counted = begun;
  }

  /** When a gauge tells of nothing but the soak for the first time. */
  Instant first() {
    return first;
  }

  /**
   * Counts what a gauge says.
   *
   * @param read when it was read
   * @param lastMinute requests of the version in the minute until then; null where that is not
   *     known: then none came, as far as anyone knows
   */
  void count(Instant read, @Nullable Double lastMinute) {
    if (read.isBefore(first)) {
      return;
    }
    if (lastMinute != null) {
      requests += lastMinute * Duration.between(counted, read).toMillis() / GAUGE.toMillis();
    }
    counted = read;
  }

  /** So many came, as far as is known. */
  double requests() {
    return requests;
  }
}
