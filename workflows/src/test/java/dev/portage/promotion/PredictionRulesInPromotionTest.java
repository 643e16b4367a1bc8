package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.gate.GateOutcome;
import dev.portage.gate.GateResult;
import dev.portage.job.RunResult;
import dev.portage.scoring.RuleResult;
import dev.portage.scoring.RuleResult.Outcome;
import dev.portage.scoring.RulesQuery;
import dev.portage.scoring.StagingTable;
import dev.portage.settings.Limits;
import dev.portage.settings.PredictionRules;
import dev.portage.settings.RehearsalSettings;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rules for predictions are gates in the rehearsal, and hold again before readers see a row. */
class PredictionRulesInPromotionTest {
  private static final PredictionRules OF_ROWS =
      new PredictionRules(new Limits(400.0, null), null, null, List.of());

  private static final PredictionRules OF_DRIFT =
      new PredictionRules(
          null,
          null,
          null,
          List.of(new PredictionRules.Column("prediction", null, null, null, 0.2)));

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void aBrokenRuleInTheRehearsalRejectsBeforeAnyoneIsAsked() {
    rehearse(OF_ROWS);
    world.scoring.ruled.put("dev", List.of(result("rows", Outcome.FAIL)));
    PromotionView view = PromotionEngine.viewOfFailure(engine.start(), "Rejected");

    assertThat(view.state()).isEqualTo(PromotionState.REJECTED);
    assertThat(view.says()).contains("rows measured, required: something");
    assertThat(view.requests()).isEmpty();
    assertThat(world.count("copy")).isZero();
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void whatCouldNotBeMeasuredIsShownToThoseWhoDecide() {
    rehearse(OF_DRIFT);
    world.scoring.ruled.put(
        "dev", List.of(result("drift of prediction", Outcome.NOTHING_TO_COMPARE)));
    PromotionView view = engine.untilState(engine.start(), PromotionState.WAITING);

    assertThat(view.requests().getFirst().evidence().results())
        .contains(
            new GateResult(
                "drift of prediction", GateOutcome.INCONCLUSIVE, "measured", "something"));
    assertThat(world.scoring.ruleQueries)
        .singleElement()
        .satisfies(query -> {
          assertThat(query.champion()).isNull();
          assertThat(query.failed()).isNull();
        });
  }

  @Test
  void aRuleBrokenInTheTargetPutsTheJobBackAndNobodySeesTheRows() {
    world.rules = OF_ROWS;
    world.scoring.ruled.put("prod", List.of(result("rows", Outcome.FAIL)));
    WorkflowStub promotion = engine.approved();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says()).contains("rows: measured, required: something");
    assertThat(world.effects)
        .containsSubsequence("run job", "check the rules in prod", "put job back");
    assertThat(world.count("publish in prod")).isZero();
    assertThat(world.scoring.staging).isEmpty();
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");

    world.scoring.ruled.put("prod", List.of(result("rows", Outcome.PASS)));
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void theChampionScoresTheSameBatchByTheSameJobIntoATableThatGoes() {
    world.rules = OF_DRIFT;
    world.registry.isChampion("3", Map.of("rmse", 58.0), PromotionEngine.COMMIT);
    world.scoring.ruled.put("prod", List.of(result("drift of prediction", Outcome.PASS)));
    WorkflowStub promotion = engine.approved();
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);

    assertThat(world.jobs.scoring).hasSize(2);
    assertThat(world.jobs.scoring.getLast().parameters())
        .containsEntry("model_uri", "models:/diabetes/3")
        .containsEntry("model_version", "3");
    assertThat(world.jobs.scoring.getLast().jobId())
        .isEqualTo(world.jobs.scoring.getFirst().jobId());
    assertThat(world.scoring.ruleQueries)
        .singleElement()
        .satisfies(query -> {
          RulesQuery.Rows champion = Objects.requireNonNull(query.champion());
          assertThat(champion.table()).isNotEqualTo(query.rows().table());
          assertThat(champion.table())
              .isEqualTo(world.jobs.scoring.getLast().parameters().get("table"));
          assertThat(champion.batchId())
              .isEqualTo(world.jobs.scoring.getLast().parameters().get("batch_id"))
              .isNotEqualTo(query.rows().batchId());
          assertThat(champion.version()).isEqualTo("3");
        });
    assertThat(world.scoring.staging).isEmpty();
  }

  @Test
  void aChampionThatCannotScoreStopsATargetUnlessPeopleKnew() {
    world.rules = OF_DRIFT;
    world.registry.isChampion("3", Map.of("rmse", 58.0), PromotionEngine.COMMIT);
    world.scoring.ruled.put("prod", List.of(result("drift of prediction", Outcome.INCONCLUSIVE)));
    PromotionView view = engine.untilState(engine.approved(), PromotionState.STOPPED);

    assertThat(view.says()).contains("not measured: drift of prediction");
    assertThat(world.count("publish in prod")).isZero();
  }

  @Test
  void whatWasOpenInTheRehearsalAndWasApprovedIsANoticeInTheTarget() {
    rehearse(OF_DRIFT);
    world.scoring.ruled.put(
        "dev", List.of(result("drift of prediction", Outcome.NOTHING_TO_COMPARE)));
    world.registry.isChampion("3", Map.of("rmse", 58.0), PromotionEngine.COMMIT);
    world.jobs.endNext("batch", RunResult.Ending.SUCCESS);
    world.jobs.endNext("batch", RunResult.Ending.FAILED);
    world.scoring.ruled.put("prod", List.of(result("drift of prediction", Outcome.INCONCLUSIVE)));
    PromotionView view = engine.approved().getResult(PromotionView.class);

    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.notices())
        .anySatisfy(notice -> assertThat(notice).contains("left open: drift of prediction"));
    assertThat(Objects.requireNonNull(world.scoring.ruleQueries.getLast().failed()))
        .startsWith("champion 3 could not score the batch: ");
  }

  @Test
  void withoutRulesNothingMoreIsAsked() {
    assertThat(engine.approved().getResult(PromotionView.class).state())
        .isEqualTo(PromotionState.RELEASED);
    assertThat(world.scoring.ruleQueries).isEmpty();
  }

  @Test
  @Tag("S1.10")
  void theChampionsTableIsKnownAsALeftoverOfItsPromotion() {
    String attempt = "promotion/churn/abc#prod/batch#2" + StagingTable.OF_CHAMPION;
    String table = StagingTable.of("main.ml.predictions", "abc", attempt);
    assertThat(StagingTable.promotionOf(table, "main.ml.predictions", "promotion/churn/", "prod"))
        .contains("promotion/churn/abc");
  }

  private void rehearse(PredictionRules rules) {
    world.rehearsal = new RehearsalSettings("dev.ml.predictions", null, false);
    world.rules = rules;
  }

  private static RuleResult result(String rule, Outcome outcome) {
    return new RuleResult(rule, outcome, "measured", "something");
  }
}
