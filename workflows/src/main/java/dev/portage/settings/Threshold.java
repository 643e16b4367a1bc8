package dev.portage.settings;

/**
 * A limit for one metric; its direction also says which of two models is the better one.
 *
 * @param metric name as the run logs it
 * @param direction which side is good
 * @param limit the limit itself, finite
 * @param tolerance by how much the candidate may be worse than the champion; 0 for not at all
 */
public record Threshold(String metric, Direction direction, double limit, double tolerance) {

  /** Which side of a limit is good. */
  public enum Direction {
    AT_LEAST(">="),
    AT_MOST("<=");

    private final String sign;

    Direction(String sign) {
      this.sign = sign;
    }

    /** How it is written in {@code promotion.yaml}. */
    public String sign() {
      return sign;
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

  /** As written in {@code promotion.yaml}: {@code >= 0.8}. */
  public String text() {
    return direction.sign() + " " + Numbers.text(limit);
  }
}
