package dev.portage.settings;

import org.jspecify.annotations.Nullable;

/**
 * A lowest and a highest value, both allowed.
 *
 * @param min lowest value; null for no limit
 * @param max highest value; null for no limit
 */
public record Limits(@Nullable Double min, @Nullable Double max) {

  /** Whether a value is within them; NaN never is. */
  public boolean hold(double value) {
    return !Double.isNaN(value) && (min == null || value >= min) && (max == null || value <= max);
  }

  /** In words: {@code at least 0 and at most 1}. */
  public String words() {
    return words("");
  }

  /**
   * In words, with what is multiplied: {@code at least 0.9 and at most 1.1 times the rows}.
   *
   * @param times what follows the numbers; empty for nothing
   */
  public String words(String times) {
    String least = min == null ? "" : "at least " + text(min);
    String most = max == null ? "" : "at most " + text(max);
    String both = least.isEmpty() || most.isEmpty() ? least + most : least + " and " + most;
    return times.isEmpty() ? both : both + " times " + times;
  }

  /** A number as people read it; a whole one, such as a number of rows, to its last digit. */
  public static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Numbers.text(value);
  }
}
