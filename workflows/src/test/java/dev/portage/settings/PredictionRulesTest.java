package dev.portage.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people require of predictions in a promotion.yaml, and what of it nothing could keep. */
class PredictionRulesTest {

  @Test
  void rulesAreReadAsTheyAreWritten() {
    assertThat(
            rules(
                """
                rows: { min: 1000, max: 2000000 }
                    rows-of-input: { table: customers, min: 0.99 }
                    rows-of-last: { max: 1.5 }
                    columns:
                      prediction: { nulls: 0, min: -1.5, max: 1e3, drift: 0.2 }
                      segment: { values: [a, 007, true] }
                """))
        .isEqualTo(
            new PredictionRules(
                new Limits(1000.0, 2_000_000.0),
                new PredictionRules.OfInput("customers", new Limits(0.99, null)),
                new Limits(null, 1.5),
                List.of(
                    new PredictionRules.Column(
                        "prediction", 0.0, new Limits(-1.5, 1000.0), null, 0.2),
                    new PredictionRules.Column(
                        "segment", null, null, List.of("a", "007", "true"), null))));
  }

  @Test
  void aFileWithoutRulesHasNone() {
    assertThat(Objects.requireNonNull(good("model: m\nbatch: score.py\n").batch()).rules())
        .isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rows: { min: 0 }                       | 4: rows.min is 0, which is no number of rows
          rows: { max: 10.5 }                    | 4: rows.max is 10.5, which is no number of rows
          rows: { min: 10, max: 9 }              | 4: max is 9, which is less than min, 10
          rows: { min: .nan }                    | 4: batch.rules.rows.min is the text ".nan", must be a number
          rows: {}                               | 4:
          rows: 100                              | 4:
          rows-of-input: { min: 1 }              | 4:
          rows-of-input: { table: t }            | 4: rows-of-input has no limit
          rows-of-input: { table: a b, min: 1 }  | 4:
          rows-of-last: { min: -1 }              | 4: a batch can't have fewer than no rows
          columns: { p: {} }                     | 4:
          columns: { p: { nulls: 2 } }           | 4:
          columns: { p: { drift: 0 } }           | 4:
          columns: { p: { max: .inf } }          | 4: batch.rules.columns.p.max is the text ".inf", must be
          columns: { p: { values: [] } }         | 4:
          columns: { p: { min: 2, max: 1 } }     | 4: max is 1, which is less than min, 2
          columns: { p: { min: 1 }, P: {max: 2} }| 4: column P has rules twice
          colums: { p: { min: 1 } }              | 4:
          """)
  void whatNothingCouldKeepIsRefusedWithItsLine(String rules, String fault) {
    assertThat(faults("model: m\nbatch:\n  notebook: score.py\n  rules: { " + rules + " }\n"))
        .isNotEmpty()
        .first()
        .asString()
        .startsWith("promotion.yaml:" + fault);
  }

  @Test
  void rulesNeedATableThatIsReadAndBatchesThatCanBeToldApart() {
    String script =
        """
        model: m
        batch:
          script: score.py
          parameters: ["{model_uri}"]
          verify: %s
          rules:
            rows-of-last: { min: 0.5 }
            columns:
              prediction:
                nulls: 0
                drift: 0.2
        """;
    assertThat(faults(script.formatted("none")))
        .singleElement()
        .asString()
        .startsWith("promotion.yaml:6: batch.rules checks the table of the predictions");
    assertThat(faults(script.formatted("table")))
        .extracting(ValidationError::line)
        .containsExactly(7, 11);
    assertThat(faults(script.formatted("rows"))).isEmpty();
  }

  @Test
  void limitsReadAsPeopleWouldSayThem() {
    assertThat(new Limits(1_234_567.0, null).words()).isEqualTo("at least 1234567");
    assertThat(new Limits(0.0, 1.0).words()).isEqualTo("at least 0 and at most 1");
    assertThat(new Limits(null, 1.1).words("the rows of t"))
        .isEqualTo("at most 1.1 times the rows of t");
    assertThat(new Limits(0.0, 1.0).hold(Double.NaN)).isFalse();
    assertThat(new Limits(0.0, 1.0).hold(1.0)).isTrue();
  }

  private static @Nullable PredictionRules rules(String rules) {
    return Objects.requireNonNull(
            good("model: m\nbatch:\n  notebook: score.py\n  rules:\n    " + rules).batch())
        .rules();
  }

  private static PromotionFile good(String text) {
    return switch (PromotionFile.read("promotion.yaml", text)) {
      case Reading.Good<PromotionFile>(PromotionFile file) -> file;
      case Reading.Wrong<PromotionFile>(List<ValidationError> errors) ->
          throw new AssertionError(errors.toString());
    };
  }

  private static List<ValidationError> faults(String text) {
    return switch (PromotionFile.read("promotion.yaml", text)) {
      case Reading.Good<PromotionFile> _ -> List.of();
      case Reading.Wrong<PromotionFile>(List<ValidationError> errors) -> errors;
    };
  }
}
