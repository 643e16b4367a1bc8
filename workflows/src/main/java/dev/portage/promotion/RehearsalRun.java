package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.candidate.Candidate;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import dev.portage.scoring.LiveTable;
import dev.portage.scoring.LiveWrites;
import dev.portage.scoring.LiveWritesQuery;
import dev.portage.scoring.PredictionCount;
import dev.portage.scoring.PredictionQuery;
import dev.portage.scoring.Rehearsal;
import dev.portage.scoring.Rehearsal.Outcome;
import dev.portage.scoring.RuleResult;
import dev.portage.scoring.RulesQuery;
import dev.portage.scoring.ScoringActivities;
import dev.portage.scoring.StagingOrder;
import dev.portage.scoring.StagingTable;
import dev.portage.scoring.TargetTable;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.PredictionRules;
import dev.portage.settings.RehearsalSettings;
import dev.portage.settings.ScoringValues;
import dev.portage.settings.Station;
import dev.portage.step.Attempt;
import dev.portage.step.StepFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt of a rehearsal, which has a table of its own. */
final class RehearsalRun {

  /** A classic SQL warehouse that was asleep takes minutes before it answers. */
  private static final Duration WAREHOUSE_START = Duration.ofMinutes(15);

  private static final PredictionCount NOTHING = new PredictionCount(false, 0, 0, 0);

  private final Journey journey;
  private final Candidate candidate;
  private final Station origin;
  private final RehearsalSettings rehearsal;
  private final BatchSettings batch;
  private final Attempt attempt;
  private final RehearsalScoring runs;
  private final String table;
  private List<TargetTable> later = List.of();
  private boolean nothingMade;

  RehearsalRun(
      Journey journey,
      Candidate candidate,
      RehearsalSettings rehearsal,
      BatchSettings batch,
      Attempt attempt) {
    this.journey = journey;
    this.candidate = candidate;
    this.origin = journey.settings().first();
    this.rehearsal = rehearsal;
    this.batch = batch;
    this.attempt = attempt;
    this.runs = new RehearsalScoring(journey, origin, batch);
    this.table = StagingTable.of(rehearsal.table(), journey.start().key(), attempt.key());
  }

  /** However it ends, its table goes. So what fails is never followed under the same key. */
  Rehearsal withItsTable() {
    Rehearsal came;
    try {
      came = rehearse();
    } catch (StepFailure failure) {
      drop();
      throw new StepFailure(failure.step(), failure.problem(), true);
    } catch (TemporalFailure failure) {
      drop();
      if (CancellationScope.current().isCancelRequested()) {
        throw failure;
      }
      throw new StepFailure(StepNames.REHEARSE, problemOf(failure), true);
    }
    if (!nothingMade) {
      drop();
    }
    return came;
  }

  private void drop() {
    Workflow.newDetachedCancellationScope(
            () -> Publication.dropped(journey, origin.workspace(), table))
        .run();
  }

  private Rehearsal rehearse() {
    LiveTable live;
    try {
      later = new LaterTables(journey).describe(attempt);
      live = before();
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      Problem problem = problemOf(failure);
      if (problem.kind() != FailureKind.USER) {
        throw failure;
      }
      nothingMade = true;
      return notPossible(problem);
    }
    RunResult result;
    try {
      result = score();
    } catch (RehearsalScoring.NotStarted refused) {
      return notPossible(refused.problem);
    } catch (EndedRun ended) {
      refuseLiveWrites(live, ended.result().run());
      String missing = MissingInputs.of(ended.result(), table).orElse(null);
      if (missing == null) {
        throw asIsThere(ended);
      }
      return new Rehearsal(
          origin.workspace(), Outcome.INCONCLUSIVE, missing, ended.result().page());
    }
    PredictionCount count = count();
    refuseLiveWrites(live, result.run());
    String fault = PredictionFault.of(table, NOTHING, count, batchId(), version());
    if (fault != null) {
      throw Journey.userFailure(
          StepNames.REHEARSE,
          "check the predictions of run " + result.run().runId(),
          origin.workspace(),
          fault,
          "Fix "
              + named()
              + " in a new commit. What a scoring notebook must write: docs/notebooks.md",
          true);
    }
    refuseMisfits(count, result.run());
    return new Rehearsal(
        origin.workspace(),
        Outcome.PASSED,
        count.rows() + " rows of version " + version() + " checked",
        result.page(),
        LaterTables.told(later, count),
        ruled(live));
  }

  /** A broken rule is a gate's to refuse, together with all that people see then. */
  private @Nullable List<RuleResult> ruled(LiveTable live) {
    PredictionRules rules = batch.rules();
    return rules == null
        ? null
        : new RuledPredictions(journey, origin, candidate.originModel(), rehearsal.table(), attempt)
            .check(
                rules,
                new RulesQuery.Rows(table, batchId(), version()),
                (key, its, values) -> scoreWithTheChampion(live, key, values))
            .results();
  }

  private @Nullable String scoreWithTheChampion(
      LiveTable live, String key, Map<String, String> values) {
    try {
      RunResult result = runs.score("score with the champion by " + named(), key, values);
      refuseLiveWrites(live, result.run());
      return null;
    } catch (RehearsalScoring.NotStarted refused) {
      return refused.problem.cameBack();
    }
  }

  /** What publishing would refuse after the approval, or after the champion has moved. */
  private void refuseMisfits(PredictionCount count, RunRef run) {
    String misfits = LaterTables.misfits(count);
    if (misfits != null) {
      throw Journey.userFailure(
          StepNames.REHEARSE,
          "compare the rows of run " + run.runId() + " with the tables that they will go to",
          origin.workspace(),
          misfits,
          "Have "
              + named()
              + " write what the table takes, in a new commit; or change the table, then:"
              + " portage resume "
              + journey.id(),
          true);
    }
  }

  /** The run found another table's columns, which its error says nothing of. */
  private StepFailure asIsThere(EndedRun ended) {
    String columns = LaterTables.columnsOfTheLast(later);
    return columns == null
        ? ended
        : new StepFailure(ended.step(), ended.problem().and(columns), true);
  }

  /** As it was before the run, even if another run of the workflow continues. */
  private LiveTable before() {
    String kept = StepNames.REHEARSE + " " + attempt.number() + " live table before";
    Optional<LiveTable> known = journey.journal().find(kept, LiveTable.class);
    if (known.isPresent()) {
      return known.get();
    }
    LiveTable before =
        scoring("prepare table " + table)
            .prepareStaging(
                new StagingOrder(
                    origin.workspace(),
                    rehearsal.table(),
                    table,
                    false,
                    null,
                    journey.id(),
                    LaterTables.last(later)));
    before.leftBeside().forEach(journey.progress()::notice);
    journey.journal().put(kept, before);
    return before;
  }

  /** What a user would have to fix only for an optional rehearsal stops nothing. */
  private Rehearsal notPossible(Problem problem) {
    return new Rehearsal(
        origin.workspace(),
        rehearsal.required() ? Outcome.INCONCLUSIVE : Outcome.SKIPPED,
        problem.tried() + ": " + problem.cameBack().lines().findFirst().orElse(""),
        null);
  }

  private Problem problemOf(TemporalFailure failure) {
    return Failures.problemOf(failure, "rehearse scoring", "workspace " + origin.workspace());
  }

  private RunResult score() {
    return runs.score(
        "rehearse " + named() + ", attempt " + attempt.number(),
        attempt.key(),
        Map.of(
            ScoringValues.MODEL_URI,
            "models:/" + candidate.originModel() + "/" + version(),
            ScoringValues.MODEL_VERSION,
            version(),
            ScoringValues.TABLE,
            table,
            ScoringValues.BATCH,
            batchId(),
            ScoringValues.PROMOTION,
            journey.id()));
  }

  /** A change of the live table stops the promotion, even if another writer is involved. */
  private void refuseLiveWrites(LiveTable live, RunRef run) {
    LiveWrites wrote =
        scoring("look whether table " + rehearsal.table() + " was written")
            .findLiveWrites(
                new LiveWritesQuery(
                    origin.workspace(),
                    rehearsal.table(),
                    live,
                    batchId(),
                    Publication.runIds(run)));
    if (wrote.writes().isEmpty()) {
      return;
    }
    throw Journey.userFailure(
        StepNames.REHEARSE,
        "rehearse " + named() + " by run " + run.runId(),
        origin.workspace(),
        PredictionFault.ignoredItsTable(rehearsal.table(), wrote, journey.tableWrites()),
        "Change "
            + named()
            + " in a new commit, so that it writes the table in its parameter table"
            + (wrote.ours()
                ? ""
                : "; or, if someone else wrote it in the meantime: portage resume " + journey.id()),
        true);
  }

  private PredictionCount count() {
    return scoring("count the rows of the rehearsal")
        .countPredictions(
            new PredictionQuery(
                origin.workspace(),
                table,
                batchId(),
                version(),
                journey.id(),
                null,
                LaterTables.known(later)));
  }

  private String named() {
    return batch.scoring().named();
  }

  private ScoringActivities scoring(String summary) {
    return Stubs.statement(
        ScoringActivities.class, journey.originQueue(), WAREHOUSE_START, summary);
  }

  private String version() {
    return candidate.originVersion();
  }

  /** Unique to this run, so that rows in the live table show who wrote them. */
  private String batchId() {
    return journey.id() + "/" + origin.workspace() + "/rehearsal";
  }
}
