package dev.portage.step;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a cancel. */
class CancelWordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "| cancelled",
        "'  ' | cancelled",
        "by ana@example.com: wrong data | cancelled by ana@example.com: wrong data",
        "wrong data | cancelled: wrong data",
        "Canceled from the Web UI by ana@example.com | cancelled from the Web UI by ana@example.com",
        "cancelled in the Web UI | cancelled in the Web UI",
        "cancelled | cancelled",
        "cancellation of the release | cancelled: cancellation of the release"
      })
  void itIsSaidOnce(@Nullable String reason, String words) {
    assertThat(CancelWords.of(reason)).isEqualTo(words);
  }
}
