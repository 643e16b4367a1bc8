package dev.portage.notice;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * When people are reminded of an open request: at half of its time, and a day before it ends. Never
 * twice within an hour, and not within an hour of the request itself.
 */
public final class ReminderTimes {

  private static final Duration APART = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private ReminderTimes() {}

  /** Half of a request's time: from then on others may decide, where the tier says so. */
  public static Instant half(Instant opened, Instant expires) {
    return opened.plus(Duration.between(opened, expires).dividedBy(2));
  }

  /** The moments, in order; empty where there is no time for one. */
  public static List<Instant> of(Instant opened, Instant expires) {
    List<Instant> times = new ArrayList<>();
    for (Instant at : inOrder(half(opened, expires), expires.minus(DAY))) {
      Instant before = times.isEmpty() ? opened : times.getLast();
      if (!at.isBefore(before.plus(APART)) && !at.isAfter(expires.minus(APART))) {
        times.add(at);
      }
    }
    return times;
  }

  private static List<Instant> inOrder(Instant one, Instant other) {
    return one.isBefore(other) ? List.of(one, other) : List.of(other, one);
  }
}
