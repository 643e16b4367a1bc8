package dev.portage.load;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A line of an outcome: a figure for promotions, and beside it the one for bare workflows.
 *
 * @param what what was measured
 * @param value the measured value, with its unit
 * @param bare the same of as many bare workflows, null where there is none
 * @param ratio the first by the second, null where there is none
 */
record Figure(String what, String value, @Nullable String bare, @Nullable Double ratio) {

  /** Without a comparison. */
  static Figure of(String what, String value) {
    return new Figure(what, value, null, null);
  }

  /** Seconds compared with seconds. */
  static Figure seconds(String what, double value, double bare) {
    return new Figure(what, Spread.seconds(value), Spread.seconds(bare), ratio(value, bare));
  }

  /** Distributions side by side; the ratio is that of the slow ends. */
  static Figure spread(String what, Spread value, Spread bare) {
    return new Figure(what, value.shown(), bare.shown(), ratio(value.p99(), bare.p99()));
  }

  private static @Nullable Double ratio(double value, double bare) {
    return bare == 0 ? null : value / bare;
  }

  /** As a table shows it. */
  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s |%n",
        what,
        value,
        bare == null ? "" : bare,
        ratio == null ? "" : String.format(Locale.ROOT, "%.2f", ratio));
  }
}
