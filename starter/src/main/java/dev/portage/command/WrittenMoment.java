package dev.portage.command;

import dev.portage.freeze.FreezeTime;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A point in time as someone typed it.
 *
 * @param at the point in time
 * @param assumed what was assumed where the text leaves something open, in one line; null if it
 *     says all
 */
record WrittenMoment(Instant at, @Nullable String assumed) {

  private static final String EXAMPLES =
      "write for example 2026-11-29T10:00:00Z, 2026-11-29T10:00+01:00, or \"2026-11-29 10:00\" for the"
          + " time zone of this machine";

  /**
   * Reads a text as it is meant on this machine.
   *
   * @param option the option it belongs to, for messages
   * @throws UsageException when it is no point in time, one of the future, or before 1970
   */
  static WrittenMoment of(String option, String text, Clock clock) {
    WrittenMoment moment =
        read(text, clock)
            .orElseThrow(() ->
                new UsageException(
                    option + " \"" + text + "\" is not a point in time; " + EXAMPLES));
    if (moment.at().isAfter(clock.instant())) {
      throw new UsageException(
          option
              + " "
              + moment.at()
              + " is in the future; what is live now: leave "
              + option
              + " out");
    }
    if (moment.at().isBefore(Instant.EPOCH)) {
      throw new UsageException(option + " " + moment.at() + " is before 1970; " + EXAMPLES);
    }
    return moment;
  }

  /**
   * Reads a text that means a time to come, as it is meant on this machine. A day alone is refused:
   * whether it ends before or after that day is open. So is a time that a change of clocks skips or
   * repeats.
   *
   * @param option the option it belongs to, for messages
   * @throws UsageException when it is no such time, or has passed
   */
  static WrittenMoment toCome(String option, String text, Clock clock) {
    WrittenMoment end;
    try {
      Instant at = FreezeTime.read(text, clock.getZone());
      end =
          FreezeTime.namesZone(text)
              ? new WrittenMoment(at, null)
              : assumed(text, at.atZone(clock.getZone()));
    } catch (FreezeTime.WrongTimeException wrong) {
      throw new UsageException(option + ": " + wrong.getMessage() + "; write " + wrong.allowed());
    }
    if (!end.at().isAfter(clock.instant())) {
      throw new UsageException(
          option
              + ": "
              + end.at()
              + " is in the past, and nothing was changed; write a time to come");
    }
    return end;
  }

  /** A text that names a zone in words is read as the end of a freeze is. */
  private static Optional<WrittenMoment> read(String text, Clock clock) {
    // The T between day and time is hard to remember.
    String typed = text.strip().replaceFirst("^(\\S+) +(\\d)", "$1T$2");
    return parsed(typed, whole -> ZonedDateTime.parse(whole, DateTimeFormatter.ISO_ZONED_DATE_TIME))
        .map(whole -> new WrittenMoment(whole.toInstant(), null))
        .or(() ->
            parsed(typed, LocalDateTime::parse)
                .map(local -> assumed(text, local.atZone(clock.getZone()))))
        .or(() ->
            parsed(typed, LocalDate::parse)
                .map(day -> assumed(text, day.atStartOfDay(clock.getZone()))))
        .or(() -> named(text));
  }

  private static Optional<WrittenMoment> named(String text) {
    try {
      return Optional.of(new WrittenMoment(FreezeTime.read(text), null));
    } catch (FreezeTime.WrongTimeException none) {
      return Optional.empty();
    }
  }

  private static WrittenMoment assumed(String text, ZonedDateTime meant) {
    return new WrittenMoment(
        meant.toInstant(),
        "\""
            + text.strip()
            + "\" names no time zone: taken as "
            + meant.toOffsetDateTime()
            + ", by the time zone of this machine ("
            + meant.getZone().getDisplayName(TextStyle.FULL, Locale.ENGLISH)
            + ")");
  }

  private static <T> Optional<T> parsed(String text, Function<String, T> reading) {
    try {
      return Optional.of(reading.apply(text));
    } catch (DateTimeException unlike) {
      return Optional.empty();
    }
  }
}
