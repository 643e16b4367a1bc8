package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.delta.DeltaTables;
import dev.portage.delta.FakeTables;
import dev.portage.mlflow.RealMlflow;
import dev.portage.scoring.RemoveOrder;
import dev.portage.scoring.Removed;
import dev.portage.scoring.RuleResult;
import dev.portage.scoring.RuleResult.Outcome;
import dev.portage.scoring.RulesQuery;
import dev.portage.settings.Limits;
import dev.portage.settings.PredictionRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules for predictions, answered by the engine from real Delta tables. */
class PredictionRulesIT {
  /** 400 rows a batch; the candidate predicts a quarter more, and another label for a tenth. */
  private static final String TABLES =
      """
      import sys, pandas as pd
      from deltalake import write_deltalake
      folder = sys.argv[1]
      n = 400
      def rows(batch, shift, label):
          return pd.DataFrame({
              "prediction": [None if i == 7 else float("nan") if i == 8 else i / n + shift for i in range(n)],
              "label": ["no" if i % 10 < label else "it's" for i in range(n)],
              "whole": pd.Series([i % 3 for i in range(n)], dtype="int32"),
              "model_version": ["4"] * n,
              "batch_id": [batch] * n})
      write_deltalake(folder + "/staged", rows("b", 0.25, 8))
      write_deltalake(folder + "/champion", rows("c", 0.0, 7))
      write_deltalake(folder + "/live", rows("older", 0.0, 7)[:320])
      write_deltalake(folder + "/customers", pd.DataFrame({"id": range(500)}))
      write_deltalake(folder + "/few", rows("b", 0.0, 7)[:20])
      """;

  @TempDir private Path folder;
  @AutoClose private LocalWorld world;
  private DeltaTables tables;

  @BeforeEach
  void open() throws IOException, InterruptedException {
    world = new LocalWorld(folder);
    tables = FakeTables.of(world.clients(), new RealWait());
    Process python =
        new ProcessBuilder(
                RealMlflow.python().toString(),
                "-c",
                TABLES,
                folder.resolve("state").resolve("tables").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(python.waitFor()).as(said).isZero();
  }

  @Test
  void everyRuleIsMeasuredWhereTheRowsAre() {
    Checked results =
        check(
            "staged",
            new RulesQuery.Rows("champion", "c", "3"),
            new PredictionRules(
                new Limits(100.0, 400.0),
                new PredictionRules.OfInput("customers", new Limits(0.9, null)),
                new Limits(null, 1.25),
                List.of(
                    column("prediction", 0.005, new Limits(0.0, 1.2), null, 0.2),
                    column("whole", 0.0, new Limits(0.0, 2.0), List.of("0", "1", "2.0"), 0.01),
                    column("LABEL", null, null, List.of("it's", "no"), 0.05),
                    column("missing", 0.0, null, null, null))));

    assertThat(results.get("rows"))
        .isEqualTo(passed("rows", "400 rows", "at least 100 and at most 400"));
    assertThat(results.get("rows of input"))
        .isEqualTo(
            failed(
                "rows of input",
                "400 rows from 500 of customers",
                "at least 0.9 times the rows of customers"));
    assertThat(results.get("rows of last batch").measured()).isEqualTo("400 rows after 320");
    assertThat(results.get("rows of last batch").outcome()).isEqualTo(Outcome.PASS);
    // NaN is no value, and no number beyond a limit either.
    assertThat(results.get("nulls of prediction"))
        .isEqualTo(passed("nulls of prediction", "2 of 400 rows have no value", "at most 0.5 %"));
    assertThat(results.get("range of prediction"))
        .isEqualTo(
            failed(
                "range of prediction",
                "19 of 400 rows are outside: from 0.25 to 1.2475",
                "at least 0 and at most 1.2"));
    assertThat(results.get("drift of prediction").outcome()).isEqualTo(Outcome.FAIL);
    assertThat(results.get("drift of prediction").measured())
        .startsWith("population stability index ")
        .contains("400 rows of version 4 with mean 0.75", "400 of champion 3 with mean 0.5");
    assertThat(results.get("values of whole").outcome()).isEqualTo(Outcome.PASS);
    assertThat(results.get("drift of whole").measured())
        .startsWith("population stability index 0: ");
    assertThat(results.get("values of LABEL").outcome()).isEqualTo(Outcome.PASS);
    assertThat(results.get("drift of LABEL"))
        .isEqualTo(
            failed(
                "drift of LABEL",
                "distance of frequencies 0.1: 400 rows of version 4, 400 of champion 3; most of"
                    + " all \"no\": 80 %, champion 70 %",
                "a distance of frequencies of at most 0.05"));
    assertThat(results.get("nulls of missing").measured())
        .isEqualTo("the table has no column missing");
  }

  @Test
  void whatCannotBeComparedIsNotPassed() {
    Checked few =
        check(
            "few",
            new RulesQuery.Rows("champion", "c", "3"),
            new PredictionRules(
                null,
                new PredictionRules.OfInput("nowhere", new Limits(1.0, null)),
                null,
                List.of(
                    column("label", null, new Limits(0.0, null), List.of("no"), null),
                    column("prediction", null, null, null, 0.2))));
    assertThat(few.get("rows of input"))
        .isEqualTo(
            new RuleResult(
                "rows of input",
                Outcome.INCONCLUSIVE,
                "there is no table nowhere",
                "at least 1 times the rows of nowhere"));
    assertThat(few.get("range of label").measured()).isEqualTo("column label is no number: STRING");
    assertThat(few.get("values of label"))
        .isEqualTo(failed("values of label", "6 of 20 rows have another value", "one of no"));
    assertThat(few.get("drift of prediction").outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(few.get("drift of prediction").measured())
        .isEqualTo("too few rows to compare: 20, and 400 of the champion; 50 are the fewest");

    assertThat(
            check(
                    "few",
                    null,
                    new PredictionRules(
                        null, null, null, List.of(column("label", null, null, null, 0.2))))
                .get("drift of label")
                .outcome())
        .isEqualTo(Outcome.NOTHING_TO_COMPARE);
  }

  @Test
  @Tag("S1.11")
  void theRowsOfOneBatchAreRemovedWhereTheTableCanTellThem() {
    assertThat(remove("staged")).isEqualTo(new Removed(400, null));
    assertThat(remove("staged")).isEqualTo(new Removed(0, null));
    assertThat(remove("live")).as("another batch stays").isEqualTo(new Removed(0, null));
    assertThat(tables.removeBatch(new RemoveOrder("dev", "live", "b", null, "4")))
        .as("rows of scheduled runs stay, and are counted")
        .isEqualTo(new Removed(0, null).besides(320L));
    assertThat(tables.removeBatch(new RemoveOrder("dev", "few", "b", null, "4")))
        .isEqualTo(new Removed(20, null).besides(0L));
    assertThat(remove("nowhere")).isEqualTo(new Removed(0, null));
    assertThat(remove("customers").isForGood()).isTrue();
    assertThat(remove("customers").kept()).isEqualTo("the table has no column batch_id");
  }

  private Removed remove(String table) {
    return tables.removeBatch(new RemoveOrder("dev", table, "b", null));
  }

  /** Results by the names of their rules. */
  private record Checked(Map<String, RuleResult> byRule) {
    RuleResult get(String rule) {
      return Objects.requireNonNull(byRule.get(rule), rule);
    }
  }

  private Checked check(String table, RulesQuery.@Nullable Rows champion, PredictionRules rules) {
    return new Checked(
        tables
            .checkPredictions(
                new RulesQuery(
                    "dev", new RulesQuery.Rows(table, "b", "4"), rules, "live", champion, null))
            .results()
            .stream()
            .collect(Collectors.toMap(RuleResult::rule, Function.identity())));
  }

  private static PredictionRules.Column column(
      String name,
      @Nullable Double nulls,
      @Nullable Limits range,
      @Nullable List<String> values,
      @Nullable Double drift) {
    return new PredictionRules.Column(name, nulls, range, values, drift);
  }

  private static RuleResult passed(String rule, String measured, String required) {
    return new RuleResult(rule, Outcome.PASS, measured, required);
  }

  private static RuleResult failed(String rule, String measured, String required) {
    return new RuleResult(rule, Outcome.FAIL, measured, required);
  }
}
