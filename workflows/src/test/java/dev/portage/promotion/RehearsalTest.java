package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.gate.GateOutcome;
import dev.portage.gate.GateResult;
import dev.portage.job.NotebookOrder;
import dev.portage.job.RunResult;
import dev.portage.scoring.LiveWrites;
import dev.portage.scoring.PredictionCount;
import dev.portage.scoring.TableColumn;
import dev.portage.scoring.TableQuery;
import dev.portage.scoring.TableShape;
import dev.portage.settings.RehearsalSettings;
import dev.portage.settings.Work;
import dev.portage.settings.WorkspaceNames;
import dev.portage.step.StepView;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scoring is rehearsed in the first workspace before anyone is asked, and leaves nothing there. */
class RehearsalTest {
  private static final String RUN = "diabetes rehearse";

  private static final TableShape SHAPE =
      TableShape.of(
          List.of(new TableColumn("id", "BIGINT"), new TableColumn("score", "INT")), Map.of());

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @BeforeEach
  void rehearse() {
    world.rehearsal = new RehearsalSettings("dev.ml.predictions", null, false);
  }

  @Test
  void theExactCandidateScoresIntoItsOwnTableBeforeAnyoneIsAsked() {
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.WAITING);

    NotebookOrder order = order();
    assertThat(order.workspace()).isEqualTo("dev");
    assertThat(order.running().parameters())
        .containsEntry("model_uri", "models:/diabetes/1")
        .containsEntry("model_version", "1")
        .containsEntry("promotion_id", view.id())
        .containsEntry("batch_id", view.id() + "/dev/rehearsal");
    assertThat(order.running().parameters().get("table"))
        .startsWith("dev.ml.predictions__portage_0123456789ab_");
    assertThat(world.effects)
        .containsSubsequence(
            "mark dev Staging",
            "prepare table in dev",
            "submit notebooks/score.py",
            "look at the live table in dev",
            "drop table in dev",
            "read champion");
    assertThat(world.scoring.staging).isEmpty();
    assertThat(answer(view))
        .satisfies(result -> {
          assertThat(result.outcome()).isEqualTo(GateOutcome.PASS);
          assertThat(result.measured()).isEqualTo("442 rows of version 1 checked in dev");
        });
  }

  @Test
  void aScoringBugStopsBeforeAnyoneIsAskedAndNeedsACommit() {
    world.jobs.endNext(RUN, RunResult.Ending.FAILED);
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says())
        .isEqualTo("stopped at rehearse: " + Objects.requireNonNull(view.problem()).cameBack());
    assertThat(view.problem().message())
        .contains("column bmi is empty", "train.py:12", "in a new commit");
    assertThat(view.requests()).isEmpty();
    assertThat(world.scoring.staging).isEmpty();

    promotion.update("resume", Receipt.class, by("ana@example.com", "stop-1"));
    engine.untilState(promotion, PromotionState.WAITING);
    assertThat(world.count("submit notebooks/score.py")).isEqualTo(2);
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void rowsThatProductionsTableWouldNotTakeStopItBeforeAnybodyIsAsked() {
    world.scoring.shapes.put("prod", SHAPE);
    world.scoring.misfits.put(
        "prod", List.of("442 rows have a STRING in column score that is no INT"));
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says())
        .contains("they don't fit predictions in prod: 442 rows have a STRING in column score");
    assertThat(Objects.requireNonNull(view.problem()).message())
        .contains("in a new commit", "portage resume " + view.id());
    assertThat(view.requests()).isEmpty();
    assertThat(world.scoring.staging).isEmpty();

    // Someone has changed the table: it is read again.
    world.scoring.misfits.clear();
    promotion.update("resume", Receipt.class, by("ana@example.com", "stop-1"));
    PromotionView waiting = engine.untilState(promotion, PromotionState.WAITING);
    assertThat(answer(waiting).measured())
        .isEqualTo(
            "442 rows of version 1 checked in dev; they fit table predictions in prod, which gets"
                + " the new columns region");
    assertThat(world.count("describe table in prod")).isEqualTo(2);
  }

  @Test
  void eachWorkspacesOwnTableIsTheOneThatTheRowsMustFit() {
    world.targets = List.of("qa", "prod");
    world.names.put(
        "prod", new WorkspaceNames("prod.ml.diabetes", null, "prod.ml.predictions", "batch-prod"));
    world.scoring.shapes.put("prod", SHAPE);
    PromotionView view = engine.untilState(engine.start(), PromotionState.WAITING);

    assertThat(world.scoring.described)
        .containsExactly(
            new TableQuery("qa", "predictions"), new TableQuery("prod", "prod.ml.predictions"));
    assertThat(answer(view).measured()).contains("they fit table prod.ml.predictions in prod");
  }

  @Test
  void theRehearsalsTableIsMadeAsProductionsIs() {
    world.scoring.shapes.put("prod", SHAPE);
    world.jobs.endNext(RUN, RunResult.Ending.FAILED);
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(world.scoring.prepared.getFirst().like()).isEqualTo(SHAPE);
    assertThat(world.scoring.prepared.getFirst().promotion()).isEqualTo(view.id());
    assertThat(Objects.requireNonNull(view.problem()).message())
        .contains("made with the columns of predictions in prod: id BIGINT, score INT");
  }

  @Test
  void aTableThatCannotBeReadIsSaidAndStopsNothing() {
    world.scoring.shapes.put("prod", TableShape.unknown("[INSUFFICIENT_PERMISSIONS] no SELECT"));
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.WAITING);

    assertThat(answer(view).outcome()).isEqualTo(GateOutcome.PASS);
    assertThat(answer(view).measured())
        .contains("not compared with table predictions in prod: [INSUFFICIENT_PERMISSIONS]");
    assertThat(world.scoring.prepared.getFirst().like()).isNull();
  }

  @Test
  void aWorkerOfAnOlderReleaseIsSaidAtOnceAndAgainBeforeTheTurn() {
    world.scoring.oldWorkers.add("prod");
    world.approvers = List.of();
    world.registry.isChampion("5", Map.of("rmse", 55.0), PromotionEngine.COMMIT);
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says()).contains("stopped at prod/turn", "of an older release");
    assertThat(world.effects).doesNotContain("prepare table in prod");
    assertThat(world.effects).noneMatch(effect -> effect.startsWith("number the turn of"));

    world.scoring.oldWorkers.clear();
    promotion.update("resume", Receipt.class, by("ana@example.com", "stop-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void whatAPromotionThatIsOverHadLeftIsSaidOnThePage() {
    world.scoring.left = List.of("table t of promotion/diabetes/a, which is over, was dropped");
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.WAITING);

    assertThat(view.notices()).contains(world.scoring.left.getFirst());
  }

  @Test
  void wrongRowsStopItAsInProduction() {
    world.scoring.predictions = new PredictionCount(true, 442, 400, 0);
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says()).contains("42 of 442 rows name another model version than 1");
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void aPersonDecidesIfOnlyTheTargetHasTheInputs() {
    world.approvers = List.of();
    world.jobs.endNext(RUN, RunResult.Ending.FAILED);
    world.jobs.errors.put(
        RUN,
        "AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table `ml`.`customers` is not there");
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.WAITING);

    assertThat(answer(view).outcome()).isEqualTo(GateOutcome.INCONCLUSIVE);
    assertThat(answer(view).measured()).contains("`ml`.`customers`");
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void aMissingOwnTableIsABugInTheCode() {
    world.jobs.endNext(RUN, RunResult.Ending.FAILED);
    world.jobs.errors.put(
        RUN,
        "[TABLE_OR_VIEW_NOT_FOUND] `dev`.`ml`.`predictions__portage_0123456789ab_x` is not there");
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> view.state() != PromotionState.RUNNING);
    // Its name ends with the attempt's hash, which a test's error message can't know.
    assertThat(
            MissingInputs.of(
                new RunResult(
                    new dev.portage.job.RunRef("dev", null, 1, null),
                    RunResult.Ending.FAILED,
                    "TERMINATED/FAILED",
                    null,
                    "[TABLE_OR_VIEW_NOT_FOUND] `t__portage_a_1` is not there",
                    List.of(),
                    null,
                    null),
                "dev.ml.t__portage_a_1"))
        .isEmpty();
  }

  @Test
  void aRunThatWritesTheLiveTableStopsThePromotionWithTheLine() {
    world.scoring.liveWrites.put(
        "dev", new LiveWrites(List.of("version 8: WRITE, 442 rows"), false));
    WorkflowStub promotion =
        engine.start(
            PromotionEngine.start(List.of(), null).toBuilder()
                .tableWrites(
                    List.of("notebooks/score.py:42: df.write.saveAsTable(\"predictions\")"))
                .build());
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says())
        .contains("dev.ml.predictions, which readers see, has changed: version 8: WRITE, 442 rows")
        .contains("notebooks/score.py:42");
    assertThat(view.requests()).isEmpty();
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void aCancelEndsTheRunAndDropsTheTable() {
    world.jobs.last(RUN);
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> world.jobs.awaited());

    promotion.cancel("by ana@example.com");

    engine.untilState(promotion, PromotionState.CANCELLED);
    assertThat(world.effects).containsSubsequence("cancel run " + RUN, "drop table in dev");
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void oneRunHoweverOftenItIsRequested() {
    world.loseNextAnswer("submitNotebook");
    world.passNext("answer of submitNotebook");
    world.passNext("answer of submitNotebook");
    world.loseNextAnswer("submitNotebook");
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);

    assertThat(world.count("submit notebooks/score.py")).isOne();
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void aWorkspaceThatCannotRehearseIsReportedAndStopsNothing() {
    world.approvers = List.of();
    world.failNext("submit notebooks/score.py", FakeWorld.userFault("there is no pool ml-small"));
    world.registry.isChampion("5", Map.of("rmse", 55.0), PromotionEngine.COMMIT);
    WorkflowStub promotion = engine.start();
    PromotionView view = promotion.getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.notices()).anyMatch(text -> text.contains("there is no pool ml-small"));
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void aPersonDecidesIfADemandedRehearsalIsImpossible() {
    world.rehearsal = new RehearsalSettings("dev.ml.predictions", null, true);
    world.approvers = List.of();
    world.failNext("prepareStaging", FakeWorld.userFault("there is no SQL warehouse"));
    world.registry.isChampion("5", Map.of("rmse", 55.0), PromotionEngine.COMMIT);
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.WAITING);

    assertThat(answer(view).outcome()).isEqualTo(GateOutcome.INCONCLUSIVE);
    assertThat(answer(view).measured()).contains("there is no SQL warehouse");
    assertThat(world.count("drop table in dev")).isZero();
    assertThat(view.notices()).noneMatch(text -> text.contains("could not be dropped"));
  }

  @Test
  void aMissingRehearsalIsReportedWithItsReason() {
    world.rehearsal =
        new RehearsalSettings("predictions", "promotion.yaml:9 says rehearse: false", false);
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.WAITING);

    assertThat(view.steps())
        .filteredOn(step -> step.name().equals("rehearse"))
        .singleElement()
        .satisfies(step -> {
          assertThat(step.state()).isEqualTo(StepView.State.SKIPPED);
          assertThat(step.result()).isEqualTo("promotion.yaml:9 says rehearse: false");
        });
    assertThat(world.count("submit notebooks/score.py")).isZero();
  }

  @Test
  void aTeamsJobIsRehearsedOnlyIfItTakesATable() {
    world.scores = new Work.Job("scoring", Map.of(), Duration.ofHours(2));
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);

    assertThat(world.jobs.theirs.getFirst().required()).containsExactly("table");
    assertThat(world.jobs.theirs.getFirst().offered().get("table")).contains("__portage_");
  }

  private NotebookOrder order() {
    return world.jobs.submitted.stream()
        .filter(order -> order.name().equals(RUN))
        .findFirst()
        .orElseThrow();
  }

  private static GateResult answer(PromotionView view) {
    return view.requests().getFirst().evidence().results().stream()
        .filter(result -> result.gate().equals("rehearsal"))
        .findFirst()
        .orElseThrow();
  }
}
