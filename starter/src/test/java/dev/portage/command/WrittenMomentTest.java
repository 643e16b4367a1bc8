package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenMomentTest {

  private static final Clock VIENNA =
      Clock.fixed(Instant.parse("2026-11-29T10:00:00Z"), ZoneId.of("Europe/Vienna"));

  @ParameterizedTest
  @CsvSource({
    "2026-11-29T08:30:00Z, 2026-11-29T08:30:00Z",
    "2026-11-29T08:30Z, 2026-11-29T08:30:00Z",
    "2026-11-29T08:30:00.123Z, 2026-11-29T08:30:00.123Z",
    "2026-11-29T08:30+02:00, 2026-11-29T06:30:00Z",
    "2026-11-29 08:30+02:00, 2026-11-29T06:30:00Z",
    "'2026-11-29T08:30+01:00[Europe/Vienna]', 2026-11-29T07:30:00Z"
  })
  void aTimeWithAZoneIsTakenAsItIs(String text, String meant) {
    assertThat(WrittenMoment.of("--at", text, VIENNA))
        .isEqualTo(new WrittenMoment(Instant.parse(meant), null));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-29T08:30, 2026-11-29T07:30:00Z, +01:00",
    "2026-11-29 08:30:15, 2026-11-29T07:30:15Z, +01:00",
    "2026-07-01 08:30, 2026-07-01T06:30:00Z, +02:00",
    "2026-07-01, 2026-06-30T22:00:00Z, +02:00",
    "'  2026-07-01  ', 2026-06-30T22:00:00Z, +02:00"
  })
  void withoutAZoneItIsThatOfThisMachineWhichIsSaid(String text, String meant, String offset) {
    WrittenMoment moment = WrittenMoment.of("--at", text, VIENNA);

    assertThat(moment.at()).isEqualTo(Instant.parse(meant));
    assertThat(moment.assumed()).contains("names no time zone", offset, "Central European Time");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yesterday",
        "",
        " ",
        "2026-13-01",
        "2026-11-29T25:00",
        "2026-02-30",
        "29.11.2026",
        "10:00",
        "1764410400",
        "2026-11-29T10:00:00+99:00",
        "2026-11-29T10:00Z[Nowhere]"
      })
  void whatIsNoTimeIsRefusedWithExamples(String text) {
    assertThatThrownBy(() -> WrittenMoment.of("--at", text, VIENNA))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--at \"" + text + "\" is not a point in time")
        .hasMessageContaining("2026-11-29T10:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-29T10:00:01Z",
        "2026-11-30",
        "2026-11-29 11:00:01",
        "+999999999-12-31T10:00Z"
      })
  void aTimeInTheFutureIsRefused(String text) {
    assertThatThrownBy(() -> WrittenMoment.of("--at", text, VIENNA))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("is in the future");
  }

  @Test
  void nowIsNotTheFuture() {
    assertThat(WrittenMoment.of("--at", "2026-11-29T10:00:00Z", VIENNA).at())
        .isEqualTo(VIENNA.instant());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1969-12-31T23:59:59Z", "-999999999-01-01T00:00Z"})
  void aTimeBeforeThereWasAnyWorkspaceIsRefused(String text) {
    assertThatThrownBy(() -> WrittenMoment.of("--at", text, VIENNA))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("is before 1970");
  }

  @Test
  void aZoneInWordsIsReadForAPastTimeAsForOneToCome() {
    assertThat(WrittenMoment.of("--at", "2026-11-29 08:30 Europe/Berlin", VIENNA))
        .isEqualTo(new WrittenMoment(Instant.parse("2026-11-29T07:30:00Z"), null));
    assertThat(WrittenMoment.toCome("--until", "2026-12-01 08:30 Europe/Berlin", VIENNA))
        .isEqualTo(new WrittenMoment(Instant.parse("2026-12-01T07:30:00Z"), null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-12-01 10:00", "2026-12-01T10:00", " 2026-12-01  10:00:00 "})
  void aTimeToComeWithoutAZoneIsThatOfThisMachineWhichIsSaid(String text) {
    WrittenMoment moment = WrittenMoment.toCome("--until", text, VIENNA);

    assertThat(moment.at()).isEqualTo(Instant.parse("2026-12-01T09:00:00Z"));
    assertThat(moment.assumed()).contains("names no time zone", "+01:00", "Central European Time");
  }

  @Test
  void aTimeToComeThatAChangeOfClocksSkipsOrRepeatsIsRefused() {
    assertThatThrownBy(() -> WrittenMoment.toCome("--until", "2027-03-28 02:30", VIENNA))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("doesn't exist");
    assertThatThrownBy(() -> WrittenMoment.toCome("--until", "2027-10-31 02:30", VIENNA))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("happens twice");
  }
}
