package dev.portage.promotion;

import dev.portage.job.JobState;
import dev.portage.job.RunResult;
import dev.portage.job.TeamJobRunOrder;
import dev.portage.scoring.LiveTable;
import dev.portage.scoring.PredictionCount;
import dev.portage.scoring.RulesQuery;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.ScoringValues;
import dev.portage.settings.Work;
import dev.portage.step.Attempt;
import dev.portage.step.Made;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Scoring by a job of the team's. It runs as it is and gets parameters alone: nothing is created or
 * reset, so there is nothing to restore.
 */
final class TeamScoring {

  private final ScoredBatch scored;
  private final Journey journey;
  private final BatchSettings batch;
  private final Work.Job job;
  private final String named;
  private final Attempt attempt;
  private final Publication publication;
  private final PredictionAudit audit;

  /**
   * @param seen the job as read before, null for none
   */
  TeamScoring(
      ScoredBatch scored,
      Work.Job job,
      @Nullable JobState seen,
      Attempt attempt,
      Publication publication) {
    this.scored = scored;
    this.journey = scored.journey();
    this.batch = scored.settings();
    this.job = job;
    this.named = seen == null ? job.job() : Long.toString(seen.jobId());
    this.attempt = attempt;
    this.publication = publication;
    this.audit = new PredictionAudit(scored);
  }

  Made<PredictionCount> score() {
    LiveTable live = publication.prepare(batch, scored.id(), attempt);
    if (!live.missingColumns().isEmpty()) {
      // A table that can't distinguish batches can't receive one by id: the job writes it directly.
      publication.drop();
    }
    PredictionCount before = audit.count(batch.table(), "count the batch's rows before");
    if (!publication.isPending()) {
      publication.direct().begin(batch.table(), scored.id());
    }
    RunResult result =
        run(
            "run " + job.named() + ", attempt " + attempt.number(),
            attempt.key(),
            scored.values(publication.isPending() ? publication.table() : batch.table()));
    if (publication.isPending()) {
      PredictionCount staged = audit.count(publication.table(), "count the batch's rows");
      if (staged.exists() && staged.rows() > 0) {
        return published(live, result);
      }
      publication.drop();
      publication.direct().begin(batch.table(), scored.id());
      journey
          .progress()
          .notice(
              job.named()
                  + " ignored its parameter table, so what it wrote into "
                  + batch.table()
                  + " was visible before the champion moved; add a job parameter table to prevent that");
    }
    return direct(before, result);
  }

  private Made<PredictionCount> published(LiveTable live, RunResult result) {
    PredictionCount own = audit.ofItsOwnTable(live, result.run(), publication);
    String table = publication.table();
    audit.requireRules(
        new RulesQuery.Rows(table, scored.id(), scored.version()),
        result.run(),
        attempt,
        (key, _, values) -> {
          run("score with the champion by " + job.named(), key, values);
          return null;
        });
    publication.audit();
    return new Made<>(
        own,
        job.named()
            + ", unchanged, run "
            + result.run().runId()
            + ", "
            + own.rows()
            + " rows of version "
            + scored.version()
            + " in "
            + table,
        result.page());
  }

  private Made<PredictionCount> direct(PredictionCount before, RunResult result) {
    PredictionCount after = audit.count(batch.table(), "count the batch's rows after");
    String run = job.named() + ", unchanged, run " + result.run().runId();
    if (!after.exists() || !after.missingColumns().isEmpty()) {
      String why =
          after.exists()
              ? "has no column " + String.join(", ", after.missingColumns())
              : "does not exist";
      journey
          .progress()
          .notice(
              "the predictions of "
                  + job.named()
                  + " were not checked: table "
                  + batch.table()
                  + " in "
                  + scored.workspace()
                  + " "
                  + why);
      return new Made<>(after, run + "; predictions not checked", result.page());
    }
    audit.refuseWrongRows(batch.table(), before, after, result.run());
    audit.requireRules(
        new RulesQuery.Rows(batch.table(), scored.id(), scored.version()),
        result.run(),
        attempt,
        RuledPredictions.Run.impossible(job.named() + " writes the live table"));
    return new Made<>(
        after,
        run + ", " + after.rows() + " rows of version " + scored.version() + " in " + batch.table(),
        result.page());
  }

  private RunResult run(String what, String key, Map<String, String> values) {
    TeamJobRunOrder order =
        new TeamJobRunOrder(
            scored.workspace(),
            named,
            key,
            job.parameters(),
            ScoringValues.parameters(batch.scoring(), Map.of(), values),
            journey.turns().inHand());
    return NotebookRuns.underTurn(journey, scored.step(), scored.target())
        .runTheirs(what, jobs -> jobs.runTheirJob(order), job);
  }
}
