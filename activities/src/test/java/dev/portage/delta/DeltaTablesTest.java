package dev.portage.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.databricks.FakeWait;
import dev.portage.databricks.FakeWorkspace;
import dev.portage.failure.FailureKind;
import dev.portage.scoring.PredictionCount;
import dev.portage.scoring.PredictionQuery;
import dev.portage.settings.PredictionCheck;
import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaTablesTest {
  private static final String WAREHOUSES = "GET /api/2.0/sql/warehouses";
  private static final String EXECUTE = "POST /api/2.0/sql/statements";
  private static final String STATEMENT = "GET /api/2.0/sql/statements/s1";
  private static final String CANCEL = "POST /api/2.0/sql/statements/s1/cancel";
  private static final String THREE_NUMBERS =
      """
      {"statement_id": "s1", "status": {"state": "SUCCEEDED"},
       "result": {"row_count": 1, "data_array": [["442", "440", "2"]]}}\
      """;

  private final FakeWait waiting = new FakeWait();

  @AutoClose
  private final FakeWorkspace workspace =
      FakeWorkspace.start()
          .on(EXECUTE, THREE_NUMBERS)
          .on(CANCEL, "{}")
          .on(
              WAREHOUSES,
              """
              {"warehouses": [
                {"id": "w1", "name": "a, deleted", "state": "DELETED"},
                {"id": "w2", "name": "b, stopped", "state": "STOPPED"},
                {"id": "w3", "name": "c, running", "state": "RUNNING"}]}\
              """);

  private final DeltaTables tables = FakeTables.of(workspace.clients(), waiting);

  @Test
  void theEngineCountsABatchWithEveryValueAsAParameter() {
    PredictionCount count = tables.countPredictions(of("prod.ml.churn_predictions"));

    assertThat(count).isEqualTo(new PredictionCount(true, 442, 440, 2));
    JsonNode sent = workspace.calls(EXECUTE).getFirst().body();
    String sql = sent.path("statement").asText();
    assertThat(sql)
        .contains("FROM `prod`.`ml`.`churn_predictions` WHERE CAST(batch_id AS STRING) = :batch_id")
        .doesNotContain("first batch");
    assertThat(sent.path("parameters").findValuesAsText("value"))
        .containsExactlyInAnyOrder("first batch", "7", "promotion/churn/a");
    assertThat(sent.path("wait_timeout").asText()).isEqualTo("10s");
  }

  @Test
  void aRunningWarehouseIsUsedIfNoneIsNamed() {
    tables.countPredictions(of("t"));

    assertThat(workspace.calls(EXECUTE).getFirst().body().path("warehouse_id").asText())
        .isEqualTo("w3");
  }

  @Test
  void aNamedWarehouseIsUsedEvenIfItHasToStart() {
    workspace.warehouse("b, stopped");

    tables.countPredictions(of("t"));

    assertThat(workspace.calls(EXECUTE).getFirst().body().path("warehouse_id").asText())
        .isEqualTo("w2");
  }

  @Test
  void anUnknownWarehouseIsRefusedWithTheExistingOnes() {
    workspace.warehouse("nightly");

    assertThatThrownBy(() -> tables.countPredictions(of("t")))
        .hasMessageContaining("use SQL warehouse nightly failed in workspace dev")
        .hasMessageContaining("there is: a, deleted, b, stopped, c, running");
  }

  @Test
  void aLongStatementIsPolledUntilItIsDone() {
    workspace.on(EXECUTE, state("PENDING"));
    int[] polls = {0};
    workspace.on(
        STATEMENT,
        _ ->
            FakeWorkspace.json(
                200,
                switch (polls[0]++) {
                  case 0 -> state("A_STATE_OF_TOMORROW");
                  case 1, 2, 3, 4, 5, 6, 7, 8 -> state("RUNNING");
                  default -> THREE_NUMBERS;
                }));

    assertThat(tables.countPredictions(of("t")).rows()).isEqualTo(442);
    assertThat(waiting.longestSilence()).isLessThanOrEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aCancelledWaitCancelsTheStatementToo() {
    workspace.on(EXECUTE, state("RUNNING"));
    workspace.on(
        STATEMENT,
        _ -> {
          waiting.end(new ActivityCanceledException());
          return FakeWorkspace.json(200, state("RUNNING"));
        });

    assertThatThrownBy(() -> tables.countPredictions(of("t")))
        .isInstanceOf(ActivityCanceledException.class);
    assertThat(workspace.calls(CANCEL)).hasSize(1);
  }

  @Test
  void aStatementThatNeverEndsIsGivenUpAndCancelled() {
    workspace
        .on(EXECUTE, state("RUNNING"))
        .on(
            STATEMENT,
            _ -> {
              waiting.sleep(Duration.ofMinutes(4));
              return FakeWorkspace.json(200, state("RUNNING"));
            });

    assertThatThrownBy(() -> tables.countPredictions(of("t")))
        .hasMessageContaining("no result in 15 minutes");
    assertThat(workspace.calls(CANCEL)).hasSize(1);
  }

  @Test
  void aMissingTableIsAResultAndNotAFailure() {
    workspace.on(EXECUTE, failed("[TABLE_OR_VIEW_NOT_FOUND] The table or view `t` is not there"));

    assertThat(tables.countPredictions(of("t"))).isEqualTo(new PredictionCount(false, 0, 0, 0));
  }

  @Test
  void aTableWithoutABatchColumnHasNoRowsOfABatch() {
    hasColumns("id BIGINT", "prediction DOUBLE", "scored_at TIMESTAMP");

    assertThat(tables.countPredictions(of("t")))
        .isEqualTo(
            new PredictionCount(
                true, 0, 0, 0, List.of("model_version", "batch_id", "promotion_id")));
  }

  @Test
  void otherMissingColumnsCountAsEmpty() {
    hasColumns("PREDICTION DOUBLE", "Batch_Id STRING");

    assertThat(tables.countPredictions(of("t")))
        .isEqualTo(
            new PredictionCount(true, 442, 440, 2, List.of("model_version", "promotion_id")));
    JsonNode sent = workspace.calls(EXECUTE).getLast().body();
    assertThat(sent.path("statement").asText())
        .contains("CAST(batch_id AS STRING) = :batch_id")
        .contains("prediction IS NULL")
        .doesNotContain("model_version", "promotion_id");
    assertThat(sent.path("parameters").findValuesAsText("name")).containsExactly("batch_id");
  }

  @Test
  void aColumnThatCannotHoldTextCountsAsMissing() {
    hasColumns(
        "prediction DOUBLE", "model_version INT", "batch_id STRUCT<a: INT>", "promotion_id STRING");

    assertThat(tables.countPredictions(of("t")).missingColumns()).containsExactly("batch_id");
  }

  @Test
  void anExistingColumnThatIsRefusedIsAUserError() {
    hasColumns("prediction DOUBLE", "model_version INT", "batch_id STRING", "promotion_id STRING");

    assertThatThrownBy(() -> tables.countPredictions(of("t")))
        .hasMessageContaining("[UNRESOLVED_COLUMN.WITH_SUGGESTION] no `model_version`")
        .hasMessageContaining("write the columns prediction, model_version, batch_id")
        .asInstanceOf(InstanceOfAssertFactories.type(ApplicationFailure.class))
        .extracting(ApplicationFailure::getType)
        .isEqualTo(FailureKind.USER.type());
  }

  /** A table with these columns, each as "name TYPE"; counting any other column fails. */
  private void hasColumns(String... columns) {
    workspace.on(
        EXECUTE,
        call -> {
          String sql = call.body().path("statement").asText();
          if (sql.startsWith("SELECT *")) {
            return FakeWorkspace.json(200, columnsOf(columns));
          }
          return FakeWorkspace.json(
              200,
              sql.contains("1 = 0")
                  ? THREE_NUMBERS
                  : failed("[UNRESOLVED_COLUMN.WITH_SUGGESTION] no `model_version`"));
        });
  }

  static String columnsOf(String... columns) {
    return "{\"statement_id\": \"s1\", \"status\": {\"state\": \"SUCCEEDED\"},"
        + " \"manifest\": {\"schema\": {\"columns\": ["
        + Arrays.stream(columns)
            .map(column -> {
              String[] parts = column.split(" ", 2);
              return "{\"name\": \"" + parts[0] + "\", \"type_text\": \"" + parts[1] + "\"}";
            })
            .collect(Collectors.joining(", "))
        + "]}}}";
  }

  @Test
  void aStatementThatSomeoneCancelledIsAFailure() {
    workspace.on(EXECUTE, state("CANCELED"));

    assertThatThrownBy(() -> tables.countPredictions(of("t")))
        .hasMessageContaining("the statement is CANCELED")
        .asInstanceOf(InstanceOfAssertFactories.type(ApplicationFailure.class))
        .extracting(ApplicationFailure::getType)
        .isEqualTo(FailureKind.PLATFORM.type());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"status\": {\"state\": \"SUCCEEDED\"}}",
        "{\"status\": {\"state\": \"SUCCEEDED\"}, \"result\": {\"data_array\": [[\"1\"]]}}",
        "{\"status\": {\"state\": \"SUCCEEDED\"}, \"result\": {\"data_array\": [[\"1\",null,\"x\"]]}}"
      })
  void aResponseWithoutTheNumbersIsRefused(String answer) {
    workspace.on(EXECUTE, answer);

    assertThatThrownBy(() -> tables.countPredictions(of("t")))
        .hasMessageContaining("lacks the three requested numbers");
  }

  @Test
  void allRowsOfATableWithoutOurColumnsAreCounted() {
    workspace.on(
        EXECUTE,
        """
        {"statement_id": "s1", "status": {"state": "SUCCEEDED"},
         "result": {"row_count": 1, "data_array": [["7", "0", "0"]]}}\
        """);

    PredictionCount count =
        tables.countPredictions(
            new PredictionQuery(
                "dev", "main.ml.scores", "batch", "7", "p1", PredictionCheck.TABLE));

    assertThat(count).isEqualTo(new PredictionCount(true, 7, 0, 0));
    assertThat(workspace.calls(EXECUTE).getLast().body().path("statement").asText())
        .doesNotContain("batch_id")
        .endsWith("FROM `main`.`ml`.`scores`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b.c.d", "a..b", "t; DROP TABLE x", "a`b", "a b", ".a"})
  void anInvalidTableNameReachesNoStatement(String table) {
    assertThatThrownBy(() -> tables.countPredictions(of(table)))
        .hasMessageContaining("Write table, schema.table or catalog.schema.table");
    assertThat(workspace.calls()).isEmpty();
  }

  private static PredictionQuery of(String table) {
    return new PredictionQuery("dev", table, "first batch", "7", "promotion/churn/a");
  }

  private static String state(String state) {
    return "{\"statement_id\": \"s1\", \"status\": {\"state\": \"" + state + "\"}}";
  }

  private static String failed(String message) {
    return """
    {"statement_id": "s1", "status": {"state": "FAILED",
     "error": {"error_code": "BAD_REQUEST", "message": "%s"}}}\
    """
        .formatted(message);
  }
}
