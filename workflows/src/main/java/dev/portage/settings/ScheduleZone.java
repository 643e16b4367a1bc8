package dev.portage.settings;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/**
 * Time zones of schedules. A file may give a name or an offset, in any form that {@link ZoneId#of}
 * accepts; Databricks accepts what {@link java.util.TimeZone} does, whose only offsets are of the
 * form {@code GMT+02:00}, to the minute.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/create">Databricks, Jobs:
 *     schedule</a>
 */
public final class ScheduleZone {

  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;

  private ScheduleZone() {}

  /**
   * The zone as Databricks takes it; the name itself where it is one. Empty where there is no such
   * zone, or it is an offset with seconds.
   */
  public static Optional<String> javaId(String zone) {
    if (ZoneId.getAvailableZoneIds().contains(zone)) {
      return Optional.of(zone);
    }
    try {
      return ZoneId.of(zone).normalized() instanceof ZoneOffset offset
          ? offset(offset.getTotalSeconds())
          : Optional.empty();
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static Optional<String> offset(int seconds) {
    if (seconds % MINUTE != 0) {
      return Optional.empty();
    }
    int ahead = Math.abs(seconds);
    return Optional.of(
        seconds == 0
            ? "UTC"
            : String.format(
                Locale.ROOT,
                "GMT%s%02d:%02d",
                seconds < 0 ? "-" : "+",
                ahead / HOUR,
                ahead % HOUR / MINUTE));
  }
}
