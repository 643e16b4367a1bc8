package dev.portage.serving;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a version answered to Portage's own requests.
 *
 * @param sent how many requests
 * @param faults what was wrong with those that failed, a line each; at most ten
 * @param failed how many failed: without an answer, with an error, with an error in the body of a
 *     good answer, or with another answer than the case expects
 * @param slowest milliseconds to the slowest answer; null where none came
 * @param slow milliseconds within which 95 % of the answers came; null where none came
 * @param compared how many predictions the champion made for the same requests
 * @param alike how many of those matched the version's
 * @param metrics metrics of the endpoint; null if they were not asked for
 * @param repeated how many were sent again, since no answer came or the workspace was busy; null
 *     for none
 */
public record ProbeResult(
    Integer sent,
    Integer failed,
    List<String> faults,
    @Nullable Long slowest,
    @Nullable Long slow,
    Integer compared,
    Integer alike,
    @Nullable MetricsSample metrics,
    @Nullable Integer repeated) {

  public ProbeResult {
    faults = List.copyOf(faults);
  }

  /** One of which no request was sent again. */
  public ProbeResult(
      Integer sent,
      Integer failed,
      List<String> faults,
      @Nullable Long slowest,
      @Nullable Long slow,
      Integer compared,
      Integer alike,
      @Nullable MetricsSample metrics) {
    this(sent, failed, faults, slowest, slow, compared, alike, metrics, null);
  }

  private ProbeResult(ProbeResult from, Integer repeated) {
    this(
        from.sent,
        from.failed,
        from.faults,
        from.slowest,
        from.slow,
        from.compared,
        from.alike,
        from.metrics,
        repeated);
  }

  /** The same, where so many requests were sent again. */
  public ProbeResult sentAgain(Integer requests) {
    return new ProbeResult(this, requests);
  }
}
