package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.job.RunRef;
import dev.portage.scoring.LiveTable;
import dev.portage.scoring.LiveWrites;
import dev.portage.scoring.PredictionCount;
import dev.portage.scoring.PredictionQuery;
import dev.portage.scoring.Rehearsal;
import dev.portage.scoring.RuleResult;
import dev.portage.scoring.RulesChecked;
import dev.portage.scoring.RulesQuery;
import dev.portage.scoring.ScoringActivities;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.PredictionRules;
import dev.portage.step.Attempt;
import dev.portage.step.StepFailure;
import java.time.Duration;
import java.util.List;

/**
 * Reads what a run of a batch has written, and refuses what is not as it should be: rows of another
 * version, a live table that was written meanwhile, a broken rule.
 */
final class PredictionAudit {

  /** A classic SQL warehouse that was asleep takes minutes before it answers. */
  private static final Duration WAREHOUSE_START = Duration.ofMinutes(15);

  /** A run's own table holds no row before it. */
  private static final PredictionCount NOTHING = new PredictionCount(false, 0, 0, 0);

  private final ScoredBatch scored;
  private final Journey journey;

  PredictionAudit(ScoredBatch scored) {
    this.scored = scored;
    this.journey = scored.journey();
  }

  /** Counts the batch's rows in a table. */
  PredictionCount count(String table, String summary) {
    return Stubs.awaiting(
            ScoringActivities.class,
            scored.queue(),
            WAREHOUSE_START,
            journey.settings().retryTimeout(),
            summary)
        .countPredictions(
            new PredictionQuery(
                scored.workspace(),
                table,
                scored.id(),
                scored.version(),
                journey.id(),
                batch().check()));
  }

  /**
   * The rows in the run's own table, after it was seen that the live one, which readers see, was
   * left alone.
   *
   * @param live the live table before the run
   */
  PredictionCount ofItsOwnTable(LiveTable live, RunRef run, Publication publication) {
    LiveWrites wrote = publication.liveWrites(live, run);
    PredictionCount after = count(publication.table(), "count the batch's rows");
    boolean isWrong =
        PredictionFault.of(publication.table(), NOTHING, after, scored.id(), scored.version())
            != null;
    if (wrote.ours() || (isWrong && !wrote.writes().isEmpty())) {
      publication.direct().begin(batch().table(), scored.id());
      throw ignoredItsTable(wrote, run);
    }
    if (!wrote.writes().isEmpty()) {
      journey
          .progress()
          .notice(
              "while run "
                  + run.runId()
                  + " wrote its own table, "
                  + batch().table()
                  + " in "
                  + scored.workspace()
                  + " was changed, too, by an unknown writer: "
                  + String.join("; ", wrote.writes()));
    }
    refuseWrongRows(publication.table(), NOTHING, after, run);
    return after;
  }

  /**
   * Checks the rules of the file, if it has any. What could not be measured stops the step as well,
   * unless people knew from the rehearsal, or there is nothing to compare with.
   *
   * @param own the rows that the run has written
   * @param champion scores the same batch with the champion
   */
  void requireRules(
      RulesQuery.Rows own, RunRef run, Attempt attempt, RuledPredictions.Run champion) {
    PredictionRules rules = batch().rules();
    if (rules == null) {
      return;
    }
    RulesChecked checked =
        new RuledPredictions(
                journey, scored.target(), scored.target().model(), batch().table(), attempt)
            .check(rules, own, champion);
    List<RuleResult> known = rehearsed();
    String broken = checked.broken();
    if (broken != null) {
      throw brokenRules(run, broken);
    }
    String notMeasured = checked.notMeasured(known);
    if (notMeasured != null) {
      throw brokenRules(run, "not measured: " + notMeasured);
    }
    String open = checked.leftOpen(known);
    if (open != null) {
      journey
          .progress()
          .notice("rules for the predictions in " + scored.workspace() + " left open: " + open);
    }
  }

  private List<RuleResult> rehearsed() {
    return journey
        .journal()
        .find(StepNames.REHEARSE, Rehearsal.class)
        .map(Rehearsal::ruled)
        .orElse(List.of());
  }

  private StepFailure brokenRules(RunRef run, String broken) {
    return Journey.userFailure(
        scored.step(),
        "check the predictions of run " + run.runId() + " against batch.rules",
        scored.workspace(),
        broken,
        "Change the model or batch.rules in a new commit; or, if the input was the problem: portage"
            + " resume "
            + journey.id(),
        true);
  }

  /** Refuses rows that are not those of this batch and version. */
  void refuseWrongRows(String table, PredictionCount before, PredictionCount after, RunRef run) {
    String wrong = PredictionFault.of(table, before, after, scored.id(), scored.version());
    if (wrong != null) {
      throw wrongRows(table, run, wrong);
    }
  }

  StepFailure wrongRows(String table, RunRef run, String wrong) {
    return Journey.userFailure(
        scored.step(),
        "check the predictions that run " + run.runId() + " wrote into " + table,
        scored.workspace(),
        wrong,
        "Fix "
            + batch().scoring().named()
            + " in a new commit; or, if the table was the problem: portage resume "
            + journey.id(),
        true);
  }

  private StepFailure ignoredItsTable(LiveWrites wrote, RunRef run) {
    return Journey.userFailure(
        scored.step(),
        "score by run " + run.runId() + " into its own table",
        scored.workspace(),
        PredictionFault.ignoredItsTable(batch().table(), wrote, journey.tableWrites()),
        "Change "
            + batch().scoring().named()
            + " in a new commit, so that it writes the table in its parameter table. Rows of its batch are removed where the table can tell them; the notices say so",
        true);
  }

  private BatchSettings batch() {
    return scored.settings();
  }
}
