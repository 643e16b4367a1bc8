package dev.portage.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.ValidationError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of the schema and of meaning come in one round, each once, and nothing is guessed. */
class AllErrorsAtOnceTest {

  @Test
  void whatTheSchemaForbidsHidesNoErrorOfMeaning() {
    assertThat(
            told(
                """
                model: churn
                train: { notebook: t.py, timeout: 0m }
                gate: { rmse: "<= 60" }
                gates: { auc: ">= 1e999", rmse: "60" }
                batch:
                  notebook: s.py
                  timezone: Mars
                  schedule: "0 6 * * *"
                  timeout: 90
                serve:
                  steps: [50, 25]
                  soak: 5
                  limits: { latency: 500, errors: 200%, tolerance: 0.1 }
                  longest-soak: 10m
                """))
        .containsExactly(
            "2: train.timeout must be greater than zero, not 0m",
            "3: unknown key \"gate\"",
            "4: gates.rmse is \"60\", which is not a valid threshold",
            "4: the limit of auc is not a finite number",
            "7: \"Mars\" is not a time zone",
            "8: the schedule has 5 fields",
            "9: batch.timeout is a number, must be text",
            "11: serve.steps goes from 50 % to 25 %",
            "12: serve.soak is a number, must be text",
            "13: serve.limits.latency is 500, which has no unit",
            "13: serve.limits.errors is 200%, which is more than all",
            "13: serve.limits.tolerance is how much a prediction may differ from the champion's"
                + " for limits.agreement, which is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\1',
      textBlock =
          """
          modell: churn\\nserve: { steps: [50, 25] }                  | 1: unknown key "modell", 1: key "model" is missing, 2: serve.steps goes
          model: Churn_\\nserve: { steps: [50, 25] }                  | 1: model is, 2: serve.steps goes
          serve: { steps: [50, 25] }                                 | 1: key "model" is missing, 1: serve.steps goes
          model: c\\nmodel: d\\nserve: { steps: [50, 25] }             | 2: key "model" appears twice, 3: serve.steps goes
          model: c\\nexperiment: !x a\\ntrain: { notebook: t.py, timeout: 0m } | 2: the tag !x, 3: train.timeout must
          model: c\\ntrain: { notebook: t.py, parameters: { a: "env:KEY" }, timeout: 0m } | 2: train.parameters.a is a reference, 2: train.timeout must
          model: c\\ntable: x\\ntrain: { notebook: "t\\u0007.py", timeout: 0m } | 2: unknown key "table", 3: train.timeout must, 3: train.notebook contains line breaks
          model: c\\ntrain: 3\\nbatch: { table: t }                    | 2: train is a number, 3: batch does not say what to run
          model: c\\nbatch: { job: j, schedule: "0 0 6 * * ?", timeout: 3 } | 2: batch.timeout is a number, 2: batch has both schedule
          model: c\\nserve: { cases: [{ request: { inputs: [1] }, tolerance: 1, x: 1 }] } | 2: unknown key "x"
          """)
  void bothKindsAreTold(String text, String starts) {
    List<String> told = told(unescaped(text));

    assertThat(told).hasSize(starts.split(", (?=\\d)", -1).length);
    for (String start : starts.split(", (?=\\d)", -1)) {
      assertThat(told).as(text).anyMatch(error -> error.startsWith(start));
    }
  }

  /**
   * Each has an error of the schema alone; a check would refuse the rest that is left without it.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gates: { auc: abc }\nevaluate: { notebook: e.py }",
        "gate: { auc: \">= 0.8\" }\nevaluate: { notebook: e.py }",
        "batsch: { notebook: s.py }\nrehearse: true",
        "batch: 5\nrehearse: true",
        "foo: 1\nevaluate: { notebook: e.py }",
        "batch: { notebok: s.py, table: t }",
        "batch: { notebook: 5, job: j, schedule: \"0 0 6 * * ?\" }",
        "batch: { notebook: 5, job: j, verify: rows }",
        "batch: { script: s.py, parameters: [[1]], verify: table }",
        "batch: { script: s.py, parameters: { uri: [\"{model_uri}\"], t: \"{table}\" } }",
        "batch: { script: s.py, parameter: { uri: \"{model_uri}\" }, verify: none }",
        "batch: { script: s.py, rules: { rows-of-input: { table: t, min: x } } }",
        "batch: { script: s.py, rules: { rows-of-input: { table: t, mn: 1 } } }",
        "serve: { longest-soak: 10m, limits: { min-requests: x } }",
        "serve: { longest-soak: 10m, limit: { min-requests: 5 } }",
        "serve: { longest-soak: 10m, limits: { minrequests: 5 } }",
        "serve: { longest-soak: 5m, soak: 1, limits: { min-requests: 5 } }",
        "serve: { limits: { tolerance: 1, agreement: 95 } }",
        "serve: { limits: { tolerance: 1, agrement: 95% } }",
        "serve: { keep: x, watch: 24h }",
        "serve: { watch: { every: 48h } }",
        "serve: { cases: [{ request: { inputs: [1] }, tolerance: 1, answr: [1] }] }",
        "serve: { cases: [{ request: 5 }] }",
        "train: { wheel: { package: p } }",
        "path: [dev, 5]",
      })
  void whatMayFollowFromAnErrorIsNotTold(String text) {
    assertThat(told("model: churn\n" + text + "\n")).as(text).hasSize(1);
  }

  @Test
  void aFileThatIsNoMapHasOneError() {
    assertThat(told("- model\n")).hasSize(1);
    assertThat(told("churn\n")).hasSize(1);
  }

  @Test
  void aNameThatOnlyStandsInForAWrongOneIsNeverQuoted() {
    assertThat(told("serve: true\nx: 1\n"))
        .allSatisfy(error -> assertThat(error).doesNotContain("churn"));
  }

  private static String unescaped(String text) {
    return text.strip().replace("\\n", "\n");
  }

  /** Lines and errors, without what is allowed. */
  private static List<String> told(String text) {
    return PromotionFile.read("promotion.yaml", text).faults().stream()
        .map(AllErrorsAtOnceTest::shown)
        .toList();
  }

  private static String shown(ValidationError error) {
    return error.line() + ": " + error.what();
  }
}
