package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.compute.ComputeSettings;
import dev.portage.delta.DeltaTables;
import dev.portage.delta.FakeTables;
import dev.portage.failure.FailureKind;
import dev.portage.job.JobChange;
import dev.portage.job.JobChange.Effect;
import dev.portage.job.JobOrder;
import dev.portage.job.JobQuery;
import dev.portage.job.JobState;
import dev.portage.job.JobUndo;
import dev.portage.job.NotebookOrder;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import dev.portage.job.RunResult.Ending;
import dev.portage.job.ScoringRunOrder;
import dev.portage.job.Source;
import dev.portage.job.UndoResult.Outcome;
import dev.portage.localworkspace.faults.CallFault;
import dev.portage.localworkspace.faults.Effect.LostAnswer;
import dev.portage.localworkspace.faults.Effect.TooManyRequests;
import dev.portage.localworkspace.faults.Effect.Unavailable;
import dev.portage.localworkspace.jobs.RunEffect;
import dev.portage.localworkspace.jobs.RunFault;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceReport;
import dev.portage.scoring.PredictionCount;
import dev.portage.scoring.PredictionQuery;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.ServeSettings;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Portage's jobs, tables and inspections against a real local workspace that runs real notebooks.
 */
class DatabricksIT {
  private static final String HEADER = "# Databricks notebook source\n";
  private static final String CELL = "\n# COMMAND ----------\n\n";

  private static final String TRAIN =
      HEADER
          + """
          import json, os
          dbutils.widgets.text("seed", "0")
          context = json.loads(os.environ.get("MLFLOW_RUN_CONTEXT", "{}"))
          """
          + CELL
          + """
          dbutils.notebook.exit(
              dbutils.widgets.get("seed") + " for " + context.get("portage_promotion", "nobody"))
          """;

  private static final String SCORE =
      HEADER
          + """
          import os, pandas as pd
          from deltalake import write_deltalake
          batch = dbutils.widgets.get("batch_id")
          rows = pd.DataFrame({
              "id": range(5),
              "prediction": [1.0, 2.0, None, 4.0, 5.0],
              "model_version": dbutils.widgets.get("model_version"),
              "promotion_id": dbutils.widgets.get("promotion_id"),
              "batch_id": batch})
          path = os.path.join(os.environ["LOCAL_WORKSPACE_TABLES"], dbutils.widgets.get("table"))
          write_deltalake(path, rows, mode="overwrite", predicate=f"batch_id = '{batch}'")
          """;

  @TempDir Path folder;
  private final RealWait waiting = new RealWait();
  private final Orders.MemoryUndoStore undoStore = new Orders.MemoryUndoStore();
  @AutoClose private LocalWorld world;
  private DatabricksJobs jobs;

  @BeforeEach
  void start() throws Exception {
    world = new LocalWorld(folder);
    jobs = new DatabricksJobs(world.clients(), undoStore, waiting);
  }

  @Test
  void aNotebookRunsAtItsCommitWithItsWidgetsAndItsTags() throws Exception {
    Source source = world.commit(Map.of("notebooks/train.py", TRAIN));
    world.commit(Map.of("notebooks/train.py", HEADER + "raise ValueError('main moved on')\n"));

    RunResult result = jobs.awaitRun(jobs.submitNotebook(training(source, "key")));

    assertThat(result.ending()).isEqualTo(Ending.SUCCESS);
    assertThat(result.exitValue()).isEqualTo("42 for p");
    assertThat(result.usedCommit()).isEqualTo(source.commit());
    assertThat(String.valueOf(result.page())).startsWith(world.workspace.host().toString());
  }

  @Test
  void serverlessNeedsNoPool() throws Exception {
    world.compute(ComputeSettings.serverless());
    Source source = world.commit(Map.of("notebooks/train.py", TRAIN));

    RunResult result = jobs.awaitRun(jobs.submitNotebook(training(source, "key")));

    assertThat(result.exitValue()).isEqualTo("42 for nobody");
  }

  @Test
  void aStartWhoseResponseWasLostMakesNoSecondRun() throws Exception {
    Source source = world.commit(Map.of("notebooks/train.py", TRAIN));
    fault("POST", "/api/2.2/jobs/runs/submit", new LostAnswer());

    assertThatThrownBy(() -> jobs.submitNotebook(training(source, "key")))
        .isInstanceOf(ApplicationFailure.class);
    RunRef again = jobs.submitNotebook(training(source, "key"));
    RunRef other = jobs.submitNotebook(training(source, "another key"));

    assertThat(jobs.submitNotebook(training(source, "key"))).isEqualTo(again);
    assertThat(other.runId()).isNotEqualTo(again.runId());
    assertThat(runs()).isEqualTo(2);
    jobs.awaitRun(again);
    jobs.awaitRun(other);
  }

  @Test
  void aFailedNotebookReportsItsCellsError() throws Exception {
    Source source =
        world.commit(
            Map.of(
                "notebooks/train.py",
                HEADER + "rows = 3\n" + CELL + "raise ValueError(f'only {rows} rows')\n"));

    RunResult result = jobs.awaitRun(jobs.submitNotebook(training(source, "key")));

    assertThat(result.ending()).isEqualTo(Ending.FAILED);
    assertThat(result.error()).contains("ValueError").contains("only 3 rows");
    assertThat(result.trace()).isNotEmpty().hasSizeLessThanOrEqualTo(15);
    assertThat(String.join("\n", result.trace())).contains("raise ValueError");
  }

  @Test
  void failedPollsAndUnknownStatesDoNotLoseTheRun() throws Exception {
    Source source = world.commit(Map.of("notebooks/train.py", TRAIN));
    world
        .workspace
        .runFaults()
        .add(RunFault.once("train", new RunEffect.Shows("HIBERNATING", Duration.ofMillis(1500))));
    RunRef run = jobs.submitNotebook(training(source, "key"));
    fault("GET", "/api/2.2/jobs/runs/get", new Unavailable(null));
    fault("GET", "/api/2.2/jobs/runs/get", new TooManyRequests(Duration.ofSeconds(1)));
    fault("GET", "/api/2.2/jobs/runs/get", new LostAnswer());

    assertThat(awaited(run, 3).ending()).isEqualTo(Ending.SUCCESS);
  }

  /** Retries a failed attempt, as Temporal does. */
  private RunResult awaited(RunRef run, int failures) {
    for (int failed = 0; failed < failures; failed++) {
      assertThatThrownBy(() -> jobs.awaitRun(run))
          .asInstanceOf(InstanceOfAssertFactories.type(ApplicationFailure.class))
          .extracting(ApplicationFailure::getType)
          .isEqualTo(FailureKind.PLATFORM.type());
    }
    return jobs.awaitRun(run);
  }

  @Test
  void cancellingReturnsOnceTheRunHasEnded() throws Exception {
    Source source =
        world.commit(Map.of("notebooks/train.py", HEADER + "import time\ntime.sleep(600)\n"));
    RunRef run = jobs.submitNotebook(training(source, "key"));

    assertThat(jobs.cancelRun(run).ending()).isEqualTo(Ending.CANCELLED);
    assertThat(jobs.cancelRun(run).ending()).isEqualTo(Ending.CANCELLED);
    assertThat(jobs.awaitRun(run).ending()).isEqualTo(Ending.CANCELLED);
  }

  @Test
  void anInternalErrorAndASkippedRunEndTheWait() throws Exception {
    Source source = world.commit(Map.of("notebooks/train.py", TRAIN));
    world.workspace.runFaults().add(RunFault.once("train", RunEffect.Ends.internalError()));
    RunResult broken = jobs.awaitRun(jobs.submitNotebook(training(source, "1")));
    world.workspace.runFaults().add(RunFault.once("train", RunEffect.Ends.skipped()));
    RunResult skipped = jobs.awaitRun(jobs.submitNotebook(training(source, "2")));

    assertThat(broken.ending()).isEqualTo(Ending.PLATFORM);
    assertThat(skipped.ending()).isEqualTo(Ending.NOT_RUN);
  }

  @Test
  @Tag("S1.10")
  void promotionsShareOneJobAndEachCanBeRestored() throws Exception {
    Source source = world.commit(Map.of("notebooks/score.py", SCORE));
    JobChange first = jobs.applyJob(scoring(source, "p1", "1"));
    JobState one = jobs.findJob(query()).orElseThrow();
    fault("POST", "/api/2.2/jobs/reset", new LostAnswer());

    assertThatThrownBy(() -> jobs.applyJob(scoring(source, "p2", "2")))
        .isInstanceOf(ApplicationFailure.class);
    JobChange second = jobs.applyJob(scoring(source, "p2", "2"));

    assertThat(first.effect()).isEqualTo(Effect.CREATED);
    assertThat(second.effect()).isEqualTo(Effect.RESET);
    assertThat(second.now().jobId()).isEqualTo(first.now().jobId());
    assertThat(second.now().modelVersion()).isEqualTo("2");
    assertThat(second.now().commit()).isEqualTo(source.commit());
    assertThat(jobs.applyJob(scoring(source, "p2", "2"))).isEqualTo(second);
    assertThat(jobs.undoJob(new JobUndo("dev", second)).outcome()).isEqualTo(Outcome.PUT_BACK);
    assertThat(jobs.findJob(query())).hasValue(one);
    assertThat(jobs.undoJob(new JobUndo("dev", first)).outcome()).isEqualTo(Outcome.PUT_BACK);
    assertThat(jobs.findJob(query())).isEmpty();
  }

  @Test
  void aJobWhoseCreationGotNoResponseIsFoundAndNotCreatedTwice() throws Exception {
    Source source = world.commit(Map.of("notebooks/score.py", SCORE));
    fault("POST", "/api/2.2/jobs/create", new LostAnswer());

    assertThatThrownBy(() -> jobs.applyJob(scoring(source, "p1", "1")))
        .isInstanceOf(ApplicationFailure.class);

    assertThat(jobs.applyJob(scoring(source, "p1", "1")).effect()).isEqualTo(Effect.CREATED);
    assertThat(world.calls("/api/2.2/jobs/create")).isEqualTo(1);
  }

  @Test
  void theEngineCountsTheBatchAndTheSameBatchTwiceStaysOne() throws Exception {
    Source source = world.commit(Map.of("notebooks/score.py", SCORE));
    DeltaTables tables = FakeTables.of(world.clients(), waiting);
    PredictionQuery query =
        new PredictionQuery("dev", "main.ml.churn_predictions", "batch-1", "7", "p1");
    assertThat(tables.countPredictions(query)).isEqualTo(new PredictionCount(false, 0, 0, 0));
    long jobId = jobs.applyJob(scoring(source, "p1", "7")).now().jobId();

    RunResult first = jobs.awaitRun(jobs.runJob(batch(jobId, "key 1", "batch-1")));
    RunResult again = jobs.awaitRun(jobs.runJob(batch(jobId, "key 1", "batch-1")));
    RunResult second = jobs.awaitRun(jobs.runJob(batch(jobId, "key 2", "batch-1")));
    RunResult other = jobs.awaitRun(jobs.runJob(batch(jobId, "key 3", "batch-2")));

    assertThat(List.of(first, again, second, other))
        .allMatch(run -> run.ending() == Ending.SUCCESS, String.valueOf(first));
    assertThat(again.run().runId()).isEqualTo(first.run().runId());
    assertThat(second.run().runId()).isNotEqualTo(first.run().runId());
    assertThat(tables.countPredictions(query)).isEqualTo(new PredictionCount(true, 5, 5, 1));
    assertThat(
            tables.countPredictions(
                new PredictionQuery("dev", "main.ml.churn_predictions", "batch-1", "8", "p1")))
        .isEqualTo(new PredictionCount(true, 5, 0, 1));
  }

  @Test
  void aLoginWithAllRightsHasNoFinding() {
    WorkspaceReport report = inspect();

    assertThat(report.identity()).isEqualTo("4711");
    assertThat(report.findings())
        .as("%s", report.findings())
        .allMatch(finding -> finding.verdict() == Verdict.OK);
    assertThat(runs()).isZero();
    assertThat(world.calls("/api/2.2/jobs/create")).isEqualTo(1);
    assertThat(jobs.findJob(new JobQuery("dev", "portage-preflight", "x"))).isEmpty();
  }

  @Test
  void missingRightsAreFoundBeforeAnythingIsTried() {
    world.token("token-of-ben");

    assertThat(inspect().findings())
        .filteredOn(finding -> finding.verdict() == Verdict.LACK)
        .extracting(Finding::what)
        .containsExactly("start runs", "make jobs", "pool ml-small", "SQL warehouse");
  }

  @Test
  void aWrongTokenIsOneFinding() {
    world.token("token-of-nobody");

    assertThat(inspect().findings())
        .hasSize(1)
        .allMatch(finding -> finding.text().startsWith("wrong or expired token: 403"));
  }

  @Test
  void machinesThatALocalWorkspaceLacksAreFoundBeforeAnythingIsTrained() {
    WorkspaceNeeds.Builder needs =
        WorkspaceNeeds.of("dev", List.of(WorkspaceNeeds.Right.SERVE_MODELS))
            .model("churn")
            .endpoint("churn");
    DatabricksInspection inspection = new DatabricksInspection(world.clients());

    assertThat(inspection.inspect(needs.size(ServeSettings.Size.GPU_SMALL).build()).findings())
        .filteredOn(finding -> finding.verdict() == Verdict.LACK)
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.text()).startsWith("serve.size is gpu-small, which this workspace");
          assertThat(finding.remedy()).endsWith("one of: small, medium, large");
        });
    assertThat(inspection.inspect(needs.size(ServeSettings.Size.LARGE).build()).findings())
        .noneMatch(finding -> finding.verdict() == Verdict.LACK);
    assertThat(
            world
                .clients()
                .of("dev")
                .read("/api/2.0/serving-endpoints", Map.of())
                .path("endpoints"))
        .isEmpty();
  }

  private WorkspaceReport inspect() {
    return new DatabricksInspection(world.clients())
        .inspect(new WorkspaceNeeds("dev", null, null, List.of(WorkspaceNeeds.Right.values())));
  }

  private long runs() {
    return world
        .clients()
        .of("dev")
        .read("/api/2.2/jobs/runs/list", Map.of("run_type", "SUBMIT_RUN"))
        .path("runs")
        .size();
  }

  private void fault(String method, String path, dev.portage.localworkspace.faults.Effect effect) {
    world.workspace.faults().add(CallFault.once(method, path, effect));
  }

  private static NotebookOrder training(Source source, String key) {
    return new NotebookOrder(
        "dev",
        key,
        "train",
        source,
        "notebooks/train.py",
        Map.of("seed", "42"),
        Map.of("portage_promotion", "p"),
        Duration.ofMinutes(5));
  }

  private static JobOrder scoring(Source source, String promotion, String version) {
    BatchSettings batch =
        new BatchSettings(
            "churn-batch",
            "notebooks/score.py",
            "main.ml.churn_predictions",
            Map.of(),
            "0 0 6 * * ?",
            "UTC",
            Duration.ofMinutes(5));
    return JobOrder.of("dev", "churn", batch, source)
        .orderedBy(promotion, promotion + "/batch/1")
        .version("models:/churn/" + version, version)
        .build();
  }

  private static ScoringRunOrder batch(long jobId, String key, String batch) {
    return new ScoringRunOrder("dev", jobId, key, Map.of("batch_id", batch, "promotion_id", "p1"));
  }

  private static JobQuery query() {
    return new JobQuery("dev", "churn-batch", "churn");
  }
}
