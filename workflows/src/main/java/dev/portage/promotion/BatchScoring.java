package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.job.JobActivities;
import dev.portage.job.JobChange;
import dev.portage.job.JobOrder;
import dev.portage.job.JobState;
import dev.portage.job.OthersQuery;
import dev.portage.job.OthersRun;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import dev.portage.job.ScoringRunOrder;
import dev.portage.job.Source;
import dev.portage.job.TeamJobRunOrder;
import dev.portage.scoring.LiveTable;
import dev.portage.scoring.LiveWrites;
import dev.portage.scoring.PredictionCount;
import dev.portage.scoring.PredictionQuery;
import dev.portage.scoring.ScoringActivities;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.PredictionCheck;
import dev.portage.settings.ScoringValues;
import dev.portage.settings.Station;
import dev.portage.settings.Work;
import dev.portage.step.Attempt;
import dev.portage.step.Made;
import dev.portage.step.StepFailure;
import dev.portage.temporal.Queues;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Step {@code batch}: runs the scoring job with the exact version into a staging table, and reads
 * that to see what it did. Readers see the rows once the champion has moved.
 */
final class BatchScoring {

  /** A classic SQL warehouse that was asleep takes minutes before it answers. */
  private static final Duration WAREHOUSE_START = Duration.ofMinutes(15);

  /** A run's own table holds no row before it. */
  private static final PredictionCount NOTHING = new PredictionCount(false, 0, 0, 0);

  private final Journey journey;
  private final Station target;
  private final Hop.Arrived arrived;
  private final String step;

  BatchScoring(Journey journey, Station target, Hop.Arrived arrived) {
    this.journey = journey;
    this.target = target;
    this.arrived = arrived;
    this.step = StepNames.hop(target, "batch");
  }

  /** Whether the file has batch scoring. */
  boolean isWanted() {
    return journey.settings().batch() != null;
  }

  /** Whether what it scores is published, rather than written where readers see it. */
  boolean publishes() {
    BatchSettings batch = journey.settings().batch();
    return batch != null && batch.checked().isOfRows();
  }

  /** Whether Portage manages the scoring job, so that it is live together with the champion. */
  boolean makesTheJob() {
    BatchSettings batch = journey.settings().batchAt(target);
    return batch != null && !batch.isTheirJob();
  }

  /**
   * Runs it once.
   *
   * @param seen the job as read before, null for none
   * @param changed called with what became of the job, so that it can be restored
   * @param publication the table that the run writes, and what becomes of it
   * @throws StepFailure when the job failed or its predictions are not as they should be
   */
  void run(@Nullable JobState seen, Consumer<JobChange> changed, Publication publication) {
    journey
        .steps()
        .once(
            step,
            target.workspace(),
            attempt -> {
              BatchSettings batch = batch();
              if (batch.scoring() instanceof Work.Job theirs) {
                return scoreByTheirs(batch, theirs, seen, attempt, publication);
              }
              JobChange change =
                  new ScoringJob(journey, target).apply(order(batch, attempt, seen), seen, changed);
              if (change.effect() != JobChange.Effect.CREATED) {
                endOthers(change.now().jobId());
              }
              String job = "job " + change.now().jobId() + runsAs(change.now()) + " run ";
              if (!batch.checked().isOfRows()) {
                return scoreUnchecked(batch, job, change, attempt);
              }
              LiveTable live = publication.prepare(batch, batchId(), attempt);
              RunRef run = score(batch, change, attempt, publication.table()).run();
              PredictionCount after = checked(batch, live, run, publication);
              publication.audit();
              return new Made<>(
                  after,
                  job
                      + run.runId()
                      + ", "
                      + after.rows()
                      + " rows of version "
                      + version()
                      + " in "
                      + publication.table(),
                  run.page());
            });
  }

  /** Scoring whose rows don't name their version: the file says that this is known. */
  private Made<PredictionCount> scoreUnchecked(
      BatchSettings batch, String job, JobChange change, Attempt attempt) {
    RunRef run = score(batch, change, attempt, batch.table()).run();
    boolean hasTable = batch.checked() == PredictionCheck.TABLE;
    PredictionCount after =
        hasTable
            ? count(batch.table(), "count the table's rows after")
            : new PredictionCount(false, 0, 0, 0);
    if (hasTable && after.rows() == 0) {
      throw wrongRows(
          batch,
          batch.table(),
          run,
          after.exists()
              ? "the run succeeded, but the table is empty"
              : "the run succeeded, but there is no such table");
    }
    return new Made<>(
        after,
        job
            + run.runId()
            + " with version "
            + version()
            + ", "
            + (hasTable
                ? after.rows() + " rows in " + batch.table() + ", not checked"
                : "no table checked"),
        run.page());
  }

  /**
   * The rows in the run's own table, after it was seen that the live one, which readers see, was
   * left alone.
   */
  private PredictionCount checked(
      BatchSettings batch, LiveTable live, RunRef run, Publication publication) {
    LiveWrites wrote = publication.liveWrites(live, run);
    PredictionCount after = count(publication.table(), "count the batch's rows");
    boolean isWrong = PredictionFault.of(NOTHING, after, batchId(), version()) != null;
    if (wrote.ours() || (isWrong && !wrote.writes().isEmpty())) {
      throw ignoredItsTable(batch, wrote, run);
    }
    if (!wrote.writes().isEmpty()) {
      journey
          .progress()
          .notice(
              "while run "
                  + run.runId()
                  + " wrote its own table, "
                  + batch.table()
                  + " in "
                  + target.workspace()
                  + " was changed, too, by an unknown writer: "
                  + String.join("; ", wrote.writes()));
    }
    refuseWrongRows(batch, publication.table(), NOTHING, after, run);
    return after;
  }

  private StepFailure ignoredItsTable(BatchSettings batch, LiveWrites wrote, RunRef run) {
    return Journey.userFailure(
        step,
        "score by run " + run.runId() + " into its own table",
        target.workspace(),
        PredictionFault.ignoredItsTable(batch.table(), wrote, journey.tableWrites()),
        "Change "
            + batch.scoring().named()
            + " in a new commit, so that it writes the table in its parameter table. What it wrote stays until you remove it: DELETE FROM "
            + batch.table()
            + " WHERE batch_id = '"
            + batchId()
            + "'",
        true);
  }

  /** Their job runs as it is: nothing is created or reset, so there is nothing to restore. */
  private Made<PredictionCount> scoreByTheirs(
      BatchSettings batch,
      Work.Job job,
      @Nullable JobState seen,
      Attempt attempt,
      Publication publication) {
    String named = seen == null ? job.job() : Long.toString(seen.jobId());
    if (seen != null) {
      endOthers(seen.jobId());
    }
    LiveTable live = publication.prepare(batch, batchId(), attempt);
    if (!live.missingColumns().isEmpty()) {
      // A table that can't distinguish batches can't receive one by id: the job writes it directly.
      publication.drop();
    }
    PredictionCount before = count(batch.table(), "count the batch's rows before");
    TeamJobRunOrder order =
        new TeamJobRunOrder(
            target.workspace(),
            named,
            attempt.key(),
            job.parameters(),
            parameters(
                Map.of(), batch, publication.isPending() ? publication.table() : batch.table()),
            journey.turns().inHand());
    RunResult result =
        NotebookRuns.underTurn(journey, step, target)
            .runTheirs(
                "run " + job.named() + ", attempt " + attempt.number(),
                jobs -> {
                  RunRef run = jobs.runTheirJob(order);
                  if (!publication.isPending()) {
                    journey.progress().outcome().leaves(step, rows(batch));
                  }
                  return run;
                },
                job);
    if (publication.isPending()) {
      PredictionCount staged = count(publication.table(), "count the batch's rows");
      if (staged.exists() && staged.rows() > 0) {
        PredictionCount own = checked(batch, live, result.run(), publication);
        publication.audit();
        return new Made<>(
            own,
            job.named()
                + ", unchanged, run "
                + result.run().runId()
                + ", "
                + own.rows()
                + " rows of version "
                + version()
                + " in "
                + publication.table(),
            result.page());
      }
      publication.drop();
      journey.progress().outcome().leaves(step, rows(batch));
      journey
          .progress()
          .notice(
              job.named()
                  + " ignored its parameter table, so what it wrote into "
                  + batch.table()
                  + " was visible before the champion moved; add a job parameter table to prevent that");
    }
    PredictionCount after = count(batch.table(), "count the batch's rows after");
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
                  + target.workspace()
                  + " "
                  + why);
      return new Made<>(after, run + "; predictions not checked", result.page());
    }
    refuseWrongRows(batch, batch.table(), before, after, result.run());
    return new Made<>(
        after,
        run + ", " + after.rows() + " rows of version " + version() + " in " + batch.table(),
        result.page());
  }

  private Map<String, String> parameters(
      Map<String, String> further, BatchSettings batch, String table) {
    return ScoringValues.parameters(batch.scoring(), further, values(table));
  }

  private Map<String, String> values(String table) {
    return Map.of(
        ScoringValues.MODEL_URI, modelUri(),
        ScoringValues.MODEL_VERSION, version(),
        ScoringValues.TABLE, table,
        ScoringValues.BATCH, batchId(),
        ScoringValues.PROMOTION, journey.id());
  }

  private static String runsAs(JobState job) {
    return job.runAs() == null ? "" : " as " + job.runAs();
  }

  private JobOrder order(BatchSettings batch, Attempt attempt, @Nullable JobState seen) {
    return JobOrder.of(target.workspace(), journey.settings().model(), batch, source())
        .orderedBy(journey.id(), attempt.key())
        .version(modelUri(), version())
        .grant(journey.turns().inHand())
        .seen(seen == null ? null : seen.jobId())
        .build();
  }

  /**
   * A promotion that started a run under an earlier turn no longer holds it: it was terminated
   * together with the lane, or has lost the turn, and nothing may go live through that run. No
   * other run may score alongside ours.
   */
  private void endOthers(long jobId) {
    for (OthersRun other :
        jobs("find runs that others left of job " + jobId)
            .othersRuns(new OthersQuery(target.workspace(), jobId, journey.id()))) {
      RunResult ended =
          jobs("end run " + other.run().runId() + ", left by another promotion")
              .cancelRun(other.run());
      journey
          .progress()
          .notice(
              "run "
                  + other.run().runId()
                  + " of job "
                  + jobId
                  + " in "
                  + target.workspace()
                  + " was left by "
                  + other.promotion()
                  + ", which no longer holds the turn; the run was stopped: "
                  + ended.state());
    }
  }

  private JobActivities jobs(String summary) {
    return Stubs.quick(JobActivities.class, queue(), journey.settings().retryTimeout(), summary);
  }

  private RunResult score(BatchSettings batch, JobChange change, Attempt attempt, String table) {
    ScoringRunOrder order =
        new ScoringRunOrder(
            target.workspace(),
            change.now().jobId(),
            attempt.key(),
            parameters(batch.parameters(), batch, table),
            journey.turns().inHand(),
            ScoringValues.withArguments(batch.scoring(), values(table)));
    return NotebookRuns.underTurn(journey, step, target)
        .run(
            "run job " + order.jobId() + ", attempt " + attempt.number(),
            jobs -> {
              RunRef run = jobs.runJob(order);
              if (table.equals(batch.table())) {
                journey.progress().outcome().leaves(step, rows(batch));
              }
              return run;
            },
            batch.scoring(),
            source().commit());
  }

  private PredictionCount count(String table, String summary) {
    return Stubs.awaiting(
            ScoringActivities.class,
            queue(),
            WAREHOUSE_START,
            journey.settings().retryTimeout(),
            summary)
        .countPredictions(
            new PredictionQuery(
                target.workspace(), table, batchId(), version(), journey.id(), batch().check()));
  }

  private void refuseWrongRows(
      BatchSettings batch,
      String table,
      PredictionCount before,
      PredictionCount after,
      RunRef run) {
    String wrong = PredictionFault.of(before, after, batchId(), version());
    if (wrong != null) {
      throw wrongRows(batch, table, run, wrong);
    }
  }

  private StepFailure wrongRows(BatchSettings batch, String table, RunRef run, String wrong) {
    return Journey.userFailure(
        step,
        "check the predictions that run " + run.runId() + " wrote into " + table,
        target.workspace(),
        wrong,
        "Fix "
            + batch.scoring().named()
            + " in a new commit; or, if the table was the problem: portage resume "
            + journey.id(),
        true);
  }

  private String rows(BatchSettings batch) {
    return "what was scored into "
        + batch.table()
        + " of "
        + target.workspace()
        + " as batch "
        + batchId();
  }

  private BatchSettings batch() {
    return java.util.Objects.requireNonNull(journey.settings().batchAt(target), "only if wanted");
  }

  private Source source() {
    return journey.source(step, batch().scoring().named(), target);
  }

  private String version() {
    return arrived.version().version();
  }

  private String modelUri() {
    return "models:/" + target.model() + "/" + version();
  }

  /** One batch per promotion and target: a rerun writes the same batch. */
  private String batchId() {
    return journey.id() + "/" + target.workspace();
  }

  private String queue() {
    return Queues.of(target.workspace());
  }
}
