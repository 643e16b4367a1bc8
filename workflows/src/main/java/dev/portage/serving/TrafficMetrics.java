package dev.portage.serving;

import io.temporal.workflow.Workflow;
import java.util.List;
import java.util.Map;

/**
 * Metrics of traffic that is moved, on the worker that runs the cutover. A replay counts nothing.
 * No label names a model or an endpoint, and a share is rounded up to one of seven: the number of
 * time series must not grow with the number of models.
 */
public final class TrafficMetrics {

  /** Counter: watched shares of the traffic that ended, by {@link #SHARE} and {@link #OUTCOME}. */
  public static final String STEPS = "portage_traffic_steps";

  /** Label: the share in percent, rounded up to one of {@link #shares}. */
  public static final String SHARE = "share";

  /** Label: how a watched share ended. */
  public static final String OUTCOME = "outcome";

  private static final List<Integer> SHARES = List.of(1, 5, 10, 25, 50, 75, 100);

  /** How a watched share of the traffic ended. */
  public enum Outcome {
    /** The version kept the limits, or a person ended the soak early. */
    DONE,
    /** It broke a limit: all traffic goes back. */
    FAILED,
    /** A person sent all traffic back. */
    ABORTED,
    /** Too few requests came: all traffic goes back, and people decide again. */
    POSTPONED,
    /** Something else ended it, such as a cancel or a rollback: all traffic goes back. */
    CANCELLED
  }

  private TrafficMetrics() {}

  /** Values of the label {@link #SHARE}. */
  public static List<Integer> shares() {
    return SHARES;
  }

  /** Workflow code: counts a watched share that has ended. */
  public static void ended(int percent, Outcome how) {
    Workflow.getMetricsScope()
        .tagged(Map.of(SHARE, Integer.toString(rounded(percent)), OUTCOME, how.name()))
        .counter(STEPS)
        .inc(1);
  }

  static int rounded(int percent) {
    return SHARES.stream().filter(share -> share >= percent).findFirst().orElse(100);
  }
}
