package dev.portage.page;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Points in time as people on this machine read them. */
public final class Moments {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter DAY_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private Moments() {}

  /** {@code 09:12} for today, otherwise {@code 2026-11-21 09:12}, in the clock's zone. */
  public static String text(Instant moment, Clock clock) {
    ZonedDateTime local = moment.atZone(clock.getZone());
    boolean today = local.toLocalDate().equals(LocalDate.now(clock));
    return local.format(today ? TIME : DAY_TIME);
  }

  /** {@code 2026-11-21 09:12}, in the clock's zone, also for today. */
  public static String dated(Instant moment, Clock clock) {
    return moment.atZone(clock.getZone()).format(DAY_TIME);
  }
}
