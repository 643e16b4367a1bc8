package dev.portage.shortid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortIdTest {

  @ParameterizedTest
  @CsvSource({
    "churn/0123, churn/0123456789ab, true",
    "churn/0123, churn/0123456789ab/2, true",
    "0123, churn/0123456789ab, true",
    "churn, churn/0123456789ab, true",
    "tenure/0123, churn/0123456789ab, false",
    "churn/v1, churn/v1, true",
    "churn/v1, churn/v1/2, true",
    "v1, churn/v1, true",
    "churn/v1, churn/v12, false",
    "v1, churn/v12, false",
    "promotion/churn/v1, churn/v12, false",
    "churn/v1/1, churn/v1/12, false",
  })
  void versionNumbersAreNeverShortenedEverythingElseIs(String typed, String id, boolean fits) {
    assertThat(ShortId.of(typed).fits("promotion/" + id)).isEqualTo(fits);
  }
}
