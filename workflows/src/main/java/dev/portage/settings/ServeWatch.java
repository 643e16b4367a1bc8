package dev.portage.settings;

import java.time.Duration;

/**
 * How a version is watched once it has all of the traffic.
 *
 * @param lasts how long
 * @param every time between two looks
 */
public record ServeWatch(Duration lasts, Duration every) {

  /**
   * Time between two looks where the file says none: the metrics of Databricks are of one minute.
   */
  private static final Duration EVERY = Duration.ofMinutes(1);

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** The longest watch: what a version does wrong after that is no fault of its release. */
  static final Duration MOST = Duration.ofDays(60);

  /** Each look is some ten events in histories of Temporal, and as many requests to the version. */
  static final long MOST_LOOKS = 100_000;

  /** A watch whose looks are as far apart as usual. */
  public static ServeWatch of(Duration lasts) {
    Duration tenth = lasts.dividedBy(10);
    Duration every = tenth.compareTo(EVERY) < 0 ? tenth : EVERY;
    return new ServeWatch(lasts, every.compareTo(SHORTEST) < 0 ? SHORTEST : every);
  }

  /** How long after a look that found a broken limit the one follows that confirms it. */
  public Duration untilConfirmed() {
    return every.compareTo(EVERY) < 0 ? every : EVERY;
  }

  /** As people read it: {@code 24h, a look each 1m}. */
  public String text() {
    return WrittenDuration.text(lasts) + ", a look each " + WrittenDuration.text(every);
  }
}
