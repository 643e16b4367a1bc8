package dev.portage.promotion;

import dev.portage.job.JobChange;
import dev.portage.job.JobOrder;
import dev.portage.job.JobState;
import dev.portage.job.RunRef;
import dev.portage.job.ScoringRunOrder;
import dev.portage.live.ScoringRun;
import dev.portage.scoring.LiveTable;
import dev.portage.scoring.PredictionCount;
import dev.portage.scoring.RulesQuery;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.PredictionCheck;
import dev.portage.settings.ScoringValues;
import dev.portage.settings.Station;
import dev.portage.settings.Work;
import dev.portage.step.Attempt;
import dev.portage.step.Made;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Step {@code batch}: runs the scoring job with the exact version into a staging table, and reads
 * that to see what it did. Readers see the rows once the champion has moved.
 */
final class BatchScoring implements ScoringRun {

  private final Journey journey;
  private final Station target;
  private final ScoredBatch scored;
  private final PredictionAudit audit;
  private final Publication publication;

  /**
   * @param publication the table that the run writes, and what becomes of it
   */
  BatchScoring(Journey journey, Station target, Hop.Arrived arrived, Publication publication) {
    this.journey = journey;
    this.target = target;
    this.publication = publication;
    this.scored = new ScoredBatch(journey, target, arrived);
    this.audit = new PredictionAudit(scored);
  }

  /** Whether what it scores is published, rather than written where readers see it. */
  boolean publishes() {
    BatchSettings batch = journey.settings().batch();
    return batch != null && batch.checked().isOfRows();
  }

  /** Name of its step. */
  String step() {
    return scored.step();
  }

  @Override
  public Made<PredictionCount> score(
      Attempt attempt, @Nullable JobState seen, Consumer<JobChange> changed) {
    BatchSettings batch = scored.settings();
    if (batch.scoring() instanceof Work.Job theirs) {
      if (seen != null) {
        scored.endOthers(seen.jobId());
      }
      return new TeamScoring(scored, theirs, seen, attempt, publication).score();
    }
    JobChange change =
        new ScoringJob(journey, target).apply(order(batch, attempt, seen), seen, changed);
    if (change.effect() != JobChange.Effect.CREATED) {
      scored.endOthers(change.now().jobId());
    }
    return batch.checked().isOfRows()
        ? scoreChecked(batch, change, attempt)
        : scoreUnchecked(batch, change, attempt);
  }

  private Made<PredictionCount> scoreChecked(
      BatchSettings batch, JobChange change, Attempt attempt) {
    LiveTable live = publication.prepare(batch, scored.id(), attempt);
    RunRef run = score(change, attempt, publication.table());
    PredictionCount after = audit.ofItsOwnTable(live, run, publication);
    audit.requireRules(
        new RulesQuery.Rows(publication.table(), scored.id(), scored.version()),
        run,
        attempt,
        (key, _, values) -> {
          score("score with the champion by job " + change.now().jobId(), key, change, values);
          return null;
        });
    publication.audit();
    return new Made<>(
        after,
        named(change)
            + run.runId()
            + ", "
            + after.rows()
            + " rows of version "
            + scored.version()
            + " in "
            + (publication.isPending() ? publication.table() : batch.table()),
        run.page());
  }

  /** Scoring whose rows don't name their version: the file says that this is known. */
  private Made<PredictionCount> scoreUnchecked(
      BatchSettings batch, JobChange change, Attempt attempt) {
    boolean hasTable = batch.checked() == PredictionCheck.TABLE;
    if (hasTable) {
      publication.direct().begin(batch.table(), scored.id());
    }
    RunRef run = score(change, attempt, batch.table());
    PredictionCount after =
        hasTable
            ? audit.count(batch.table(), "count the table's rows after")
            : new PredictionCount(false, 0, 0, 0);
    if (hasTable && after.rows() == 0) {
      throw audit.wrongRows(
          batch.table(),
          run,
          after.exists()
              ? "the run succeeded, but the table is empty"
              : PredictionFault.noTable(batch.table()));
    }
    if (hasTable) {
      audit.requireRules(
          new RulesQuery.Rows(batch.table(), null, scored.version()),
          run,
          attempt,
          RuledPredictions.Run.impossible("rows of " + batch.table() + " don't name their batch"));
    }
    return new Made<>(
        after,
        named(change)
            + run.runId()
            + " with version "
            + scored.version()
            + ", "
            + (hasTable
                ? after.rows()
                    + " rows in "
                    + batch.table()
                    + (batch.rules() == null ? ", not checked" : ", checked by batch.rules alone")
                : "no table checked"),
        run.page());
  }

  private static String named(JobChange change) {
    JobState job = change.now();
    return "job " + job.jobId() + (job.runAs() == null ? "" : " as " + job.runAs()) + " run ";
  }

  private JobOrder order(BatchSettings batch, Attempt attempt, @Nullable JobState seen) {
    return JobOrder.of(target.workspace(), journey.settings().model(), batch, scored.source())
        .orderedBy(journey.id(), attempt.key())
        .version(scored.modelUri(), scored.version())
        .grant(journey.turns().inHand())
        .seen(seen == null ? null : seen.jobId())
        .build();
  }

  private RunRef score(JobChange change, Attempt attempt, String table) {
    String what = "run job " + change.now().jobId() + ", attempt " + attempt.number();
    return score(what, attempt.key(), change, scored.values(table));
  }

  private RunRef score(String what, String key, JobChange change, Map<String, String> values) {
    BatchSettings batch = scored.settings();
    ScoringRunOrder order =
        new ScoringRunOrder(
            target.workspace(),
            change.now().jobId(),
            key,
            ScoringValues.parameters(batch.scoring(), batch.parameters(), values),
            journey.turns().inHand(),
            ScoringValues.withArguments(batch.scoring(), values));
    return NotebookRuns.underTurn(journey, scored.step(), target)
        .run(what, jobs -> jobs.runJob(order), batch.scoring(), scored.source().commit())
        .run();
  }
}
