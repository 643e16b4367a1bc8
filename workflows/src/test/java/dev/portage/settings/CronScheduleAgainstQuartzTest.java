package dev.portage.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TimeZone;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.quartz.CronExpression;

/**
 * Portage's validation of schedules, based on cron-utils, against Quartz's own, which the local
 * workspace uses: on thousands of expressions they agree, or Portage is stricter for a reason given
 * here.
 */
class CronScheduleAgainstQuartzTest {
  private static final int EXPRESSIONS = 2_000;
  private static final Date FIRST = Date.from(Instant.EPOCH.minusSeconds(1));

  /** Why Portage refuses an expression that Quartz accepts. */
  private static final Map<String, Predicate<String>> STRICTER = new LinkedHashMap<>();

  static {
    STRICTER.put(
        "names are of three letters; Quartz looks at no more, whatever follows",
        matches("(?i).*(MONDAY|FEBRUARY).*"));
    STRICTER.put(
        "L, W and # stand alone; in a list Quartz passes over some of the days",
        matches(".* \\S*,\\S*(?<!JU)(L|\\dW|LW|#)\\S*( .*)?|.* \\S*(L|\\dW|#)[^ ]*,.*"));
    STRICTER.put("no day has the number 0; before a # Quartz does not look", matches(".* 0#\\d.*"));
    STRICTER.put("L-0 is L", matches(".* L-0 .*"));
    STRICTER.put("a step of 0 is none; Quartz takes it for 1", matches(".*/0+(\\D.*|$)"));
    STRICTER.put(
        "a step is less than its field is long; after a range Quartz does not look",
        matches(".*\\d-\\d+/(6\\d|3\\d|2[4-9]|1\\d|8|9).*"));
  }

  @Test
  void portageAgreesWithQuartzOrIsStricterForAKnownReason() {
    Map<String, Integer> reasons = new LinkedHashMap<>();
    for (String expression : generated(EXPRESSIONS, 20261129)) {
      Optional<String> ours = CronSchedule.fault(expression);
      Optional<String> theirs = quartz(expression);
      if (ours.isEmpty()) {
        assertThat(theirs).as(expression).isEmpty();
      }
      String reason = "they agree";
      if (ours.isPresent() && theirs.isEmpty()) {
        reason =
            STRICTER.entrySet().stream()
                .filter(known -> known.getValue().test(expression))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(expression + ": " + ours.orElseThrow());
      }
      reasons.merge(reason, 1, Integer::sum);
    }

    List<String> known = new ArrayList<>(STRICTER.keySet());
    known.add("they agree");
    assertThat(reasons.keySet()).containsExactlyInAnyOrderElementsOf(known);
    assertThat(reasons.get("they agree")).isGreaterThan(EXPRESSIONS / 2);
  }

  private static Predicate<String> matches(String pattern) {
    return Pattern.compile(pattern).asMatchPredicate();
  }

  /** Quartz's objection. */
  private static Optional<String> quartz(String expression) {
    try {
      CronExpression cron = new CronExpression(expression);
      cron.setTimeZone(TimeZone.getTimeZone("UTC"));
      return cron.getNextValidTimeAfter(FIRST) == null
          ? Optional.of("never fires")
          : Optional.empty();
    } catch (ParseException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // A field without values, such as a step beyond the end.
      return Optional.of("Quartz breaks: " + e);
    }
  }

  /** Expressions from everything that the fields allow, mostly near the limits. */
  static List<String> generated(int number, long seed) {
    Random random = new Random(seed);
    List<String> found = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      boolean byWeek = random.nextBoolean();
      List<String> fields = new ArrayList<>();
      fields.add(rarely(random) ? time(random, 59) : "0");
      fields.add(rarely(random) ? time(random, 59) : "0");
      fields.add(rarely(random) ? time(random, 23) : "6");
      fields.add(byWeek ? "?" : list(random, CronScheduleAgainstQuartzTest::dayOfMonth));
      fields.add(rarely(random) ? list(random, CronScheduleAgainstQuartzTest::month) : "*");
      fields.add(byWeek ? list(random, CronScheduleAgainstQuartzTest::dayOfWeek) : "?");
      if (random.nextInt(6) == 0) {
        fields.add(list(random, r -> range(r, 2025, 2032)));
      }
      if (random.nextInt(20) == 0) {
        fields.set(
            random.nextInt(fields.size()),
            pick(random, "?", "*", "", "x", "-", "/", "1-", "#2", "W", "L"));
      }
      found.add(String.join(" ", fields));
    }
    return found;
  }

  private interface Item {
    String of(Random random);
  }

  private static boolean rarely(Random random) {
    return random.nextInt(3) == 0;
  }

  private static String pick(Random random, String... values) {
    return values[random.nextInt(values.length)];
  }

  private static String list(Random random, Item item) {
    List<String> items = new ArrayList<>(List.of(item.of(random)));
    while (random.nextInt(4) == 0) {
      items.add(item.of(random));
    }
    return String.join(",", items);
  }

  private static String time(Random random, int last) {
    return list(random, r -> range(r, 0, last + 1));
  }

  /** A number, a range or a step, occasionally out of bounds. */
  private static String range(Random random, int from, int to) {
    String first = Integer.toString(from + random.nextInt(to - from + 1));
    String last = Integer.toString(from + random.nextInt(to - from + 1));
    String step = Integer.toString(random.nextInt(to - from + 3));
    return switch (random.nextInt(6)) {
      case 0 -> "*";
      case 1 -> first + "-" + last;
      case 2 -> first + "/" + step;
      case 3 -> "*/" + step;
      case 4 -> first + "-" + last + "/" + step;
      default -> first;
    };
  }

  private static String month(Random random) {
    String[] names = {"JAN", "FEB", "jun", "DEC", "FEBRUARY"};
    return switch (random.nextInt(4)) {
      case 0 -> pick(random, names);
      case 1 -> pick(random, names) + "-" + pick(random, names);
      default -> range(random, 1, 13);
    };
  }

  private static String dayOfMonth(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> "L";
      case 1 -> "LW";
      case 2 -> random.nextInt(34) + "W";
      case 3 -> "L-" + random.nextInt(33);
      default -> range(random, 1, 32);
    };
  }

  private static String dayOfWeek(Random random) {
    String[] names = {"SUN", "MON", "fri", "SAT", "MONDAY"};
    return switch (random.nextInt(10)) {
      case 0 -> "L";
      case 1 -> random.nextInt(9) + "L";
      case 2 -> pick(random, names) + "L";
      case 3 -> random.nextInt(9) + "#" + random.nextInt(7);
      case 4 -> pick(random, names) + "#" + random.nextInt(7);
      case 5 -> pick(random, names);
      case 6 -> pick(random, names) + "-" + pick(random, names);
      default -> range(random, 1, 8);
    };
  }
}
