package dev.portage.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a promotion.yaml says that a model is served, and what of it no cutover could do. */
class ServeSettingsTest {

  @Test
  void trueMeansTheDefaults() {
    assertThat(serve("serve: true")).isEqualTo(ServeSettings.of("churn"));
    assertThat(serve("serve: {}")).isEqualTo(ServeSettings.of("churn"));
    assertThat(good("serve: false").serve()).isNull();
    assertThat(good("").serve()).isNull();
  }

  @Test
  void everySettingIsReadAsItIsWritten() {
    ServeSettings serve =
        serve(
            """
            serve:
              endpoint: churn-eu
              size: Large
              scale-to-zero: true
              environment: { STORE_TOKEN: "{{secrets/churn/store-token}}" }
              steps: [10, 50]
              timeout: 30m
              soak: 90s
              longest-soak: 1h
              limits: { latency: 500 ms, errors: 0.5%, agreement: 95 %, tolerance: 0.5, min-requests: 100 }
              cases:
                - name: new customer
                  request: { dataframe_records: [{ age: 41, plan: basic }] }
                  answer: { predictions: [0.31] }
                  tolerance: 0.01
                - request: { inputs: [[1, 2]] }
              keep: 2
            """
                .replace("Large", "large"));

    assertThat(serve.endpoint()).isEqualTo("churn-eu");
    assertThat(serve.size()).isEqualTo(ServeSettings.Size.LARGE);
    assertThat(serve.scaleToZero()).isTrue();
    assertThat(serve.environment())
        .isEqualTo(Map.of("STORE_TOKEN", "{{secrets/churn/store-token}}"));
    assertThat(serve.steps()).containsExactly(10, 50, 100);
    assertThat(serve.timeout()).isEqualTo(Duration.ofMinutes(30));
    assertThat(serve.soak()).isEqualTo(Duration.ofSeconds(90));
    assertThat(serve.longestSoak()).isEqualTo(Duration.ofHours(1));
    assertThat(serve.limits())
        .isEqualTo(new ServeLimits(Duration.ofMillis(500), 0.5, 95.0, 100, 0.5));
    assertThat(serve.cases()).extracting(ServeCase::name).containsExactly("new customer", "case 2");
    assertThat(serve.cases().getFirst().request().at("/dataframe_records/0/age").asInt())
        .isEqualTo(41);
    assertThat(serve.cases().getFirst().tolerance()).isEqualTo(0.01);
    assertThat(serve.cases().getLast().answer()).isNull();
    assertThat(serve.keep()).isEqualTo(2);
  }

  @Test
  void requestsAreAwaitedForSixSoaksAndAtLeastTheMinuteInWhichTheyAreCounted() {
    assertThat(serve("serve: { soak: 5s, limits: { min-requests: 1 } }").longestSoak())
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(serve("serve: { soak: 1m, limits: { min-requests: 1 } }").longestSoak())
        .isEqualTo(Duration.ofMinutes(6));
  }

  @Test
  @Tag("S2.35")
  void aWatchIsADurationOrAMapAndIsNoneUnlessTheFileSaysSo() {
    assertThat(serve("serve: true").watch()).isNull();
    assertThat(serve("serve: { watch: none }").watch()).isNull();
    assertThat(serve("serve: { watch: 24h }").watch())
        .isEqualTo(new ServeWatch(Duration.ofHours(24), Duration.ofMinutes(1)));
    assertThat(serve("serve: { watch: 20s }").watch())
        .isEqualTo(new ServeWatch(Duration.ofSeconds(20), Duration.ofSeconds(2)));
    assertThat(serve("serve: { watch: 30d }").watch())
        .isEqualTo(new ServeWatch(Duration.ofDays(30), Duration.ofMinutes(1)));
    assertThat(serve("serve: { watch: { for: 7d, every: 10m } }").watch())
        .isEqualTo(new ServeWatch(Duration.ofDays(7), Duration.ofMinutes(10)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\1',
      textBlock =
          """
          serve: { watch: 24 }                       | 2: serve.watch is a number, must be text or a map
          serve: { watch: soon }                     | 2: serve.watch is "soon"
          serve: { watch: 0s }                       | 2: serve.watch must be greater than zero
          serve: { watch: { every: 1m } }            | 2: key "for" is missing in serve.watch
          serve: { watch: { for: 1m, every: 5m } }   | 2: serve.watch is 1m, which is shorter than the time between two looks, 5m
          serve: { watch: { for: 1m, evry: 5m } }    | 2: unknown key "evry" in serve.watch
          serve: { watch: 61d }                      | 2: serve.watch is 61d; allowed: 1s to 60d
          serve: { watch: { for: 61d } }             | 2: serve.watch.for is 61d; allowed: 1s to 60d
          serve: { watch: { for: 2d, every: 1s } }   | 2: serve.watch.every is 1s, which makes 172800 looks in 2d; allowed: at most 100000 looks
          serve: { limits: { agreement: 9%, tolerance: 1e400 } } | 2: serve.limits.tolerance is 1E+400; allowed: at most 1000000000000
          serve: { watch: 24h, keep: 0 }             | 2: serve.keep is 0, but with serve.watch an old version has to stay
          serve: yes please                          | 2: serve is text, must be true or false or a map
          serve: { size: xlarge }                    | 2: serve.size is "xlarge", which is unknown; did you mean "large"? allowed: small, medium, large, gpu-small, gpu-medium, gpu-large, gpu-xlarge, multigpu-medium
          serve: { size: Small }                     | 2: serve.size is "Small", which is unknown; did you mean "small"?
          serve: { size: GPU_SMALL }                 | 2: serve.size is "GPU_SMALL", which is unknown; did you mean "gpu-small"?
          serve: { size: gpu }                       | 2: serve.size is "gpu", which is unknown
          serve: { size: 4 }                         | 2: serve.size is a number, must be text
          serve: { size: small, workload-type: gpu } | 2: unknown key "workload-type" in serve
          serve: { scale_to_zero: true }             | 2: unknown key "scale_to_zero" in serve; did you mean "scale-to-zero"?
          serve: { scale-to-zero: 1 }                | 2: serve.scale-to-zero is a number, must be true or false
          serve: { size: small, sice: 1 }            | 2: unknown key "sice" in serve
          serve: { endpoint: -churn }                | 2: serve.endpoint is "-churn", which is not a valid endpoint name
          serve: { endpoint: "chürn" }               | 2: serve.endpoint is "chürn", which is not a valid endpoint name
          serve: { endpoint: databricks-churn }      | 2: serve.endpoint is "databricks-churn", which is not a valid endpoint name; allowed: at most 63 letters, digits, "_" and "-", with a letter or digit first and last; "databricks-" at the beginning is reserved
          serve: { endpoint: "" }                    | 2: serve.endpoint is "", which is not a valid endpoint name
          serve: { endpoint: churn eu }              | 2: serve.endpoint is "churn eu", which is not a valid endpoint name
          serve: { endpoint: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa } | 2: serve.endpoint is "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", which is not a valid endpoint name
          serve: { steps: 5 25 100 }                 | 2: serve.steps is text, must be a list; allowed: for example
          serve: { steps: 50 }                       | 2: serve.steps is a number, must be a list
          serve: { steps: [5%, 25%] }                | 2: entry 1 of serve.steps is the text "5%", must be a whole number
          serve: { steps: [5, "25"] }                | 2: entry 2 of serve.steps is the text "25", must be a whole number
          serve: { steps: [-5, 100] }                | 2: entry 1 of serve.steps is -5; allowed: at least 1
          serve: { steps: [100, 100] }               | 2: serve.steps goes from 100 % to 100 %
          serve: { step: [5] }                       | 2: unknown key "step" in serve; did you mean "steps"?
          serve: { soak: 0 }                         | 2: serve.soak is a number
          serve: { soak: -5m }                       | 2: serve.soak is "-5m", which is not a valid
          serve: { soak: 10x }                       | 2: serve.soak is "10x", which is not a valid
          serve: { timeout: 0m }                     | 2: serve.timeout must be greater than zero
          serve: { limits: { min-requests: 0 } }     | 2: serve.limits.min-requests is 0; allowed: at least 1
          serve: { limits: { min-requests: 5 a minute } } | 2: serve.limits.min-requests is the text "5 a minute", must be a whole number
          serve: { limits: { errors: -1% } }         | 2: serve.limits.errors is "-1%", which is not a valid percentage
          serve: { limits: { error: 1% } }           | 2: unknown key "error" in serve.limits; did you mean "errors"?
          serve: { limits: { latency: 1.5s } }       | 2: serve.limits.latency is "1.5s", which is not a valid time
          serve: { steps: [25, 5] }                  | 2: serve.steps goes from 25 % to 5 %
          serve: { steps: [25, 25] }                 | 2: serve.steps goes from 25 % to 25 %
          serve: { steps: [] }                       | 2: serve.steps has too few entries
          serve: { steps: [0, 50] }                  | 2: entry 1 of serve.steps is 0; allowed: at least 1
          serve: { steps: [50, 101] }                | 2: entry 2 of serve.steps is 101; allowed: at most 100
          serve: { steps: [5.5] }                    | 2: entry 1 of serve.steps is 5.5, must be a whole number
          serve: { soak: 10 }                        | 2: serve.soak is a number
          serve: { soak: 0s }                        | 2: serve.soak must be greater than zero
          serve: { limits: { latency: 500 } }        | 2: serve.limits.latency is 500, which has no unit; allowed: a whole number with its unit, such as 500ms or 2s
          serve: { limits: { latency: "500" } }      | 2: serve.limits.latency is "500", which is not a valid time with its unit
          serve: { limits: { latency: 5m } }         | 2: serve.limits.latency is "5m", which is not a valid time with its unit
          serve: { limits: { latency: 0ms } }        | 2: serve.limits.latency must be greater than zero
          serve: { limits: { errors: 1 } }           | 2: serve.limits.errors is 1, which has no unit; allowed: a number with its unit, such as 1%
          serve: { limits: { errors: 0.01 } }        | 2: serve.limits.errors is 0.01, which has no unit
          serve: { limits: { agreement: 120% } }     | 2: serve.limits.agreement is 120%, which is more than all
          serve: { limits: { tolerance: 0.1 } }      | 2: serve.limits.tolerance is how much a prediction may differ from the champion's for limits.agreement, which is missing
          serve: { limits: {} }                      | 2: serve.limits has too few entries
          serve: { longest-soak: 1h }                | 2: serve.longest-soak bounds how long a step waits for limits.min-requests, which is missing
          serve: { soak: 1h, longest-soak: 5m, limits: { min-requests: 1 } } | 2: serve.longest-soak is 5m, which is shorter than the soak, 1h
          serve: { environment: { TOKEN: abc } }     | 2: serve.environment.TOKEN is set to something, which is not a valid reference to a secret; allowed: "{{secrets/SCOPE/KEY}}", in quotes: a secret of the workspace, never its value
          serve: { environment: { TOKEN: "{{secrets/churn}}" } } | 2: serve.environment.TOKEN is set to something, which is not a valid reference
          serve: { environment: { TOKEN: "Bearer {{secrets/a/b}}" } } | 2: serve.environment.TOKEN is set to something
          serve: { environment: { TOKEN: "{{secret/a/b}}" } } | 2: serve.environment.TOKEN is set to something
          serve: { environment: { TOKEN: "env:TOKEN" } } | 2: serve.environment.TOKEN is a reference to a secret; it belongs in the platform file
          serve: { environment: { TOKEN: 5 } }       | 2: serve.environment.TOKEN is a number
          serve: { environment: [TOKEN] }            | 2: serve.environment is a list
          serve: { environment: { token: "{{secrets/a/b}}" } } | 2: serve.environment.token is not a valid name of a variable
          serve: { cases: [{ request: { rows: [] } }] } | 2: the request of case 1 is none that an endpoint takes; allowed: exactly one of dataframe_split, dataframe_records, instances, inputs
          serve: { cases: [{ answer: { predictions: [1] } }] } | 2: key "request" is missing in serve.cases.0
          serve: { cases: [{ request: { inputs: [1] }, tolerance: 1 }] } | 2: case 1 has a tolerance, but no answer to compare with
          serve: { cases: [{ name: a, request: { inputs: [1] } }, { name: a, request: { inputs: [2] } }] } | 2: two cases are named a
          serve: { soak: 400d }                      | 2: serve.soak is 400d; allowed: 1s to 7d
          serve: { soak: 7d1s }                      | 2: serve.soak is 7d1s; allowed: 1s to 7d
          serve: { timeout: 100d }                   | 2: serve.timeout is 100d; allowed: 1m to 1d
          serve: { timeout: 1s }                     | 2: serve.timeout is 1s; allowed: 1m to 1d
          serve: { longest-soak: 400d, limits: { min-requests: 1 } } | 2: serve.longest-soak is 400d; allowed: 1m to 42d
          serve: { soak: 10s, longest-soak: 30s, limits: { min-requests: 1 } } | 2: serve.longest-soak is 30s; allowed: 1m to 42d
          serve: { limits: { latency: 0.5s } }       | 2: serve.limits.latency is "0.5s", which is not a valid time with its unit; allowed: a whole number with its unit
          serve: { cases: [{ request: { dataframe_records: [] } }] } | 2: the rows of case 1 are no list of maps with values
          serve: { cases: [{ request: { dataframe_records: [{}] } }] } | 2: the rows of case 1 are no list of maps with values
          serve: { cases: [{ request: { dataframe_split: { columns: [a, b], data: [[1, 2], [1]] } } }] } | 2: row 2 of case 1 has 1 value for 2 columns
          serve: { cases: [{ request: { dataframe_split: { data: [[1, 2], [1]] } } }] } | 2: row 2 of case 1 has 1 value for 2 columns
          serve: { cases: [{ request: { dataframe_split: { columns: [], data: [[1]] } } }] } | 2: the columns of case 1 are no list of names
          serve: { cases: [{ request: { dataframe_split: { columns: [a], data: [[]] } } }] } | 2: the dataframe_split of case 1 has no rows in data
          serve: { keep: -1 }                        | 2: serve.keep is -1; allowed: at least 0
          """)
  void whatNoCutoverCouldDoIsRefusedWithItsLine(String line, String message) {
    assertThat(errors("model: churn\n" + line + "\n"))
        .as(line)
        .anySatisfy(error -> assertThat(error.toString()).startsWith("promotion.yaml:" + message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve: { watch: 0s }",
        "serve: { watch: { for: 61d, every: 1s } }",
        "serve: { watch: { for: 0s, every: 1m } }",
        "serve: { watch: { for: 1m, every: 0s } }",
        "serve: { soak: 10m, longest-soak: 5m }",
        "serve: { longest-soak: 0s, limits: { min-requests: 1 } }",
        "serve: { soak: 400d, longest-soak: 1h, limits: { min-requests: 1 } }",
        "serve: { timeout: 0s }",
      })
  void whatOnlyFollowsFromAnErrorIsNoErrorOfItsOwn(String line) {
    assertThat(errors("model: churn\n" + line + "\n")).as(line).hasSize(1);
  }

  @Test
  void theLongestTimesAreAllowed() {
    ServeSettings serve = serve("serve: { soak: 7d, timeout: 24h }");
    assertThat(serve.soak()).isEqualTo(Duration.ofDays(7));
    assertThat(serve.longestSoak()).isEqualTo(Duration.ofDays(42));
    assertThat(serve.timeout()).isEqualTo(Duration.ofHours(24));
    assertThat(serve("serve: { timeout: 1m, soak: 1s }").timeout())
        .isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aModelWhoseNameNoEndpointCanHaveNeedsAnother() {
    assertThat(errors("model: churn_\nserve: true\n"))
        .anySatisfy(error ->
            assertThat(error.toString())
                .startsWith("promotion.yaml:2: an endpoint can't be named \"churn_\""));
    assertThat(
            Objects.requireNonNull(
                    ((Reading.Good<PromotionFile>)
                            PromotionFile.read(
                                "promotion.yaml", "model: churn_\nserve: { endpoint: churn }\n"))
                        .value()
                        .serve())
                .endpoint())
        .isEqualTo("churn");
  }

  @Test
  void aSizeIsAWordOfItsOwnForEachKindOfMachine() {
    ServeSettings.Size gpu = serve("serve: { size: multigpu-medium }").size();

    assertThat(gpu.type()).isEqualTo("MULTIGPU_MEDIUM");
    assertThat(gpu.word()).isEqualTo("Small");
    for (ServeSettings.Size size : ServeSettings.Size.values()) {
      assertThat(serve("serve: { size: " + size.written() + " }").size()).isEqualTo(size);
    }
  }

  @Test
  void aModelWhoseNameIsReservedForDatabricksOwnEndpointsNeedsAnother() {
    assertThat(errors("model: databricks-churn\nserve: true\n").getFirst().toString())
        .startsWith("promotion.yaml:2: an endpoint can't be named \"databricks-churn\"");
  }

  private static ServeSettings serve(String text) {
    return Objects.requireNonNull(good(text).serve());
  }

  private static PromotionFile good(String text) {
    Reading<PromotionFile> reading =
        PromotionFile.read("promotion.yaml", "model: churn\n" + text + "\n");
    assertThat(reading).isInstanceOf(Reading.Good.class);
    return ((Reading.Good<PromotionFile>) reading).value();
  }

  private static List<ValidationError> errors(String text) {
    Reading<PromotionFile> reading = PromotionFile.read("promotion.yaml", text);
    assertThat(reading).isInstanceOf(Reading.Wrong.class);
    return ((Reading.Wrong<PromotionFile>) reading).errors();
  }
}
