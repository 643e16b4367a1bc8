package dev.portage.localworkspace.serving;

import java.time.Duration;

/**
 * How models are served.
 *
 * @param startLimit how long a server may take to become ready
 * @param idle after which time without a request one that scales to zero is stopped
 * @param metricsAfter how long after an endpoint is first ready it has no metrics yet
 * @param histograms whether its metrics have histograms
 */
public record ServingSettings(
    Duration startLimit, Duration idle, Duration metricsAfter, boolean histograms) {

  /** As Databricks does it, but for metrics, which take minutes there. */
  public static ServingSettings standard() {
    return new ServingSettings(
        Duration.ofMinutes(20), Duration.ofMinutes(30), Duration.ofSeconds(5), true);
  }

  /** The same with another limit for starts. */
  public ServingSettings withStartLimit(Duration value) {
    return new ServingSettings(value, idle, metricsAfter, histograms);
  }

  /** The same with another time until one that scales to zero is stopped. */
  public ServingSettings withIdle(Duration value) {
    return new ServingSettings(startLimit, value, metricsAfter, histograms);
  }

  /** The same with another time until there are metrics. */
  public ServingSettings withMetricsAfter(Duration value) {
    return new ServingSettings(startLimit, idle, value, histograms);
  }

  /** The same without histograms, as some workspaces answer. */
  public ServingSettings withoutHistograms() {
    return new ServingSettings(startLimit, idle, metricsAfter, false);
  }
}
