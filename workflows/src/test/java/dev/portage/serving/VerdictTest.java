package dev.portage.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.settings.ServeLimits;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A look at a version is judged by Portage's own requests first, then by what the metrics say. */
class VerdictTest {

  private static final ServeLimits LIMITS =
      new ServeLimits(Duration.ofMillis(500), 2.0, 90.0, null);

  @Test
  void everythingWithinTheLimitsPasses() {
    Verdict verdict = Verdict.of(probes(0, 499, 10, 9, metrics(100, 2.0, 500.0)), LIMITS);
    assertThat(verdict.broken()).isEmpty();
    assertThat(verdict.text())
        .isEqualTo(
            "10 requests by Portage, 0 failed, 95 % within 499ms; 9 of 10 predictions matched"
                + " the champion's; the version had 100 requests in the last minute, 2 failed, 95 %"
                + " within 500ms");
  }

  @Test
  void ourOwnRequestsBreakEachLimit() {
    assertThat(Verdict.of(probes(1, 10, 0, 0, null), LIMITS).broken())
        .containsExactly("1 of 10 requests by Portage failed, over the limit of 2 %: a fault");
    assertThat(Verdict.of(probes(0, 501, 0, 0, null), LIMITS).broken())
        .containsExactly(
            "95 % of the requests by Portage took up to 501ms, over the limit of 500ms");
    assertThat(Verdict.of(probes(0, 10, 10, 8, null), LIMITS).broken())
        .containsExactly("8 of 10 predictions matched the champion's, below the required 90 %");
  }

  @Test
  void theMetricsBreakALimitOnceThereAreEnoughRequests() {
    assertThat(Verdict.of(probes(0, 10, 0, 0, metrics(19, 19.0, 9000.0)), LIMITS).broken())
        .isEmpty();
    assertThat(Verdict.of(probes(0, 10, 0, 0, metrics(20, 1.0, 9000.0)), LIMITS).broken())
        .containsExactly(
            "1 of 20 requests to the version failed in the last minute, over the limit of 2 %",
            "95 % of the requests to the version took up to 9000ms in the last minute, over the"
                + " limit of 500ms");
  }

  @Test
  void whatIsAbsentIsNotZero() {
    Verdict verdict =
        Verdict.of(
            probes(0, 10, 0, 0, new MetricsSample(null, null, null, null, false, "no metrics yet")),
            LIMITS);
    assertThat(verdict.requests()).isNull();
    assertThat(verdict.text())
        .endsWith("judged by Portage's own requests alone, since no metrics yet");
    assertThat(
            Verdict.of(
                    probes(0, 10, 0, 0, new MetricsSample(50.0, null, null, null, false, null)),
                    LIMITS)
                .broken())
        .isEmpty();
  }

  @Test
  void withoutLimitsOnePercentOfErrorsIsAllowedAndTheRestIsShown() {
    assertThat(
            Verdict.of(probes(0, 60_000, 10, 0, metrics(1000, 10.0, 9e6)), ServeLimits.NONE)
                .broken())
        .isEmpty();
    assertThat(Verdict.of(probes(0, 1, 0, 0, metrics(1000, 11.0, null)), ServeLimits.NONE).broken())
        .hasSize(1);
  }

  private static ProbeResult probes(
      int failed, long slow, int compared, int alike, @Nullable MetricsSample metrics) {
    return new ProbeResult(
        10,
        failed,
        failed == 0 ? List.of() : List.of("a fault"),
        slow,
        slow,
        compared,
        alike,
        metrics);
  }

  private static MetricsSample metrics(
      double requests, @Nullable Double failed, @Nullable Double slow) {
    return new MetricsSample(requests, failed, 0.0, slow, true, null);
  }
}
