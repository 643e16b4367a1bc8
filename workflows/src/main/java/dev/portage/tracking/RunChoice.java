package dev.portage.tracking;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of several runs with a model is promoted, if training leaves more than one.
 *
 * @param best whether the highest or the lowest value is the best
 * @param metric a metric of the runs
 */
public record RunChoice(Best best, String metric) {
  private static final Pattern WRITTEN = Pattern.compile("(highest|lowest) +(\\S.*)");

  /** Which value of a metric is the best. */
  public enum Best {
    HIGHEST,
    LOWEST
  }

  /** Parses {@code lowest rmse}; empty for anything else. */
  public static Optional<RunChoice> read(String text) {
    Matcher matcher = WRITTEN.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Best best = text.startsWith("highest") ? Best.HIGHEST : Best.LOWEST;
    return Optional.of(new RunChoice(best, text.substring(matcher.start(2))));
  }

  /** As it is written. */
  public String text() {
    return (best == Best.HIGHEST ? "highest " : "lowest ") + metric;
  }
}
