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
   * The longest watch. At a look each minute it is some 43,000 looks in 450 runs, each of which
   * Temporal keeps until its namespace's retention is over; and the version before stays on the
   * endpoint, and is paid for, all the while.
   */
  public static final Duration LONGEST = Duration.ofDays(30);

  /**
   * Time between two looks where the file says none: the metrics of Databricks are of one minute.
   */
  private static final Duration EVERY = Duration.ofMinutes(1);

  private static final Duration SHORTEST = Duration.ofSeconds(1);

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
