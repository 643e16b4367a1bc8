package dev.portage.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.text.Line;
import dev.portage.text.Span;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How far traffic has moved, as people and metrics see it. */
class TrafficShareTest {

  private static final Instant END = Instant.parse("2026-11-30T12:04:00.123Z");

  @Test
  void itSaysShareEndOfTheSoakAndPlace() {
    TrafficShare share = TrafficShare.of("churn", "4", 25, List.of(5, 25, 50, 100));

    assertThat(share.text()).isEqualTo("25 % of the traffic, 2 of 4 steps");
    assertThat(share.watchedUntil(END).text())
        .isEqualTo("25 % of the traffic, soak ends 2026-11-30T12:04:00Z, 2 of 4 steps");
    assertThat(share.watchedUntil(END).line())
        .isEqualTo(
            Line.words("25 % of the traffic")
                .andWords(", soak ends ")
                .and(new Span.Moment(Instant.parse("2026-11-30T12:04:00Z")))
                .andWords(", 2 of 4 steps"));
  }

  @Test
  void beforeTheFirstStepAndOfAnEndpointWithoutSteps() {
    assertThat(TrafficShare.of("churn", "4", 0, List.of(50, 100)).text())
        .isEqualTo("0 % of the traffic, 0 of 2 steps");
    assertThat(TrafficShare.of("churn", "4", 100, List.of(100)).text())
        .isEqualTo("100 % of the traffic, 1 of 1 step");
  }

  @Test
  void howeverManySharesFilesNameTheirNumberInMetricsIsSmall() {
    assertThat(IntStream.rangeClosed(1, 100).map(TrafficMetrics::rounded).distinct().boxed())
        .containsExactlyElementsOf(TrafficMetrics.shares());
    assertThat(TrafficMetrics.rounded(5)).isEqualTo(5);
    assertThat(TrafficMetrics.rounded(6)).isEqualTo(10);
  }
}
