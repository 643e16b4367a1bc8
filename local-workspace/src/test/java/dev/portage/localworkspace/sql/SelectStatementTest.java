package dev.portage.localworkspace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectStatementTest {
  @Test
  void tablesStandUnderPlainNames() throws SqlFailure {
    SelectStatement select =
        SelectStatement.parse(
            "SELECT count(*) AS n FROM `prod`.ml.churn c JOIN dev.ml.churn d ON c.id = d.id, other;",
            Map.of());

    assertThat(select.sql())
        .isEqualTo(
            "SELECT count(*) AS n FROM \"churn\" c JOIN \"churn_2\" d ON c.id = d.id, \"other\"");
    assertThat(select.tables())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "churn", List.of("prod", "ml", "churn"),
                "churn_2", List.of("dev", "ml", "churn"),
                "other", List.of("other")));
  }

  @Test
  void onlyTablesAreTables() throws SqlFailure {
    SelectStatement select =
        SelectStatement.parse(
            "WITH x AS (SELECT extract(year FROM d) AS y, 'FROM nowhere' AS s FROM t) "
                + "SELECT * FROM x WHERE y IS DISTINCT FROM z -- FROM comment\n /* FROM comment */",
            Map.of());

    assertThat(select.tables()).containsOnlyKeys("t");
  }

  @Test
  void quotesOfSparkBecomeStandard() throws SqlFailure {
    assertThat(SelectStatement.parse("SELECT 'it\\'s', \"two\", `a``b` FROM t", Map.of()).sql())
        .isEqualTo("SELECT 'it''s', 'two', \"a`b\" FROM \"t\"");
  }

  @Test
  void aParameterIsALiteralAndNeverSql() throws SqlFailure {
    Map<String, String> literals =
        Map.of(
            "id", literal("{'name':'id','value':\"x' OR '1'='1\"}"),
            "n", literal("{'name':'n','value':'7','type':'BIGINT'}"));

    assertThat(
            SelectStatement.parse(
                    "SELECT 1 FROM t WHERE a = :id AND b = :n AND c = ':id'", literals)
                .sql())
        .isEqualTo(
            "SELECT 1 FROM \"t\" WHERE a = 'x'' OR ''1''=''1' AND b = CAST('7' AS BIGINT) AND c = ':id'");
  }

  @Test
  void aParameterWithoutAValueIsSaidByName() {
    assertThatThrownBy(() -> SelectStatement.parse("SELECT :x", Map.of()))
        .hasMessageStartingWith("[UNBOUND_SQL_PARAMETER] Found the unbound parameter: x.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE t",
        "DELETE FROM t",
        "SELECT * INTO x FROM t",
        "WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a",
        "SET a = b",
        "COPY t TO 'x'",
        "SELECT * FROM read_parquet('/etc/passwd')"
      })
  void nothingButSelectIsAnswered(String statement) {
    assertThatThrownBy(() -> SelectStatement.parse(statement, Map.of()))
        .isInstanceOf(SqlFailure.class)
        .hasMessageStartingWith("[UNSUPPORTED_FEATURE]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ;", "SELECT 1; SELECT 2", "SELECT 'open", "SELECT /* open"})
  void whatIsNoSingleStatementIsASyntaxError(String statement) {
    assertThatThrownBy(() -> SelectStatement.parse(statement, Map.of()))
        .isInstanceOf(SqlFailure.class)
        .hasMessageStartingWith("[PARSE_SYNTAX_ERROR]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'1.5','type':'DOUBLE' | CAST('1.5' AS DOUBLE)",
        "'1.50','type':'DECIMAL(10,2)' | CAST('1.50' AS DECIMAL(10,2))",
        "'true','type':'BOOLEAN' | CAST('true' AS BOOLEAN)",
        "'2026-01-02','type':'DATE' | CAST('2026-01-02' AS DATE)",
        "null,'type':'INT' | CAST(NULL AS INT)",
        "'5' | '5'",
      })
  void literalsHaveTheirType(String value, String literal) {
    assertThat(literal("{'name':'p','value':" + value + "}")).isEqualTo(literal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'1; DROP','type':'INT'",
        "'x','type':'DATE'",
        "'1','type':'ARRAY'",
        "'1''','type':'DOUBLE'"
      })
  void aValueThatIsNotOfItsTypeIsRefused(String value) {
    assertThatThrownBy(() -> literal("{'name':'p','value':" + value + "}"))
        .isInstanceOf(ApiRefusal.class);
  }

  private static String literal(String json) {
    JsonNode parameter;
    try {
      parameter =
          new com.fasterxml.jackson.databind.ObjectMapper()
              .enable(com.fasterxml.jackson.core.JsonParser.Feature.ALLOW_SINGLE_QUOTES)
              .readTree(json.replace("''", "\\u0027"));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
    return SqlParameter.literal(Json.read(parameter.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
