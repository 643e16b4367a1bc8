package dev.portage.livewatch;

import dev.portage.step.CourseView;
import io.temporal.workflow.Workflow;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Metrics of watches, on the worker that runs them. No label names a model. */
public final class LiveWatchMetrics {

  /** Counter: watches that ended, by {@link #OUTCOME}. */
  public static final String ENDED = "portage_watches_ended";

  /** Label: how a watch ended. */
  public static final String OUTCOME = "outcome";

  private LiveWatchMetrics() {}

  /** States that a watch can end in. */
  public static List<CourseView.State> outcomes() {
    return Arrays.stream(CourseView.State.values()).filter(CourseView.State::ended).toList();
  }

  /** Workflow code: counts a watch that has ended. */
  static void ended(CourseView.State how) {
    Workflow.getMetricsScope().tagged(Map.of(OUTCOME, how.name())).counter(ENDED).inc(1);
  }
}
