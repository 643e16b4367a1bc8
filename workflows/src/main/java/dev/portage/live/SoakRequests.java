package dev.portage.live;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How many requests of others a version had within a soak, estimated from gauges that each cover
 * the last minute. A minute that began before the soak had another share of the traffic and does
 * not count. Where two minutes overlap, the overlap counts once. The time between two that don't
 * overlap is assumed to be like the later one. A gauge counts Portage's own requests too, so those
 * of its minute are subtracted, even if it may not have seen all of them yet.
 */
final class SoakRequests {

  /** The time that a gauge of Databricks covers. */
  static final Duration GAUGE = Duration.ofMinutes(1);

  /**
   * Requests that Portage sent itself.
   *
   * @param at when the last of them was answered
   * @param requests how many
   */
  private record Own(Instant at, int requests) {}

  private final Instant first;
  private final Deque<Own> lately = new ArrayDeque<>();
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
   * @param read when it was read, right after Portage's own requests
   * @param lastMinute requests in the minute until then; null if unknown, which counts as none
   * @param own how many requests Portage sent for this look to whatever the gauge covers
   * @param share part of the gauge's traffic that is the version's, from 0 to 1
   */
  void count(Instant read, @Nullable Double lastMinute, int own, double share) {
    lately.addLast(new Own(read, own));
    Instant minute = read.minus(GAUGE);
    lately.removeIf(sent -> !sent.at().isAfter(minute));
    if (read.isBefore(first)) {
      return;
    }
    if (lastMinute != null) {
      int ours = lately.stream().mapToInt(Own::requests).sum();
      requests +=
          Math.max(0, lastMinute - ours)
              * share
              * Duration.between(counted, read).toMillis()
              / GAUGE.toMillis();
    }
    counted = read;
  }

  /** How many came so far from others, estimated. */
  double requests() {
    return requests;
  }
}
