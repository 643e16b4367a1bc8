package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.http.HttpAnswer;
import okhttp3.Headers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of all forms that models give, held against what a team wants of them. */
@Tag("S0.11")
class AnswerMatchTest {

  /** As it comes from a server written in Python. */
  private static JsonNode answer(String text) {
    return new HttpAnswer(200, Headers.EMPTY, text).json();
  }

  private static String difference(String actual, String wanted, double tolerance) {
    return AnswerMatch.difference(answer(actual), answer(wanted), tolerance).orElse("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"predictions":[0.315]}                     | {"predictions":[0.31]}            | 0.01
          {"predictions":[0.32]}                      | {"predictions":[0.31]}            | 0.01
          {"predictions":[1]}                         | {"predictions":[1.0]}             | 0
          {"predictions":[123456789.1]}               | {"predictions":[123456789.0]}     | 0.000001
          {"predictions":[NaN, 1]}                    | {"predictions":["NaN", 1]}        | 0.000001
          {"predictions":[NaN]}                       | {"predictions":[".nan"]}          | 0
          {"predictions":[null]}                      | {"predictions":[".nan"]}          | 0
          {"predictions":["NaN"]}                     | {"predictions":["NaN"]}           | 0
          {"predictions":["nan"]}                     | {"predictions":[".nan"]}          | 0
          {"predictions":[Infinity, -Infinity]}       | {"predictions":[".inf", "-.inf"]} | 0.1
          {"predictions":[null]}                      | {"predictions":[null]}            | 0
          {"predictions":[{"a":1}], "trace_id":"x"}   | {"predictions":[{"a":1}]}         | 0
          {"predictions":[{"a":1,"b":[1,[2]]}]}       | {"predictions":[{"b":[1,[2.001]]}]} | 0.01
          {"predictions":["yes","no"]}                | {"predictions":["yes","no"]}      | 0
          {"predictions":{"out":[[1,2],[3,4]]}}       | {"predictions":{"out":[[1,2],[3,4]]}} | 0
          {"predictions":[true]}                      | {"predictions":[true]}            | 0
          {"predictions":[]}                          | {"predictions":[]}                | 0
          """)
  void theseAreAlike(String actual, String wanted, double tolerance) {
    assertThat(difference(actual, wanted, tolerance)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"predictions":[0.33]}              | {"predictions":[0.31]}           | 0.01 | predictions[0] is 0.33, expected 0.31
          {"predictions":[0.3100001]}         | {"predictions":[0.31]}           | 0    | predictions[0] is 0.3100001, expected 0.31
          {"predictions":[123456999]}         | {"predictions":[123456789]}      | 0.000001 | predictions[0] is 123456999
          {"predictions":[NaN]}               | {"predictions":[1]}              | 100  | predictions[0] is NaN, expected 1
          {"predictions":[1]}                 | {"predictions":[".nan"]}         | 100  | predictions[0] is 1, expected ".nan"
          {"predictions":[Infinity]}          | {"predictions":[".nan"]}         | 100  | predictions[0] is Infinity
          {"predictions":[Infinity]}          | {"predictions":["-.inf"]}        | 100  | predictions[0] is Infinity
          {"predictions":[Infinity]}          | {"predictions":[1e300]}          | 1    | predictions[0] is Infinity
          {"predictions":[null]}              | {"predictions":[0]}              | 1    | predictions[0] is null, expected 0
          {"predictions":[null]}              | {"predictions":[".inf"]}         | 1    | predictions[0] is null
          {"predictions":["1"]}               | {"predictions":[1]}              | 1    | predictions[0] is "1", expected 1
          {"predictions":[1]}                 | {"predictions":["1"]}            | 1    | predictions[0] is 1, expected "1"
          {"predictions":[true]}              | {"predictions":[1]}              | 1    | predictions[0] is true, expected 1
          {"predictions":["Yes"]}             | {"predictions":["yes"]}          | 1    | predictions[0] is "Yes"
          {"predictions":[1,2]}               | {"predictions":[1]}              | 1    | predictions is [1,2], expected a list of 1
          {"predictions":[[1]]}               | {"predictions":[1]}              | 1    | predictions[0] is [1], expected 1
          {"predictions":[{"a":1}]}           | {"predictions":[{"b":1}]}        | 1    | predictions[0].b is missing, expected 1
          {"predictions":{"a":1}}             | {"predictions":[1]}              | 1    | predictions is {"a":1}, expected a list of 1
          {"outputs":[1]}                     | {"predictions":[1]}              | 1    | predictions is missing, expected a list of 1
          """)
  void theseDiffer(String actual, String wanted, double tolerance, String where) {
    assertThat(difference(actual, wanted, tolerance)).startsWith(where);
  }

  @Test
  void anAnswerWithNanIsNoError() {
    assertThat(AnswerMatch.error(answer("{\"predictions\": [NaN, Infinity]}"))).isEmpty();
  }
}
