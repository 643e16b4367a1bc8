package dev.portage.promotion;

import dev.portage.approval.ApprovalDesk;
import dev.portage.duplicates.Deduplication;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.settings.Settings;
import dev.portage.settings.Threshold;
import dev.portage.temporal.Queues;
import dev.portage.versioncopy.Registering;
import io.temporal.workflow.Workflow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What every step of one promotion shares.
 *
 * @param start what it was started with
 * @param settings what it is to do
 * @param steps runs steps
 * @param progress reports to people
 * @param desk where decisions arrive
 * @param decisions decisions on their way there
 * @param turns where turns are granted
 * @param cancel the order to end it
 * @param followUps what follows from champions that moved
 * @param deduplication what to check for duplicates at the end
 * @param journal results of finished steps
 * @param telling tells people
 * @param nextRun waits, and continues in another run if the history is long
 */
record Journey(
    PromotionStart start,
    Settings settings,
    StepRunner steps,
    PromotionProgress progress,
    ApprovalDesk desk,
    Decisions decisions,
    Turns turns,
    CancelOrder cancel,
    FollowUps followUps,
    Deduplication deduplication,
    Journal journal,
    Telling telling,
    NextRun nextRun) {

  /** Id of the promotion. */
  String id() {
    return Workflow.getInfo().getWorkflowId();
  }

  /** Task queue of the first workspace. */
  String originQueue() {
    return Queues.of(settings.first().workspace());
  }

  /** Lines of the commit that may write the live table, as "notebooks/score.py:42". */
  List<String> tableWrites() {
    return Objects.requireNonNullElse(start.tableWrites(), List.of());
  }

  /** Tags that everything made by this promotion carries. */
  Map<String, String> tags() {
    Map<String, String> tags = new HashMap<>();
    tags.put(Tags.PROMOTION, id());
    tags.put(Tags.MODEL, start.model());
    if (start.commit() != null) {
      tags.put(Tags.COMMIT, start.commit());
    }
    if (start.build() != null) {
      tags.put(Tags.BUILD, start.build().id());
    }
    return Map.copyOf(tags);
  }

  /** What a registration has started is not forgotten, whichever run of the workflow ends it. */
  void keep(String step, Registering registering) {
    String key = step + " unfinished";
    journal.find(key, VersionOrder.class).ifPresent(registering::takeOver);
    journal.keep(key, registering::unfinished);
  }

  /** Metrics that gates look at. */
  List<String> gatedMetrics() {
    return settings.thresholds().stream().map(Threshold::metric).distinct().toList();
  }

  /** A step failed through the model, its files or its notebooks. */
  static StepFailure userFailure(
      String step,
      String tried,
      String where,
      String cameBack,
      String remedy,
      boolean endedForGood) {
    return new StepFailure(
        step,
        Problem.of(FailureKind.USER, tried, "workspace " + where, cameBack, remedy),
        endedForGood);
  }
}
