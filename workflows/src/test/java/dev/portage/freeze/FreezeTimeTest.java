package dev.portage.freeze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Moments as people write them. */
class FreezeTimeTest {

  @ParameterizedTest
  @CsvSource({
    "2026-12-31T18:00Z, 2026-12-31T18:00:00Z",
    "2026-12-31T18:00:30Z, 2026-12-31T18:00:30Z",
    "2026-12-31T18:00+01:00, 2026-12-31T17:00:00Z",
    "2026-12-31 18:00 +01:00, 2026-12-31T17:00:00Z",
    "2026-12-31T18:00+0100, 2026-12-31T17:00:00Z",
    "2026-12-31T18:00:00.5Z, 2026-12-31T18:00:00.500Z",
    "2026-12-31 18:00 Europe/Berlin, 2026-12-31T17:00:00Z",
    "2026-07-31 18:00 Europe/Berlin, 2026-07-31T16:00:00Z",
    "2026-12-31T18:00[Europe/Berlin], 2026-12-31T17:00:00Z",
    "2026-12-31 18:00 UTC, 2026-12-31T18:00:00Z",
    "2026-12-31 18:00 America/Argentina/Buenos_Aires, 2026-12-31T21:00:00Z",
  })
  void aTimeWithItsZoneIsRead(String written, Instant meant) throws Exception {
    assertThat(FreezeTime.read(written)).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-12-31T18:00",
        "2026-12-31 18:00",
        "2026-12-31T18:00:00",
        "2026-12-31",
      })
  void aTimeWithoutAZoneIsNotGuessedAt(String written) {
    assertThatThrownBy(() -> FreezeTime.read(written)).hasMessageContaining("has no time zone");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tomorrow",
        "18:00Z",
        "1798740000",
        "31.12.2026 18:00 UTC",
        "2026-12-31T18:00X"
      })
  void whatIsNoTimeIsRefused(String written) {
    assertThatThrownBy(() -> FreezeTime.read(written))
        .isInstanceOf(FreezeTime.WrongTimeException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-02-30T18:00Z", "2026-12-31T25:00Z", "2026-13-01 10:00 UTC"})
  void aDayOrHourThatDoesNotExistIsRefused(String written) {
    assertThatThrownBy(() -> FreezeTime.read(written)).hasMessageContaining("doesn't exist");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-29 02:30 Europe/Berlin, doesn't exist, 2026-03-29T02:30+01:00 or 2026-03-29T02:30+02:00",
    "2026-10-25 02:30 Europe/Berlin, happens twice, 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00",
  })
  void aTimeAtTheChangeOfClocksNeedsItsOffset(String written, String why, String offsets) {
    assertThatThrownBy(() -> FreezeTime.read(written))
        .hasMessageContaining(why)
        .isInstanceOfSatisfying(
            FreezeTime.WrongTimeException.class,
            wrong ->
                assertThat(wrong.allowed())
                    .isEqualTo("the time with its offset instead of the zone: " + offsets));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-12-31 18:00 Mars/Base", "2026-12-31 18:00 Berlin"})
  void aZoneThatDoesNotExistIsNamed(String written) {
    assertThatThrownBy(() -> FreezeTime.read(written)).hasMessageContaining("is no time zone");
  }
}
