package dev.portage.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When people are reminded, by how long they have. */
class ReminderTimesTest {

  private static final Instant OPENED = Instant.parse("2026-11-29T09:12:00Z");

  @ParameterizedTest
  @CsvSource({
    "P14D, PT168H PT312H",
    "P2D, PT24H",
    "PT49H, PT24H30M",
    "PT50H, PT25H PT26H",
    "P30D, PT360H PT696H",
    "PT26H, PT2H PT13H",
    "PT24H30M, PT12H15M",
    "PT25H, PT1H PT12H30M",
    "PT12H, PT6H",
    "PT2H, PT1H",
    "PT1H59M, ''",
    "PT1H, ''",
    "PT10S, ''",
  })
  void theRemindersAfterTheRequest(Duration time, String expected) {
    List<Duration> after =
        ReminderTimes.of(OPENED, OPENED.plus(time)).stream()
            .map(at -> Duration.between(OPENED, at))
            .toList();
    assertThat(after)
        .isEqualTo(
            Arrays.stream(expected.split(" "))
                .filter(one -> !one.isEmpty())
                .map(Duration::parse)
                .toList());
  }
}
