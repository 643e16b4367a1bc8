package dev.portage.localworkspace.jobs;

import dev.portage.localworkspace.protocol.ApiRefusal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.regex.Pattern;

/**
 * Checks a schedule in Quartz form: seconds, minutes, hours, day of month, month, day of week, and
 * perhaps a year.
 *
 * @see <a
 *     href="https://www.quartz-scheduler.org/documentation/quartz-2.3.0/tutorials/crontrigger.html">Quartz</a>
 */
final class QuartzCron {
  private static final Map<String, Integer> MONTHS =
      numbered(
          List.of(
              "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"));
  private static final Map<String, Integer> DAYS =
      numbered(List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

  private static final List<Part> PARTS =
      List.of(
          new Part("seconds", 0, 59, Map.of(), ""),
          new Part("minutes", 0, 59, Map.of(), ""),
          new Part("hours", 0, 23, Map.of(), ""),
          new Part("day of month", 1, 31, Map.of(), "L|LW|\\d{1,2}W|L-\\d{1,2}"),
          new Part("month", 1, 12, MONTHS, ""),
          new Part("day of week", 1, 7, DAYS, "L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5])"),
          new Part("year", 1970, 2099, Map.of(), ""));

  /** What {@link TimeZone} knows; whatever else it is asked for it takes for GMT. */
  private static final Set<String> ZONES = Set.of(TimeZone.getAvailableIDs());

  private static final Pattern OFFSET =
      Pattern.compile("GMT[+-](?:1?[0-9]|2[0-3])(?::[0-5][0-9])?|GMT[+-][0-2][0-9]:?[0-5][0-9]");

  private QuartzCron() {}

  /**
   * Refuses an expression that Quartz could not run, or a time zone that does not exist.
   *
   * @throws ApiRefusal saying which part is wrong
   */
  static void check(String expression, String timeZone) {
    String[] parts = expression.strip().toUpperCase(Locale.ROOT).split("\\s+", -1);
    if (parts.length < 6 || parts.length > 7) {
      throw wrong(expression, "it has " + parts.length + " parts, Quartz has 6 or 7");
    }
    if (parts[3].equals("?") == parts[5].equals("?")) {
      throw wrong(expression, "exactly one of day of month and day of week must be '?'");
    }
    for (int i = 0; i < parts.length; i++) {
      boolean mayBeOpen = i == 3 || i == 5;
      if (!(mayBeOpen && parts[i].equals("?")) && !PARTS.get(i).allows(parts[i])) {
        throw wrong(expression, PARTS.get(i).name() + " can't be '" + parts[i] + "'");
      }
    }
    if (!ZONES.contains(timeZone) && !OFFSET.matcher(timeZone).matches()) {
      throw ApiRefusal.invalidParameter("Unknown 'schedule.timezone_id': '" + timeZone + "'");
    }
  }

  private static ApiRefusal wrong(String expression, String why) {
    return ApiRefusal.invalidParameter(
        "Invalid quartz cron expression '" + expression + "': " + why);
  }

  private static Map<String, Integer> numbered(List<String> names) {
    return names.stream()
        .collect(java.util.stream.Collectors.toUnmodifiableMap(n -> n, n -> names.indexOf(n) + 1));
  }

  private record Part(String name, int min, int max, Map<String, Integer> names, String special) {

    boolean allows(String text) {
      for (String item : text.split(",", -1)) {
        if (!item.equals("*")
            && !(!special.isEmpty() && Pattern.matches(special, item))
            && !isRange(item)) {
          return false;
        }
      }
      return true;
    }

    private boolean isRange(String item) {
      String[] step = item.split("/", -1);
      if (step.length > 2 || (step.length == 2 && !step[1].matches("[1-9]\\d{0,3}"))) {
        return false;
      }
      if (step[0].equals("*")) {
        return true;
      }
      String[] ends = step[0].split("-", -1);
      if (ends.length > 2) {
        return false;
      }
      for (String end : ends) {
        int number = end.matches("\\d{1,4}") ? Integer.parseInt(end) : names.getOrDefault(end, -1);
        if (number < min || number > max) {
          return false;
        }
      }
      return true;
    }
  }
}
