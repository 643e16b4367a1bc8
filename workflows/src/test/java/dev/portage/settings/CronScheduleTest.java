package dev.portage.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronScheduleTest {
  private static final Instant NOW = Instant.parse("2026-06-15T10:30:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 6 * * ?               | UTC           | false
          0 0 6 * * ? 2025          | UTC           | true
          0 0 6 * * ? 2020-2025     | UTC           | true
          0 0 6 * * ? 2020,2027     | UTC           | false
          0 0 6 1 1 ? 2026          | UTC           | true
          0 0 6 1 12 ? 2026         | UTC           | false
          0 30 12 15 6 ? 2026       | Europe/Berlin | true
          0 31 12 15 6 ? 2026       | Europe/Berlin | false
          0 30 12 15 6 ? 2026       | GMT+02:00     | true
          0 0 6 29 2 ? 2026-2027    | UTC           | true
          0 0 6 * * ? 2150          | UTC           | false
          0 0 0 ? * FRI-MON 2024    | UTC           | true
          0 0 6 * * ? *             | UTC           | false
          0 0 6 * * ? 2020,2150     | UTC           | false
          0 0 6 * * ? 2020/5        | UTC           | false
          """)
  void aScheduleThatNeverFiresAgainIsOver(String expression, String zone, boolean over) {
    assertThat(CronSchedule.isOver(expression, zone, NOW)).isEqualTo(over);
  }
}
