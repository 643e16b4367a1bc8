package dev.portage.serving;

import dev.portage.settings.ServeLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one look judges a version: first by Portage's own requests, then by the endpoint's metrics.
 * Pure.
 *
 * @param broken the limits that are broken, each in a few words; empty if none is
 * @param text what was seen, in one line
 * @param requests how many requests the metrics counted in the last minute, Portage's own among
 *     them; null if they don't say
 * @param judged whether anything could be compared with the limits: a request by Portage, or enough
 *     requests of others
 */
public record Verdict(List<String> broken, String text, @Nullable Double requests, boolean judged) {

  /** With fewer requests than this in a minute, rates of errors mean nothing. */
  static final int FEW = 20;

  private static final String NOTHING_SENT =
      "no requests by Portage, since there is nothing to send (no input example, and no cases)";

  public Verdict {
    broken = List.copyOf(broken);
  }

  /** Compares the answers and the metrics with the limits. */
  public static Verdict of(ProbeResult probes, ServeLimits limits) {
    List<String> broken = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    if (probes.sent() > 0) {
      ofProbes(probes, limits, broken, texts);
    } else {
      texts.add(NOTHING_SENT);
    }
    MetricsSample metrics = probes.metrics();
    boolean judged = probes.sent() > 0 || tells(metrics);
    if (!judged) {
      texts = List.of("not judged: " + NOTHING_SENT + ", and " + untold(metrics));
    } else if (metrics != null) {
      ofMetrics(metrics, limits, broken, texts);
    }
    return new Verdict(
        broken, String.join("; ", texts), metrics == null ? null : metrics.requests(), judged);
  }

  private static boolean tells(@Nullable MetricsSample metrics) {
    Double requests = metrics == null ? null : metrics.requests();
    return requests != null && requests >= FEW;
  }

  /** Why metrics say nothing. */
  private static String untold(@Nullable MetricsSample metrics) {
    if (metrics == null) {
      return "no metrics were read";
    }
    Double requests = metrics.requests();
    if (requests == null) {
      return Objects.requireNonNullElse(metrics.absent(), "the metrics say nothing");
    }
    return whose(metrics)
        + " had "
        + Math.round(requests)
        + " requests in the last minute"
        + (requests == 0 ? "" : ", too few to say anything");
  }

  private static String whose(MetricsSample metrics) {
    return metrics.ofVersion() ? "the version" : "the endpoint";
  }

  private static void ofProbes(
      ProbeResult probes, ServeLimits limits, List<String> broken, List<String> texts) {
    double errors = 100.0 * probes.failed() / probes.sent();
    texts.add(
        probes.sent()
            + " requests by Portage, "
            + probes.failed()
            + " failed"
            + (probes.slow() == null ? "" : ", 95 % within " + probes.slow() + "ms")
            + (probes.repeated() == null ? "" : ", " + repeated(probes.repeated())));
    if (errors > limits.errorsAllowed()) {
      broken.add(
          probes.failed()
              + " of "
              + probes.sent()
              + " requests by Portage failed, over the limit of "
              + ServeLimits.percent(limits.errorsAllowed())
              + (probes.faults().isEmpty() ? "" : ": " + String.join("; ", probes.faults())));
    }
    if (limits.latency() != null
        && probes.slow() != null
        && probes.slow() > limits.latency().toMillis()) {
      broken.add(
          "95 % of the requests by Portage took up to "
              + probes.slow()
              + "ms, over the limit of "
              + limits.latency().toMillis()
              + "ms");
    }
    if (probes.compared() > 0) {
      double agreement = 100.0 * probes.alike() / probes.compared();
      texts.add(
          probes.alike() + " of " + probes.compared() + " predictions matched the champion's");
      if (limits.agreement() != null && agreement < limits.agreement()) {
        broken.add(
            probes.alike()
                + " of "
                + probes.compared()
                + " predictions matched the champion's, below the required "
                + ServeLimits.percent(limits.agreement()));
      }
    } else if (limits.agreement() != null) {
      texts.add("agreement with the champion is not known, since it answered none of them");
    }
  }

  /** How many requests were sent again, in a few words. */
  public static String repeated(int requests) {
    return requests
        + (requests == 1 ? " was" : " were")
        + " sent again, since no answer came or the workspace was busy";
  }

  private static void ofMetrics(
      MetricsSample metrics, ServeLimits limits, List<String> broken, List<String> texts) {
    String whose = whose(metrics);
    Double requests = metrics.requests();
    if (requests == null || requests < FEW) {
      texts.add("judged by Portage's own requests alone, since " + untold(metrics));
      return;
    }
    Double failed = metrics.failed();
    texts.add(
        whose
            + " had "
            + Math.round(requests)
            + " requests in the last minute"
            + (failed == null ? "" : ", " + Math.round(failed) + " failed")
            + (metrics.slow() == null ? "" : ", 95 % within " + Math.round(metrics.slow()) + "ms")
            + (metrics.absent() == null ? "" : "; " + metrics.absent()));
    if (failed != null && 100 * failed / requests > limits.errorsAllowed()) {
      broken.add(
          Math.round(failed)
              + " of "
              + Math.round(requests)
              + " requests to "
              + whose
              + " failed in the last minute, over the limit of "
              + ServeLimits.percent(limits.errorsAllowed()));
    }
    if (limits.latency() != null
        && metrics.slow() != null
        && metrics.slow() > limits.latency().toMillis()) {
      broken.add(
          "95 % of the requests to "
              + whose
              + " took up to "
              + Math.round(metrics.slow())
              + "ms in the last minute, over the limit of "
              + limits.latency().toMillis()
              + "ms");
    }
  }
}
