package dev.portage.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Ranges of a schedule that wrap around, such as {@code FRI-MON} or {@code 22-3/2}: Quartz
 * continues at the beginning, cron-utils 9.2 finds no such time.
 */
final class CronRanges {
  private static final Pattern RANGE = Pattern.compile("(\\w+)-(\\w+)(?:/(\\d+))?");
  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  /** How many values a field has; those of the last three begin at 1. */
  private static final List<Integer> SIZES = List.of(60, 60, 24, 31, 12, 7);

  private CronRanges() {}

  /** The fields with each such range as the list of its values. */
  static List<String> spelledOut(List<String> fields) {
    List<String> found = new ArrayList<>(fields);
    for (int place = 0; place < SIZES.size(); place++) {
      int at = place;
      found.set(
          place,
          Stream.of(fields.get(place).split(",", -1))
              .map(item -> spelledOut(at, item))
              .collect(Collectors.joining(",")));
    }
    return found;
  }

  private static String spelledOut(int place, String item) {
    Matcher range = RANGE.matcher(item);
    if (!range.matches()) {
      return item;
    }
    int first = number(place, String.valueOf(range.group(1)));
    int last = number(place, String.valueOf(range.group(2)));
    if (first <= last || last < 0) {
      return item;
    }
    String every = range.group(3);
    int size = SIZES.get(place);
    int lowest = place < 3 ? 0 : 1;
    List<String> values = new ArrayList<>();
    for (int at = first; at <= last + size; at += every == null ? 1 : Integer.parseInt(every)) {
      values.add(Integer.toString((at - lowest) % size + lowest));
    }
    return String.join(",", values);
  }

  /** A number or a name as a number; -1 for what is neither. */
  private static int number(int place, String text) {
    if (text.matches("\\d{1,4}")) {
      return Integer.parseInt(text);
    }
    int index = (place == 4 ? MONTHS : DAYS).indexOf(text.toUpperCase(Locale.ROOT));
    return index < 0 ? -1 : index + 1;
  }
}
