package dev.portage.settings;

import java.math.BigDecimal;

/**
 * A limit for one metric; its direction also says which of two models is better.
 *
 * @param metric name as the run logs it
 * @param direction which side is good
 * @param limit the limit itself, finite
 * @param tolerance by how much the candidate may be worse than the champion; 0 for not at all
 */
public record Threshold(String metric, Direction direction, double limit, double tolerance) {

  /** Which side of a limit is good. */
  public enum Direction {
    AT_LEAST(">=", "at least"),
    AT_MOST("<=", "at most");

    private final String sign;
    private final String words;

    Direction(String sign, String words) {
      this.sign = sign;
      this.words = words;
    }

    /** How it is written in {@code promotion.yaml}. */
    public String sign() {
      return sign;
    }

    /** How it reads in messages. */
    public String words() {
      return words;
    }
  }

  /** Whether a value keeps the limit; NaN never does. */
  public boolean holds(double value) {
    return switch (direction) {
      case AT_LEAST -> value >= limit;
      case AT_MOST -> value <= limit;
    };
  }

  /** Whether a value is not worse than another one by more than the tolerance; NaN always is. */
  public boolean notWorse(double value, double than) {
    return switch (direction) {
      case AT_LEAST -> value >= than - tolerance;
      case AT_MOST -> value <= than + tolerance;
    };
  }

  /** The limit in words: {@code at least 0.8}. */
  public String words() {
    return direction.words() + " " + Numbers.text(limit);
  }

  /**
   * What is not worse than a value, in words: {@code at least 0.79 (champion 0.8, tolerance 0.01)}.
   */
  public String notWorseThan(double champion) {
    if (tolerance == 0 || !Double.isFinite(champion)) {
      return direction.words() + " " + Numbers.text(champion) + " (champion)";
    }
    // In decimals, since in binary ones 0.8 - 0.01 has sixteen digits.
    BigDecimal by = BigDecimal.valueOf(tolerance);
    BigDecimal live = BigDecimal.valueOf(champion);
    BigDecimal bound = direction == Direction.AT_LEAST ? live.subtract(by) : live.add(by);
    return direction.words()
        + " "
        + Numbers.text(bound.doubleValue())
        + " (champion "
        + Numbers.text(champion)
        + ", tolerance "
        + Numbers.text(tolerance)
        + ")";
  }

  /** As written in {@code promotion.yaml}: {@code >= 0.8}. */
  public String text() {
    return direction.sign() + " " + Numbers.text(limit);
  }
}
