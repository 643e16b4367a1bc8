package dev.portage.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases of a smoke test in a file of their own: a list, or a table. */
class CasesFileTest {

  private static CasesFile named(String path) {
    return new CasesFile(path, "churn/" + path, CasesFile.ANSWER, ServeCase.TOLERANCE, null);
  }

  private static List<ServeCase> good(CasesFile file, String text) {
    Reading<List<ServeCase>> reading = file.read(text);
    assertThat(reading.faults()).isEmpty();
    return ((Reading.Good<List<ServeCase>>) reading).value();
  }

  private static List<String> faults(CasesFile file, String text) {
    return file.read(text).faults().stream().map(Object::toString).toList();
  }

  @Test
  void promotionYamlNamesItByItsPathOrWithWhatCountsForAllItsCases() {
    CasesFile plain = casesOf("serve: { cases: tests/cases.json }");
    CasesFile table =
        casesOf(
            "serve: { cases: { file: cases.csv, answer: expected, tolerance: 0.5, latency: 200ms } }");

    assertThat(plain.path()).isEqualTo("tests/cases.json");
    assertThat(plain.fileName()).isEqualTo("models/tests/cases.json");
    assertThat(table)
        .isEqualTo(
            new CasesFile(
                "cases.csv", "models/cases.csv", "expected", 0.5, Duration.ofMillis(200)));
  }

  private static CasesFile casesOf(String line) {
    Reading<PromotionFile> reading =
        PromotionFile.read("models/promotion.yaml", "model: churn\n" + line + "\n");
    assertThat(reading.faults()).isEmpty();
    return ((Reading.Good<PromotionFile>) reading).value().casesFile().orElseThrow();
  }

  @Test
  @Tag("S0.11")
  void aListIsJsonOrYamlWithAnswersOfAnyForm() {
    List<ServeCase> yaml =
        good(
            named("cases.yml"),
            """
            - name: two rows
              request: { dataframe_split: { columns: [age, job], data: [[41, clerk], [null, "a\\nb"]] } }
              answer: [0.31, .nan]
              tolerance: 0.01
              latency: 2s
            - request: { dataframe_records: [{ age: 41 }] }
              answer: yes, gladly
            - request: { inputs: { x: [1] } }
              answer: { predictions: [{ class: a, score: 0.5 }], model: churn }
            - request: { instances: [1] }
            """);
    List<ServeCase> json =
        good(
            named("cases.json"),
            "[\n\t{\"request\": {\"inputs\": [1]}, \"answer\": [NaN, -Infinity, null, \"x\"]}]");

    assertThat(yaml)
        .extracting(ServeCase::name)
        .containsExactly("two rows", "case 2", "case 3", "case 4");
    assertThat(answer(yaml.getFirst())).isEqualTo("{\"predictions\":[0.31,\".nan\"]}");
    assertThat(yaml.getFirst().tolerance()).isEqualTo(0.01);
    assertThat(yaml.getFirst().latency()).isEqualTo(Duration.ofSeconds(2));
    assertThat(answer(yaml.get(1))).isEqualTo("{\"predictions\":[\"yes, gladly\"]}");
    assertThat(answer(yaml.get(2)))
        .isEqualTo("{\"predictions\":[{\"class\":\"a\",\"score\":0.5}],\"model\":\"churn\"}");
    assertThat(yaml.get(3).answer()).isNull();
    assertThat(answer(json.getFirst()))
        .isEqualTo("{\"predictions\":[\"NaN\",\"-Infinity\",null,\"x\"]}");
  }

  private static @Nullable String answer(ServeCase one) {
    return Objects.toString(one.answer(), null);
  }

  @Test
  @Tag("S0.11")
  void aTableHasARowForEachCaseAndAColumnForTheAnswer() {
    List<ServeCase> cases =
        good(
            named("cases.csv"),
            String.join(
                "\r\n",
                "\uFEFFage,job,member,score,prediction",
                "41,clerk,true,1e3,0.31",
                "",
                "\"007\",\"a \"\"b\"\",\nc\",False,,yes",
                "-1.5,x,,0,",
                ""));

    assertThat(cases).extracting(ServeCase::name).containsExactly("line 2", "line 4", "line 6");
    assertThat(cases.getFirst().request().toString())
        .isEqualTo(
            "{\"dataframe_split\":{\"columns\":[\"age\",\"job\",\"member\",\"score\"],"
                + "\"data\":[[41,\"clerk\",true,1E+3]]}}");
    assertThat(answer(cases.getFirst())).isEqualTo("{\"predictions\":[0.31]}");
    assertThat(cases.get(1).request().at("/dataframe_split/data").toString())
        .isEqualTo("[[\"007\",\"a \\\"b\\\",\\nc\",false,null]]");
    assertThat(answer(cases.get(1))).isEqualTo("{\"predictions\":[\"yes\"]}");
    assertThat(answer(cases.get(2))).isEqualTo("{\"predictions\":[null]}");
    assertThat(good(named("cases.csv"), "age\n41\n").getFirst().answer()).isNull();
  }

  @Test
  void whatIsSentOfItIsReadAsTheSameCases() {
    CasesFile file = new CasesFile("c.csv", "c.csv", "expected", 0.25, Duration.ofMillis(300));
    List<ServeCase> cases = good(file, "age,expected\n41,0.5\n42,nan\n");

    Reading<List<ServeCase>> again = file.ofSent(CasesFile.sent(cases));

    assertThat(CasesFile.sent(((Reading.Good<List<ServeCase>>) again).value()))
        .isEqualTo(CasesFile.sent(cases))
        .contains("\"tolerance\":0.25,\"latency\":\"300ms\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          cases.json | {}                                              | 1: the file is a map, must be a list
          cases.json | []                                              | 1: the file has too few entries
          cases.json | [{"request": {"inputs": [1]}, "answr": 1}]      | 1: unknown key "answr" in 0; did you mean "answer"?
          cases.json | [{"name": "a"}]                                 | 1: key "request" is missing in 0
          cases.json | [{"request": {"inputs": [1]}, "answer": null}]  | 1: 0.answer is empty
          cases.json | [{"request": {"inputs": [1]}, "answer": {}}]    | 1: the answer of case 1 is an empty map
          cases.json | [{"request": {"inputs": [1]}, "latency": 200}]  | 1: 0.latency is 200, which has no unit
          cases.json | [{"request": {"inputs": [1]}, "latency": "0s"}] | 1: the latency of case 1 must be greater than zero
          cases.json | [{"request": {"inputs": [NaN]}}]                | 1: the request of case 1 has NaN, which no endpoint takes; allowed: null for a missing value
          cases.json | [{"request": {"inputs": []}}]                   | 1: the inputs of case 1 are empty
          cases.json | [{"request": {"dataframe_records": {"a": 1}}}]  | 1: the rows of case 1 are no list of maps
          cases.json | [{"request": {"dataframe_split": {"columns": ["a"]}}}] | 1: the dataframe_split of case 1 has no rows
          cases.json | [{"request": {"dataframe_split": {"columns": ["a"], "data": [[1], [1, 2]]}}}] | 1: row 2 of case 1 has 2 values for 1 column
          cases.json | [{"request": {"inputs": [1], "instances": [1]}}] | 1: the request of case 1 is none that an endpoint takes
          cases.json | [{"request": {"inputs": [1]}, "answer": []}]    | 1: the answer of case 1 is an empty list, which no answer is like
          cases.json | [{"request": {"inputs": [1]}, "answer": [1], "tolerance": 1e400}] | 1: 0.tolerance is 1E+400; allowed: at most 1000000000000
          cases.json | [{"request": {"inputs": [1e400]}}]              | 1: the request of case 1 has 1E+400, which no endpoint takes
          cases.json | [{"request": {"dataframe_split": {"colums": ["a"], "data": [[1]]}}}] | 1: the dataframe_split of case 1 has "colums"; did you mean "columns"? allowed: columns, index, data
          cases.json | [{"request": {"dataframe_split": {"index": [0, 1], "data": [[1]]}}}] | 1: the index of case 1 has 2 values for 1 row
          cases.json | [{"request": {"inputs": [1                      | 1: invalid YAML
          cases.json | [{"request": {"inputs": ["dapi0123456789abcdef0123456789abcdef"]}}] | 1: 0.request.inputs.0 contains a Databricks token
          """)
  void whatIsWrongWithAListIsSaidWithItsLine(String path, String text, String message) {
    assertThat(faults(named(path), text))
        .as(text)
        .anySatisfy(fault -> assertThat(fault).startsWith("churn/cases.json:" + message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          age,prediction                  | 1: the file has no cases
          age,age~1,2                     | 1: two columns are named age
          age,~1,2                        | 1: a column has no name
          age;job~1;2                     | 1: the columns are not separated by commas
          prediction~1                    | 1: the only column is the answer's
          age,job~1,2~1,2,3               | 3: the line has 3 values for 2 columns
          age,Prediction~1,2              | 1: column Prediction would be sent as input, and nothing be compared with it; allowed: prediction; or name it in promotion.yaml: serve: { cases: { file: cases.csv, answer: Prediction } }
          age,predictions~1,2             | 1: column predictions would be sent as input
          age,job~nan,2                   | 2: column age has nan, which no endpoint takes; allowed: nothing between two commas for a missing value; text in quotes
          age,job~1,2~1,-Infinity         | 3: column job has -Infinity, which no endpoint takes
          age,job~1,1e999                 | 2: column job has 1e999, which no endpoint takes
          age,job~1,"NaN"                 | 2: column job has NaN, which no endpoint takes
          age,job~1,"x                    | 2: a quote is not closed
          age,job~1,"x"y                  | 2: text follows a closing quote
          age,job~1,dapi0123456789abcdef0123456789abcdef | 2: this line contains a Databricks token
          """)
  void whatIsWrongWithATableIsSaidWithItsLine(String text, String message) {
    assertThat(faults(named("cases.csv"), text.replace('~', '\n')))
        .as(text)
        .anySatisfy(fault -> assertThat(fault).startsWith("churn/cases.csv:" + message));
  }

  @Test
  void columnsWithoutCommasAreOneErrorHoweverManyCommasTheNumbersHave() {
    assertThat(faults(named("cases.csv"), "age;job;prediction\n1,5;2;3\n")).hasSize(1);
  }

  @Test
  void aNameInQuotesMayReadLikeNoNumber() {
    assertThat(
            good(named("cases.csv"), "name,prediction\n\"Nan\",nan\n")
                .getFirst()
                .request()
                .toString())
        .contains("[[\"Nan\"]]");
  }

  @Test
  void anAnswerThatIsNamedHasToBeAColumn() {
    CasesFile file = new CasesFile("c.csv", "c.csv", "expected", 0.0, null);

    assertThat(faults(file, "age,expcted\n1,2\n").getFirst())
        .startsWith(
            "c.csv:1: there is no column expected, which serve.cases.answer names; did you mean"
                + " \"expcted\"?");
  }

  @Test
  void aFileThatWouldNotFitIntoHistoryIsRefused() {
    String many =
        "age\n"
            + IntStream.range(0, 51).mapToObj(String::valueOf).collect(Collectors.joining("\n"));
    String wide = "age\n" + "1\n".repeat(CasesFile.MAX_BYTES / 2 + 1);
    String grows =
        IntStream.range(0, 40)
                .mapToObj(i -> "a_long_name_of_a_column_" + i)
                .collect(Collectors.joining(","))
            + "\n"
            + ("1,".repeat(39) + "1\n").repeat(50);

    assertThat(faults(named("c.csv"), many))
        .first()
        .asString()
        .contains("c.csv:52: the file has 51 cases");
    assertThat(faults(named("c.csv"), wide))
        .first()
        .asString()
        .contains("1: the file has 32774 bytes");
    assertThat(faults(named("c.csv"), grows))
        .first()
        .asString()
        .contains("as JSON, the cases have");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /etc/cases.csv                           | 2: serve.cases is "/etc/cases.csv", which is not a valid list of cases, or a path
          ../cases.csv                             | 2: serve.cases is "../cases.csv"
          cases.txt                                | 2: serve.cases is "cases.txt"
          7                                        | 2: serve.cases is a number, must be a list or text or a map
          {}                                       | 2: key "file" is missing in serve.cases
          { file: c.csv, column: x }               | 2: unknown key "column" in serve.cases
          { file: c.json, answer: x }              | 2: serve.cases.answer names a column, but c.json is no CSV file
          { file: c.csv, latency: 0ms }            | 2: serve.cases.latency must be greater than zero
          []                                       | 2: serve.cases has too few entries
          { file: c.csv, tolerance: 1e400 }        | 2: serve.cases.tolerance is 1E+400; allowed: at most 1000000000000
          { file: c.csv, tolerance: "1%" }         | 2: serve.cases.tolerance is the text "1%"
          """)
  void whatNoFileOfCasesCanBeIsRefusedWithItsLine(String value, String message) {
    Reading<PromotionFile> reading =
        PromotionFile.read("promotion.yaml", "model: churn\nserve: { cases: " + value + " }\n");

    assertThat(reading.faults())
        .as(value)
        .anySatisfy(fault -> assertThat(fault.toString()).startsWith("promotion.yaml:" + message));
  }

  @Test
  void aWorkerThatGotNoCasesSaysSo() {
    PromotionFile file =
        ((Reading.Good<PromotionFile>)
                PromotionFile.read("promotion.yaml", "model: churn\nserve: { cases: c.csv }\n"))
            .value();

    assertThat(file.withCases(null).faults().getFirst().toString())
        .startsWith("promotion.yaml:2: the cases in c.csv were not sent");
    Reading<PromotionFile> whole =
        file.withCases("[{\"name\":\"line 2\",\"request\":{\"inputs\":[1]}}]");
    assertThat(
            Objects.requireNonNull(((Reading.Good<PromotionFile>) whole).value().serve()).cases())
        .extracting(ServeCase::name)
        .containsExactly("line 2");
  }
}
