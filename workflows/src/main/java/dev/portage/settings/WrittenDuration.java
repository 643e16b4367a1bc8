package dev.portage.settings;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them in both files: {@code 90m}, {@code 1h30m}, {@code 2 weeks}, or ISO
 * 8601 ({@code PT90M}). Each unit appears at most once, larger ones first; a number without a unit
 * is not a duration.
 */
public final class WrittenDuration {
  /** What may be written, for messages. */
  public static final String ALLOWED =
      "90m, 6h, 14d, 1h30m and the like (w, d, h, m, s), or ISO 8601 such as PT90M; at most 999 days";

  /** Of the schemas too, so that an editor refuses what is refused here. */
  static final String PATTERN =
      "^(?:(?=[0-9])"
          + unit(3, "w|weeks?")
          + unit(3, "d|days?")
          + unit(5, "h|hrs?|hours?")
          + unit(7, "m|mins?|minutes?")
          + unit(8, "s|secs?|seconds?")
          + "|P(?=.)(?:([0-9]{1,3})W)?(?:([0-9]{1,3})D)?"
          + "(?:T(?=.)(?:([0-9]{1,5})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,8})S)?)?)$";

  private static final Pattern WRITTEN = Pattern.compile(PATTERN);
  private static final Duration MOST = Duration.ofDays(999);

  /** Of the five units in each form's groups. */
  private static final long[] SECONDS = {604_800, 86_400, 3_600, 60, 1};

  private WrittenDuration() {}

  private static String unit(int digits, String names) {
    return "(?:([0-9]{1," + digits + "}) ?(?:" + names + ") ?)?";
  }

  /**
   * The duration, which may be zero.
   *
   * @return empty for what is no duration, or more than 999 days
   */
  public static Optional<Duration> read(String text) {
    Matcher matcher = WRITTEN.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long seconds = 0;
    for (int group = 1; group <= matcher.groupCount(); group++) {
      String number = matcher.group(group);
      if (number != null) {
        seconds += Long.parseLong(number) * SECONDS[(group - 1) % SECONDS.length];
      }
    }
    Duration read = Duration.ofSeconds(seconds);
    return read.compareTo(MOST) > 0 ? Optional.empty() : Optional.of(read);
  }

  /**
   * What is wrong with a duration that has to be longer than nothing.
   *
   * @param key as the message names it, {@code train.timeout}
   * @return empty where nothing is
   */
  public static Optional<String> fault(String key, String text) {
    Optional<Duration> read = read(text);
    if (read.isEmpty()) {
      return Optional.of(key + " is \"" + text + "\", which is not a valid duration");
    }
    return read.get().isZero()
        ? Optional.of(key + " must be greater than zero, not " + text)
        : Optional.empty();
  }

  /** The shortest way to write it, to the second: {@code 14d}, {@code 12h}, {@code 1h30m}. */
  public static String text(Duration duration) {
    StringBuilder text = new StringBuilder();
    append(text, duration.toDays(), "d");
    append(text, duration.toHoursPart(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void append(StringBuilder text, long number, String unit) {
    if (number != 0) {
      text.append(number).append(unit);
    }
  }
}
