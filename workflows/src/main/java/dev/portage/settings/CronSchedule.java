package dev.portage.settings;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks a schedule in Quartz' format, which Databricks uses: six or seven fields, seconds first.
 *
 * @see <a
 *     href="https://www.quartz-scheduler.org/documentation/quartz-2.3.0/tutorials/crontrigger.html">Quartz,
 *     Cron Trigger Tutorial</a>
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/create">Databricks, Jobs:
 *     schedule</a>
 */
public final class CronSchedule {

  private static final List<String> FIELDS =
      List.of("second", "minute", "hour", "day of month", "month", "day of week", "year");

  /** Fires at every second of every day, so that one other field alone decides. */
  private static final List<String> ALWAYS = List.of("*", "*", "*", "*", "*", "?", "*");

  private static final Pattern FIELD = Pattern.compile("[0-9A-Za-z*?/,#-]{1,200}");
  private static final Pattern YEAR = Pattern.compile("\\d{4}");
  private static final int FIRST_YEAR = 1970;

  /** Years that cron-utils certainly looks ahead. */
  private static final int FORESEEN = 50;

  private CronSchedule() {}

  /** What is wrong with an expression, beginning with "the schedule"; empty for a good one. */
  static Optional<String> fault(String expression) {
    List<String> fields = List.of(expression.strip().split("\\s+"));
    if (fields.size() < 6 || fields.size() > 7) {
      return Optional.of(
          "the schedule has " + fields.size() + (fields.size() == 1 ? " field" : " fields"));
    }
    for (int i = 0; i < fields.size(); i++) {
      if (!isGood(i, fields.get(i))) {
        return Optional.of(
            "the schedule's " + FIELDS.get(i) + " can't be \"" + fields.get(i) + "\"");
      }
    }
    if (fields.get(3).equals("?") == fields.get(5).equals("?")) {
      return Optional.of(
          "exactly one of the schedule's day of month and day of week must be \"?\"");
    }
    return fires(
            String.join(" ", CronRanges.spelledOut(fields)),
            firstDay(earliest(fields), ZoneOffset.UTC))
        ? Optional.empty()
        : Optional.of("the schedule never fires");
  }

  /**
   * Whether a good expression fires no more. One without a year fires for ever.
   *
   * @param zone its time zone, as the file names it
   */
  public static boolean isOver(String expression, String zone, Instant now) {
    List<String> fields = List.of(expression.strip().split("\\s+"));
    if (fields.size() < 7 || fields.get(6).equals("*")) {
      return false;
    }
    ZonedDateTime first = firstDay(earliest(fields), zone(zone));
    ZonedDateTime from = now.isAfter(first.toInstant()) ? now.atZone(first.getZone()) : first;
    if (YEAR.matcher(fields.get(6))
        .results()
        .anyMatch(year -> Integer.parseInt(year.group()) > from.getYear() + FORESEEN)) {
      return false;
    }
    try {
      return parse(String.join(" ", CronRanges.spelledOut(fields)))
          .map(cron -> ExecutionTime.forCron(cron).nextExecution(from).isEmpty())
          .orElse(false);
    } catch (RuntimeException _) {
      // See fires: if cron-utils can't tell, nothing is refused.
      return false;
    }
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException _) {
      // The file is refused for it; nothing here depends on hours.
      return ZoneOffset.UTC;
    }
  }

  private static boolean isGood(int place, String field) {
    boolean isDay = place == 3 || place == 5;
    if (!FIELD.matcher(field).matches() || (isDay && isListOfWhatStandsAlone(field))) {
      return false;
    }
    List<String> alone = new ArrayList<>(ALWAYS);
    alone.set(place, field);
    if (place == 5 && !field.equals("?")) {
      alone.set(3, "?");
    } else if (place == 3 && field.equals("?")) {
      alone.set(5, "*");
    }
    return parse(String.join(" ", alone)).isPresent();
  }

  /**
   * What Quartz refuses or passes over in a list of days, though each of them alone is good: a last
   * day, a nearest weekday, an "nth" day.
   */
  private static boolean isListOfWhatStandsAlone(String field) {
    // Names of days have a W, too.
    String days = field.toUpperCase(Locale.ROOT).replaceAll("MON|TUE|WED|THU|FRI|SAT|SUN", "0");
    boolean isList = days.indexOf(',') >= 0;
    return isList && (days.indexOf('L') >= 0 || days.indexOf('W') >= 0 || days.indexOf('#') >= 0);
  }

  /** The first year that it may fire in: cron-utils searches less than a hundred years ahead. */
  private static int earliest(List<String> fields) {
    return fields.size() < 7
        ? FIRST_YEAR
        : YEAR.matcher(fields.get(6))
            .results()
            .mapToInt(year -> Integer.parseInt(year.group()))
            .min()
            .orElse(FIRST_YEAR);
  }

  private static ZonedDateTime firstDay(int year, ZoneId zone) {
    return ZonedDateTime.of(year, 1, 1, 0, 0, 0, 0, zone).minusSeconds(1);
  }

  private static boolean fires(String expression, ZonedDateTime before) {
    try {
      return parse(expression)
          .flatMap(cron -> ExecutionTime.forCron(cron).nextExecution(before))
          .isPresent();
    } catch (RuntimeException _) {
      // cron-utils 9.2 throws what it happens to, as an index out of bounds, where a day is none.
      return false;
    }
  }

  private static Optional<Cron> parse(String expression) {
    try {
      return Optional.of(
          new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.QUARTZ))
              .parse(expression)
              .validate());
    } catch (RuntimeException _) {
      // Not only IllegalArgumentException: "2#" is an index out of bounds.
      return Optional.empty();
    }
  }
}
