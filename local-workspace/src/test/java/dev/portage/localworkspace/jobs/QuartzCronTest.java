package dev.portage.localworkspace.jobs;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.localworkspace.protocol.ApiRefusal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuartzCronTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 0 6 * * ?",
        "0 15 10 ? * MON-FRI",
        "0 0/5 14,18 * * ?",
        "0 15 10 L * ?",
        "0 15 10 ? * 6L",
        "0 15 10 ? * 6#3",
        "0 15 10 ? * FRIL",
        "0 15 10 ? * fri#2",
        "0 0 12 1/5 * ? 2026-2030",
        "0 11 11 11 NOV ?"
      })
  void whatQuartzCanRunPasses(String expression) {
    assertThatNoException().isThrownBy(() -> QuartzCron.check(expression, "UTC"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 6 * * * | it has 5 parts",
        "0 0 6 * * * | exactly one of day of month and day of week must be '?'",
        "0 0 6 ? * ? | exactly one of",
        "0 0 24 * * ? | hours can't be '24'",
        "60 0 0 * * ? | seconds can't be '60'",
        "0 0 0 * 13 ? | month can't be '13'",
        "0 0 0 ? * XYZ#2 | day of week can't be 'XYZ#2'",
        "0 0 0 ? * MONDAY | day of week can't be 'MONDAY'",
        "0 0/0 0 * * ? | minutes can't be '0/0'",
      })
  void theRestIsRefusedWithThePartThatIsWrong(String expression, String why) {
    assertThatThrownBy(() -> QuartzCron.check(expression, "UTC"))
        .isInstanceOf(ApiRefusal.class)
        .hasMessageContaining(why);
  }
}
