package dev.portage.live;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How many requests a version had within a soak, estimated from gauges that each cover the last
 * minute. A minute that began before the soak had another share of the traffic and does not count.
 * Where two minutes overlap, the overlap counts once. The time between two that don't overlap is
 * assumed to be like the later one.
 */
final class SoakRequests {

  /** The time that a gauge of Databricks covers. */
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

  /** The first moment at which a gauge covers nothing from before the soak. */
  Instant first() {
    return first;
  }

  /**
   * Adds one reading of the gauge.
   *
   * @param read when it was read
   * @param lastMinute requests of the version in the minute until then; null if unknown, which
   *     counts as none
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

  /** How many came so far, estimated. */
  double requests() {
    return requests;
  }
}
