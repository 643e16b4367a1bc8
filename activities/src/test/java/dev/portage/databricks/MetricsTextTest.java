package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.serving.MetricsSample;
import org.junit.jupiter.api.Test;

/** The metrics that an endpoint exports, with their traps. */
class MetricsTextTest {

  @Test
  void gaugesOfTheVersionAreReadBeforeTheirTimestamps() {
    MetricsSample sample =
        MetricsText.read(
            """
            # HELP request_count_total Requests in the last minute
            # TYPE request_count_total gauge
            request_count_total{endpoint_name="churn",served_model_name="churn-3"} 950.0 1700000000000
            request_count_total{endpoint_name="churn",served_model_name="churn-4"} 50 1700000000000
            request_5xx_count_total{endpoint_name="churn",served_model_name="churn-4"} 1 1700000000000
            request_4xx_count_total{endpoint_name="churn",served_model_name="churn-4"} 2 1700000000000
            request_latency_ms_bucket{served_model_name="churn-4",le="100"} 40 1700000000000
            request_latency_ms_bucket{served_model_name="churn-4",le="500"} 50 1700000000000
            request_latency_ms_bucket{served_model_name="churn-4",le="+Inf"} 50 1700000000000
            cpu_usage_percentage{endpoint_name="churn"} 12.5 1700000000000
            """,
            "churn-4");

    assertThat(sample.requests()).isEqualTo(50.0);
    assertThat(sample.failed()).isEqualTo(1.0);
    assertThat(sample.refused()).isEqualTo(2.0);
    // 47.5 of 50: three quarters of the way from 100 to 500.
    assertThat(sample.slow()).isEqualTo(400.0);
    assertThat(sample.ofVersion()).isTrue();
    assertThat(sample.absent()).isNull();
  }

  @Test
  void withoutLabelsOfVersionsTheyAreTheEndpoints() {
    MetricsSample sample =
        MetricsText.read("request_count_total 7\nrequest_5xx_count_total{} 0\n", "churn-4");
    assertThat(sample.ofVersion()).isFalse();
    assertThat(sample.requests()).isEqualTo(7.0);
    assertThat(sample.failed()).isEqualTo(0.0);
    assertThat(sample.absent()).isEqualTo("the metrics have no latency");
  }

  @Test
  void aVersionThatTheMetricsDoNotShowYetHadNoRequestThatAnyoneKnowsOf() {
    MetricsSample sample =
        MetricsText.read("request_count_total{served_model_name=\"churn-3\"} 900\n", "churn-4");
    assertThat(sample.requests()).isNull();
    assertThat(sample.absent()).isEqualTo("the metrics do not show the version yet");
  }

  @Test
  void whatIsNoNumberOrMissingIsAbsentAndNeverZero() {
    for (String text :
        new String[] {
          "",
          "request_count_total NaN\n",
          "request_count_total{served_model_name=\"churn-4\"}\n",
          "request_count_total{served_model_name=\"churn-4\n",
          "<html>",
          "request_count_total x\n"
        }) {
      assertThat(MetricsText.read(text, "churn-4").requests()).as(text).isNull();
    }
  }

  @Test
  void labelsMayHoldQuotesAndBraces() {
    MetricsSample sample =
        MetricsText.read(
            "request_count_total{note=\"a \\\"}\\\" , b\",served_model_name=\"churn-4\"} 3 17\n",
            "churn-4");
    assertThat(sample.requests()).isEqualTo(3.0);
  }

  @Test
  void aHistogramWithoutRequestsSaysNothing() {
    assertThat(
            MetricsText.read(
                    "request_latency_ms_bucket{le=\"100\"} 0\nrequest_latency_ms_bucket{le=\"+Inf\"} 0\n",
                    "churn-4")
                .slow())
        .isNull();
    assertThat(
            MetricsText.read(
                    "request_latency_ms_bucket{le=\"100\"} 0\nrequest_latency_ms_bucket{le=\"+Inf\"} 9\n",
                    "churn-4")
                .slow())
        .isEqualTo(100.0);
  }
}
