package dev.portage.rollback;

import com.uber.m3.tally.Scope;
import dev.portage.step.CourseView;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What is counted of rollbacks, in the metrics of the worker that runs them. No label names a model
 * or a person. A look at what one would do counts nothing, and neither does a workflow that has
 * another one do it.
 */
public final class RollbackMetrics {

  /** Counter: rollbacks that ended, by {@link #OUTCOME}. */
  public static final String ENDED = "portage_rollbacks_ended";

  /** Counter: those that restored everything, and ended with something left to do. */
  public static final String UNFINISHED = "portage_rollbacks_unfinished";

  /**
   * Timer: from their start to their end, with the time in which people were waited for, by {@link
   * #OUTCOME}.
   */
  public static final String TOOK = "portage_rollback";

  /** Label: how one ended. */
  public static final String OUTCOME = "outcome";

  private RollbackMetrics() {}

  /** States that a rollback can end in. */
  public static List<CourseView.State> outcomes() {
    return Arrays.stream(CourseView.State.values()).filter(CourseView.State::ended).toList();
  }

  /** Counts one. Only for workflow code. */
  static void ended(CourseView.State how, boolean isUnfinished, Duration took) {
    Scope scope = Workflow.getMetricsScope();
    Scope labelled = scope.tagged(Map.of(OUTCOME, how.name()));
    labelled.counter(ENDED).inc(1);
    labelled.timer(TOOK).record(com.uber.m3.util.Duration.ofMillis((double) took.toMillis()));
    if (isUnfinished) {
      scope.counter(UNFINISHED).inc(1);
    }
  }
}
