package dev.portage.promotion;

import com.uber.m3.tally.Scope;
import dev.portage.approval.ApprovalDesk;
import dev.portage.step.StepView;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a promotion counts, in the metrics of the worker that runs it. Replaying counts nothing, so
 * the counts of all workers add up; a workflow task that is executed twice may count twice. No
 * label names a model, a person or a promotion: the number of time series must not grow with the
 * number of promotions.
 */
public final class PromotionMetrics {

  /** Counter: promotions that began. */
  public static final String STARTED = "portage_promotions_started";

  /** Counter: promotions that ended, by {@link #OUTCOME}. */
  public static final String ENDED = "portage_promotions_ended";

  /** Counter: released promotions that ended with something left to do. */
  public static final String UNFINISHED = "portage_promotions_unfinished";

  /** Counter: messages that did not count. */
  public static final String REFUSED = "portage_messages_refused";

  /** Counter: decisions and orders that counted. */
  public static final String DECISIONS = "portage_decisions";

  /** Timer: steps that ended, by {@link #STEP}, {@link #WORKSPACE} and {@link #OUTCOME}. */
  public static final String STEPS = "portage_step";

  /** Label: name of a step, without its workspace. */
  public static final String STEP = "step";

  /** Label: name of the workspace that a step is about. */
  public static final String WORKSPACE = "workspace";

  /** Label: how something ended. */
  public static final String OUTCOME = "outcome";

  /** Workspace of a step that comes before the path is known. */
  static final String NO_WORKSPACE = "none";

  private final ApprovalDesk desk;
  private int refused;
  private int decided;

  /**
   * Counts from here on.
   *
   * @param desk with what an earlier run of the workflow has counted already
   */
  PromotionMetrics(ApprovalDesk desk) {
    this.desk = desk;
    refused = desk.refusedInAll();
    decided = desk.decisions().size();
  }

  /** States that a promotion can end in. */
  public static List<PromotionState> outcomes() {
    return List.of(PromotionState.values()).stream().filter(PromotionState::ended).toList();
  }

  void started() {
    scope().counter(STARTED).inc(1);
  }

  void ended(PromotionState how, boolean isUnfinished) {
    scope().tagged(Map.of(OUTCOME, how.name())).counter(ENDED).inc(1);
    if (isUnfinished) {
      scope().counter(UNFINISHED).inc(1);
    }
  }

  /**
   * Counts a step.
   *
   * @param step as the promotion names it, such as {@code prod/copy}
   * @param origin workspace of steps without one in their name
   * @param took from its first attempt to its end
   */
  void stepEnded(String step, String origin, StepView.State how, Duration took) {
    int slash = step.indexOf('/');
    Map<String, String> labels =
        Map.of(
            STEP,
            step.substring(slash + 1),
            WORKSPACE,
            slash < 0 ? origin : step.substring(0, slash),
            OUTCOME,
            how.name());
    scope()
        .tagged(labels)
        .timer(STEPS)
        .record(com.uber.m3.util.Duration.ofMillis((double) took.toMillis()));
  }

  /** Counts the messages that came since the last time. */
  void messages() {
    count(REFUSED, desk.refusedInAll() - refused);
    count(DECISIONS, desk.decisions().size() - decided);
    refused = desk.refusedInAll();
    decided = desk.decisions().size();
  }

  private static void count(String name, int more) {
    if (more > 0) {
      scope().counter(name).inc(more);
    }
  }

  private static Scope scope() {
    return Workflow.getMetricsScope();
  }
}
