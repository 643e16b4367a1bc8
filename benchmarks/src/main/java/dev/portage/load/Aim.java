package dev.portage.load;

import java.util.Locale;

/**
 * A limit that a measurement must meet.
 *
 * @param what what is measured
 * @param value the measured value
 * @param limit what it may come to at most
 * @param unit after a number, such as " s"; empty for ratios
 */
record Aim(String what, double value, double limit, String unit) {

  /** Whether it is reached. */
  boolean reached() {
    return value <= limit;
  }

  /** As a table shows it. */
  String shown() {
    return String.format(
        Locale.ROOT,
        "%s: %.3g%s, at most %.3g%s: %s",
        what,
        value,
        unit,
        limit,
        unit,
        reached() ? "reached" : "NOT reached");
  }
}
