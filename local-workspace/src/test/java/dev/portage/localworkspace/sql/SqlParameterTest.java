package dev.portage.localworkspace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlParameterTest {
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
        "'x'' OR ''1''=''1' | 'x'' OR ''1''=''1'",
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
  void aValueOfTheWrongTypeIsRefused(String value) {
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
