package dev.portage.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.settings.ServeLimits;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A look that compared nothing with the limits says so. */
class NotJudgedTest {

  private static final ServeLimits LIMITS =
      new ServeLimits(Duration.ofMillis(500), 2.0, null, null);

  @Test
  void nothingToSendAndTooFewRequestsOfOthersJudgeNothing() {
    Verdict verdict = nothingSent(metrics(0.0, null));

    assertThat(verdict.judged()).isFalse();
    assertThat(verdict.broken()).isEmpty();
    assertThat(verdict.requests()).isZero();
    assertThat(verdict.text())
        .isEqualTo(
            "not judged: no requests by Portage, since there is nothing to send (no input example,"
                + " and no cases), and the version had 0 requests in the last minute");
    assertThat(nothingSent(metrics(19.0, null)).text())
        .endsWith("the version had 19 requests in the last minute, too few to say anything");
  }

  @Test
  void missingMetricsJudgeNothingEither() {
    assertThat(nothingSent(null).judged()).isFalse();
    assertThat(nothingSent(null).text()).endsWith("and no metrics were read");
    Verdict absent = nothingSent(metrics(null, "the endpoint has no metrics yet"));
    assertThat(absent.judged()).isFalse();
    assertThat(absent.text()).endsWith("and the endpoint has no metrics yet");
  }

  @Test
  void enoughRequestsOfOthersOrOneByPortageJudge() {
    Verdict others = nothingSent(metrics(20.0, null));
    assertThat(others.judged()).isTrue();
    assertThat(others.text())
        .startsWith("no requests by Portage, since there is nothing to send")
        .endsWith("the version had 20 requests in the last minute, 0 failed");

    Verdict own =
        Verdict.of(new ProbeResult(1, 0, List.of(), 1L, 1L, 0, 0, metrics(0.0, null)), LIMITS);
    assertThat(own.judged()).isTrue();
    assertThat(own.text())
        .contains("judged by Portage's own requests alone, since the version had 0");
  }

  private static Verdict nothingSent(@Nullable MetricsSample metrics) {
    return Verdict.of(new ProbeResult(0, 0, List.of(), null, null, 0, 0, metrics), LIMITS);
  }

  private static MetricsSample metrics(@Nullable Double requests, @Nullable String absent) {
    return new MetricsSample(
        requests, requests == null ? null : Double.valueOf(0), null, null, true, absent);
  }
}
