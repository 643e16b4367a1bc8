package dev.portage.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenDurationTest {
  @ParameterizedTest
  @CsvSource({
    "90m, PT90M",
    "6h, PT6H",
    "14d, P14D",
    "2w, P14D",
    "45s, PT45S",
    "1h30m, PT90M",
    "1h 30m, PT90M",
    "1d 2h 3m 4s, P1DT2H3M4S",
    "1w3d, P10D",
    "2 weeks, P14D",
    "1 week, P7D",
    "1 day, P1D",
    "36 hours, PT36H",
    "2 hrs, PT2H",
    "90 min, PT90M",
    "90mins, PT90M",
    "1 hour 30 minutes, PT90M",
    "30 secs, PT30S",
    "007m, PT7M",
    "PT90M, PT90M",
    "P14D, P14D",
    "P2W, P14D",
    "P1DT12H, PT36H",
    "0m, PT0S",
    "999d, P999D"
  })
  void commonNotationsAreRead(String written, Duration duration) {
    assertThat(WrittenDuration.read(written)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "90",
        "m",
        "h30m",
        "-5m",
        "+5m",
        "1.5h",
        "30m1h",
        "1h1h",
        "5M",
        "2 months",
        "1y",
        "1 fortnight",
        "1h,30m",
        "1:30",
        "90 m m",
        " 90m",
        "P",
        "PT",
        "PT1.5H",
        "P1M",
        "pt90m",
        "1000d",
        "23976h1s",
        "99999999s",
        "9999999999999999999d",
        "٣m",
        "90m\n"
      })
  void invalidDurationsAreNotGuessed(String written) {
    assertThat(WrittenDuration.read(written)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0s", "PT90M, 1h30m", "PT12H, 12h", "P14D, 14d", "P1DT1S, 1d1s"})
  void durationsAreShownAsTheyMayBeWritten(Duration duration, String text) {
    assertThat(WrittenDuration.text(duration)).isEqualTo(text);
    assertThat(WrittenDuration.read(text)).contains(duration);
  }

  @Test
  void bothSchemasAcceptAndDescribeTheNotations() throws IOException {
    for (String schema : List.of("promotion", "portage")) {
      String file = "/schema/" + schema + ".v1.json";
      try (InputStream text =
          Objects.requireNonNull(WrittenDurationTest.class.getResourceAsStream(file), file)) {
        assertThat(new ObjectMapper().readTree(text).findParents("title"))
            .filteredOn(rule -> rule.path("title").asText().equals("duration"))
            .isNotEmpty()
            .allSatisfy(rule -> {
              assertThat(rule.path("pattern").asText()).isEqualTo(WrittenDuration.PATTERN);
              assertThat(rule.path("x-allowed").asText()).isEqualTo(WrittenDuration.ALLOWED);
            });
      }
    }
  }
}
