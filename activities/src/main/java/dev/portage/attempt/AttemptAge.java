package dev.portage.attempt;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInfo;
import java.time.Duration;

/**
 * How often and for how long an activity has been attempted.
 *
 * @param attempt 1 for the first
 * @param since time since the first attempt was scheduled
 */
public record AttemptAge(int attempt, Duration since) {

  /**
   * How long a server may take to list what it has just created, before Portage says that someone
   * deleted it.
   */
  private static final Duration LISTED_BY = Duration.ofMinutes(2);

  /** A first attempt, just now. */
  public static AttemptAge justNow() {
    return new AttemptAge(1, Duration.ZERO);
  }

  /** The activity that runs on this thread; outside an activity, a first attempt just now. */
  public static AttemptAge here() {
    ActivityInfo info;
    try {
      info = Activity.getExecutionContext().getInfo();
    } catch (IllegalStateException _) {
      return justNow();
    }
    long since = System.currentTimeMillis() - info.getScheduledTimestamp();
    return new AttemptAge(info.getAttempt(), Duration.ofMillis(Math.max(since, 0)));
  }

  /** Whether what is still not listed can be said to be gone. */
  public boolean longEnough() {
    return since.compareTo(LISTED_BY) >= 0;
  }
}
