package dev.portage.load;

import java.time.Duration;
import java.util.Collection;
import java.util.Locale;

/**
 * The distribution of durations, in seconds.
 *
 * @param count how many
 * @param p50 half are at most so long
 * @param p99 99 in 100 are at most so long; of fewer than 100, the longest
 * @param longest the longest
 */
record Spread(int count, double p50, double p99, double longest) {

  /** The spread of durations; all zero when there are none. */
  static Spread of(Collection<Duration> durations) {
    double[] sorted =
        durations.stream().mapToDouble(each -> each.toNanos() / 1e9).sorted().toArray();
    return sorted.length == 0
        ? new Spread(0, 0, 0, 0)
        : new Spread(sorted.length, at(sorted, 0.5), at(sorted, 0.99), sorted[sorted.length - 1]);
  }

  /** The smallest of which the share is at most as long. */
  private static double at(double[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  /** As a table shows it: half and nearly all. */
  String shown() {
    return String.format(Locale.ROOT, "%s / %s", seconds(p50), seconds(p99));
  }

  /** Seconds with as many digits as they are worth. */
  static String seconds(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f s" : "%.1f s", value);
  }
}
