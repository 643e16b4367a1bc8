package dev.portage.settings;

import java.math.BigDecimal;
import java.math.MathContext;

/** Formats metrics for people. */
public final class Numbers {

  private Numbers() {}

  /**
   * At most six significant digits, without an exponent where that is shorter; NaN and infinities
   * by name.
   */
  public static String text(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
    return Math.abs(rounded.scale()) > 12 ? rounded.toString() : rounded.toPlainString();
  }
}
