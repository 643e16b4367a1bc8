package dev.portage.localworkspace.jobs;

import dev.portage.localworkspace.protocol.ApiRefusal;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Date;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TimeZone;
import java.util.regex.Pattern;
import org.quartz.CronExpression;

/** Checks a schedule with Quartz itself, which Databricks runs. */
final class QuartzCron {
  /** Zones that {@link TimeZone} knows; it takes anything else for GMT. */
  private static final Set<String> ZONES = Set.of(TimeZone.getAvailableIDs());

  private static final Pattern OFFSET =
      Pattern.compile(
          "GMT[+-](?:1?[0-9]|2[0-3])(?::[0-5][0-9])?|GMT[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9]");

  private QuartzCron() {}

  /**
   * Refuses an expression that Quartz could not run or that never fires, or a time zone that does
   * not exist.
   *
   * @throws ApiRefusal saying what is wrong
   */
  static void check(String expression, String timeZone, InstantSource clock) {
    if (!ZONES.contains(timeZone) && !OFFSET.matcher(timeZone).matches()) {
      throw ApiRefusal.invalidParameter("Unknown 'schedule.timezone_id': '" + timeZone + "'");
    }
    if (!fires(expression, timeZone, clock)) {
      throw wrong(expression, "based on the configured schedule, the trigger will never fire");
    }
  }

  private static boolean fires(String expression, String timeZone, InstantSource clock) {
    try {
      CronExpression cron = new CronExpression(expression);
      cron.setTimeZone(TimeZone.getTimeZone(timeZone));
      return cron.getNextValidTimeAfter(Date.from(clock.instant())) != null;
    } catch (ParseException e) {
      throw wrong(expression, String.valueOf(e.getMessage()));
    } catch (NoSuchElementException e) {
      // Quartz searches for a field's first value where there is none.
      return false;
    }
  }

  private static ApiRefusal wrong(String expression, String why) {
    return ApiRefusal.invalidParameter(
        "Invalid quartz cron expression '" + expression + "': " + why);
  }
}
