package dev.portage.text;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Times as people read them where nobody knows their time zone: in a message, or a timer's name.
 */
public final class Utc {

  private static final DateTimeFormatter SECONDS = format("yyyy-MM-dd HH:mm:ss 'UTC'");
  private static final DateTimeFormatter MINUTES = format("yyyy-MM-dd HH:mm 'UTC'");

  private Utc() {}

  /** {@code 2026-12-31 18:00:05 UTC}. */
  public static String seconds(Instant at) {
    return SECONDS.format(at);
  }

  /** {@code 2026-12-31 18:00 UTC}. */
  public static String minutes(Instant at) {
    return MINUTES.format(at);
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
