package dev.portage.promotion;

import dev.portage.approval.ApprovalDesk;
import dev.portage.duplicates.Deduplication;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.job.Source;
import dev.portage.lane.Turns;
import dev.portage.live.LiveThings;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.serving.SoakDesk;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.settings.Threshold;
import dev.portage.step.Journal;
import dev.portage.step.NextRun;
import dev.portage.step.StepFailure;
import dev.portage.step.StepRunner;
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
 * @param parts what was there before the first step
 * @param steps runs steps
 * @param cancel the order to end it
 * @param nextRun waits, and continues in another run if the history is long
 * @param things what a hop changes
 */
record Journey(
    PromotionStart start,
    Settings settings,
    Parts parts,
    StepRunner steps,
    CancelOrder cancel,
    NextRun nextRun,
    LiveThings things) {

  /**
   * What is there before the first message is handled and the first step runs.
   *
   * @param progress reports to people
   * @param approvals what people decide
   * @param place its place among other promotions of the model
   * @param followUps what follows from champions that moved
   * @param deduplication what to check for duplicates at the end
   * @param journal results of finished steps
   * @param noticeSender sends notices
   */
  record Parts(
      PromotionProgress progress,
      Approvals approvals,
      Place place,
      FollowUps followUps,
      Deduplication deduplication,
      Journal journal,
      NoticeSender noticeSender) {}

  /**
   * What people decide about a promotion.
   *
   * @param desk where decisions arrive
   * @param decisions decisions on their way there
   * @param breakGlass lets it through a freeze
   * @param thawCalls messages that freezes were ended
   * @param soak where orders arrive while traffic is moved
   */
  record Approvals(
      ApprovalDesk desk,
      Decisions decisions,
      BreakGlass breakGlass,
      ThawCalls thawCalls,
      SoakDesk soak) {}

  /**
   * Its place among other promotions of the model.
   *
   * @param turns where turns are granted
   * @param superseding ends it if a newer promotion takes its place
   */
  record Place(Turns turns, Superseding superseding) {}

  /** Reports to people. */
  PromotionProgress progress() {
    return parts.progress();
  }

  /** Where decisions arrive. */
  ApprovalDesk desk() {
    return parts.approvals().desk();
  }

  /** Decisions on their way to the desk. */
  Decisions decisions() {
    return parts.approvals().decisions();
  }

  /** Where turns are granted. */
  Turns turns() {
    return parts.place().turns();
  }

  /** What follows from champions that moved. */
  FollowUps followUps() {
    return parts.followUps();
  }

  /** What to check for duplicates at the end. */
  Deduplication deduplication() {
    return parts.deduplication();
  }

  /** Results of finished steps. */
  Journal journal() {
    return parts.journal();
  }

  /** Tells people. */
  NoticeSender noticeSender() {
    return parts.noticeSender();
  }

  /** Ends it if a newer promotion takes its place. */
  Superseding superseding() {
    return parts.place().superseding();
  }

  /** Lets it through a freeze. */
  BreakGlass breakGlass() {
    return parts.approvals().breakGlass();
  }

  /** Messages that freezes were ended. */
  ThawCalls thawCalls() {
    return parts.approvals().thawCalls();
  }

  /** Where orders arrive while traffic is moved. */
  SoakDesk soak() {
    return parts.approvals().soak();
  }

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

  /**
   * The commit that a step runs.
   *
   * @param work what of it runs, for the message
   * @throws StepFailure when the promotion was started without a commit
   */
  Source source(String step, String work, Station at) {
    Source source = start.source();
    if (source == null) {
      throw userFailure(
          step,
          "run " + work,
          at.workspace(),
          "the promotion was started without a commit",
          "Start it from a Git checkout",
          false);
    }
    return source;
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
    journal().find(key, VersionOrder.class).ifPresent(registering::takeOver);
    journal().keep(key, registering::unfinished);
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
