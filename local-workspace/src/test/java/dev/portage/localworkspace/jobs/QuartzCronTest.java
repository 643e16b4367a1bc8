package dev.portage.localworkspace.jobs;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.localworkspace.protocol.ApiRefusal;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quartz's own answers; Portage's are in CronScheduleAgainstQuartzTest. */
class QuartzCronTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-29T00:00:00Z"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 0 6 * * ?",
        "0 15 10 ? * MON-FRI",
        "0 0/5 14,18 * * ?",
        "0 15 10 L * ?",
        "0 15 10 ? * 6L",
        "0 15 10 ? * fri#2",
        "0 0 12 1/5 * ? 2026-2030",
        "0 11 11 11 NOV ?"
      })
  void whatQuartzAcceptsPasses(String expression) {
    assertThatNoException().isThrownBy(() -> QuartzCron.check(expression, "UTC", CLOCK));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 6 * * * | Unexpected end of expression",
        "0 0 6 * * * | both a day-of-week AND a day-of-month",
        "0 0 24 * * ? | Hour values must be between 0 and 23",
        "0 0 0 ? * 6#6 | between 1 and 5 must follow the '#'",
        "0 0 0 31 2 ? | will never fire",
        "0 0 0 1 1 ? 2026 | will never fire",
      })
  void theRestIsRefusedInQuartzsWords(String expression, String why) {
    assertThatThrownBy(() -> QuartzCron.check(expression, "UTC", CLOCK))
        .isInstanceOf(ApiRefusal.class)
        .hasMessageContaining("Invalid quartz cron expression '" + expression + "'")
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Mars/Base", "GMT+25:00", ""})
  void aTimeZoneThatDoesNotExistIsRefused(String zone) {
    assertThatThrownBy(() -> QuartzCron.check("0 0 6 * * ?", zone, CLOCK))
        .isInstanceOf(ApiRefusal.class)
        .hasMessageContaining("Unknown 'schedule.timezone_id'");
  }
}
