package dev.portage.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.registry.Champion;
import dev.portage.registry.ModelVersion;
import dev.portage.settings.Threshold;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GatesTest {

  private static final Threshold RMSE = new Threshold("rmse", Threshold.Direction.AT_MOST, 60, 0);
  private static final Threshold AUC =
      new Threshold("roc_auc", Threshold.Direction.AT_LEAST, 0.8, 0.01);

  @Test
  void theRequirementIsShownAsANumberToReach() {
    Threshold atLeast = new Threshold("auc", Threshold.Direction.AT_LEAST, 0.7, 0.01);
    Threshold atMost = new Threshold("rmse", Threshold.Direction.AT_MOST, 60, 0);

    assertThat(atLeast.words()).isEqualTo("at least 0.7");
    assertThat(atLeast.notWorseThan(0.744749))
        .isEqualTo("at least 0.734749 (champion 0.744749, tolerance 0.01)");
    assertThat(atMost.notWorseThan(55)).isEqualTo("at most 55 (champion)");
    assertThat(
            new Threshold("auc", Threshold.Direction.AT_MOST, 1, 0.5)
                .notWorseThan(Double.NEGATIVE_INFINITY))
        .isEqualTo("at most -Infinity (champion)");
  }

  private static final String OLD = "1".repeat(40);
  private static final String NEW = "2".repeat(40);

  @Test
  void metricsWithinTheirLimitsPassAndOthersFail() {
    assertThat(ask(RMSE, 60.0, null).getFirst().outcome()).isEqualTo(GateOutcome.PASS);
    assertThat(ask(RMSE, 60.1, null).getFirst().outcome()).isEqualTo(GateOutcome.FAIL);
    assertThat(ask(AUC, 0.79, null).getFirst().outcome()).isEqualTo(GateOutcome.FAIL);
  }

  @Test
  void missingMetricsAndNaNFail() {
    assertThat(Gates.ask(input(RMSE, Map.of("mae", 1.0), null)).getFirst())
        .isEqualTo(
            new GateResult(
                "rmse", GateOutcome.FAIL, "not logged by the run, which has mae", "at most 60"));
    assertThat(ask(RMSE, Double.NaN, null).getFirst().outcome()).isEqualTo(GateOutcome.FAIL);
    assertThat(ask(AUC, Double.NaN, null).getFirst().outcome()).isEqualTo(GateOutcome.FAIL);
  }

  @Test
  void aPersonDecidesAboutTheFirstVersion() {
    List<GateResult> results = ask(RMSE, 50.0, null);
    assertThat(Gates.outcome(results)).isEqualTo(GateOutcome.INCONCLUSIVE);
  }

  @Test
  void aWorseModelThanTheChampionFailsAndAnEqualOnePasses() {
    assertThat(vsChampion(RMSE, 53.0, 53.0)).isEqualTo(GateOutcome.PASS);
    assertThat(vsChampion(RMSE, 53.1, 53.0)).isEqualTo(GateOutcome.FAIL);
    assertThat(vsChampion(AUC, 0.895, 0.90)).isEqualTo(GateOutcome.PASS);
    assertThat(vsChampion(AUC, 0.88, 0.90)).isEqualTo(GateOutcome.FAIL);
  }

  @Test
  void aChampionWithoutTheMetricIsInconclusive() {
    assertThat(vsChampion(RMSE, 53.0, Double.NaN)).isEqualTo(GateOutcome.INCONCLUSIVE);
  }

  @Test
  void aPersonDecidesWithoutAnyThreshold() {
    GateInput input = new GateInput("prod", Map.of(), NEW, List.of(), null, List.of(), false);
    assertThat(Gates.outcome(Gates.ask(input))).isEqualTo(GateOutcome.INCONCLUSIVE);
  }

  @Test
  @Tag("S0.20")
  void anOlderCommitThanTheChampionsIsRefusedUnlessAskedFor() {
    assertThat(ancestry(Ancestry.Relation.NEWER, false)).isEqualTo(GateOutcome.PASS);
    assertThat(ancestry(Ancestry.Relation.OLDER, false)).isEqualTo(GateOutcome.FAIL);
    assertThat(ancestry(Ancestry.Relation.OLDER, true)).isEqualTo(GateOutcome.PASS);
    assertThat(ancestry(Ancestry.Relation.DIVERGED, false)).isEqualTo(GateOutcome.INCONCLUSIVE);
  }

  @Test
  void aPersonDecidesIfAncestryIsUnknown() {
    GateInput input =
        new GateInput(
            "prod", Map.of("rmse", 50.0), NEW, List.of(RMSE), champion(55.0), List.of(), false);
    assertThat(last(input).outcome()).isEqualTo(GateOutcome.INCONCLUSIVE);
    assertThat(last(input).measured()).contains("111111111111");
  }

  private static GateOutcome ancestry(Ancestry.Relation relation, boolean allowOlder) {
    return last(new GateInput(
            "prod",
            Map.of("rmse", 50.0),
            NEW,
            List.of(RMSE),
            champion(55.0),
            List.of(new Ancestry(OLD, relation)),
            allowOlder))
        .outcome();
  }

  private static GateResult last(GateInput input) {
    return Gates.ask(input).getLast();
  }

  private static GateOutcome vsChampion(Threshold threshold, double candidate, double live) {
    Champion champion = new Champion(version(), Map.of(threshold.metric(), live), OLD, null, null);
    return Gates.ask(input(threshold, Map.of(threshold.metric(), candidate), champion))
        .get(1)
        .outcome();
  }

  private static List<GateResult> ask(
      Threshold threshold, double value, @Nullable Champion champion) {
    return Gates.ask(input(threshold, Map.of(threshold.metric(), value), champion));
  }

  private static GateInput input(
      Threshold threshold, Map<String, Double> metrics, @Nullable Champion champion) {
    return new GateInput("prod", metrics, NEW, List.of(threshold), champion, List.of(), false);
  }

  private static Champion champion(double rmse) {
    return new Champion(version(), Map.of("rmse", rmse), OLD, null, null);
  }

  private static ModelVersion version() {
    return new ModelVersion("prod", "m", "3", null, null, List.of("champion"), Map.of(), null);
  }
}
