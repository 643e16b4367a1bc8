package dev.portage.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.databricks.FakeWait;
import dev.portage.databricks.FakeWorkspace;
import dev.portage.scoring.DropOrder;
import dev.portage.scoring.LiveTable;
import dev.portage.scoring.LiveWritesQuery;
import dev.portage.scoring.PublishOrder;
import dev.portage.scoring.Published;
import dev.portage.scoring.StagingOrder;
import dev.portage.scoring.TableColumn;
import dev.portage.scoring.TableQuery;
import dev.portage.scoring.TableShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The statements for a run's own table, and how their results are read. */
class StagingTablesTest {
  private static final String EXECUTE = "POST /api/2.0/sql/statements";
  private static final String LIVE = "prod.ml.churn";
  private static final String STAGING = "prod.ml.churn__portage_a_1";
  private static final String BATCH = "promotion/churn/a/prod";
  private static final String NO_TABLE = failed("[TABLE_OR_VIEW_NOT_FOUND] no such table");
  private static final String DONE =
      "{\"statement_id\": \"s1\", \"status\": {\"state\": \"SUCCEEDED\"}}";

  @AutoClose private final FakeWorkspace workspace = FakeWorkspace.start();
  private final DeltaTables tables = FakeTables.of(workspace.clients(), new FakeWait());

  /** Answers by the beginning of a statement; the first match wins. */
  private final Map<String, String> answers = new LinkedHashMap<>();

  StagingTablesTest() {
    workspace
        .on(
            "GET /api/2.0/sql/warehouses",
            "{\"warehouses\": [{\"id\": \"w1\", \"name\": \"w\", \"state\": \"RUNNING\"}]}")
        .on(
            EXECUTE,
            call -> {
              String sql = call.body().path("statement").asText();
              return FakeWorkspace.json(
                  200,
                  answers.entrySet().stream()
                      .filter(answer -> sql.startsWith(answer.getKey()))
                      .findFirst()
                      .map(Map.Entry::getValue)
                      .orElse(DONE));
            });
  }

  @Test
  void aRunsOwnTableHasTheLiveTablesColumnsAndNoRows() {
    hasColumns(
        LIVE,
        "id BIGINT",
        "prediction DOUBLE",
        "model_version STRING",
        "batch_id STRING",
        "promotion_id STRING");
    answers.put("DESCRIBE HISTORY", history("version", "7", "operation", "WRITE"));

    LiveTable live = tables.prepareStaging(order());

    assertThat(live).isEqualTo(new LiveTable(true, 7L, null, null));
    assertThat(sent())
        .contains(
            "CREATE TABLE IF NOT EXISTS `prod`.`ml`.`churn__portage_a_1` AS SELECT * FROM"
                + " `prod`.`ml`.`churn` WHERE 1 = 0");
  }

  @Test
  void anOlderTableGetsTheColumnsThatDistinguishBatches() {
    hasColumns(LIVE, "id BIGINT", "prediction DOUBLE");
    answers.put("DESCRIBE HISTORY", history("version", "7"));

    assertThat(tables.prepareStaging(order()).missingColumns())
        .containsExactly("model_version", "batch_id", "promotion_id");
    assertThat(sent().getLast())
        .contains(
            "SELECT *, CAST(NULL AS STRING) AS model_version, CAST(NULL AS STRING) AS batch_id");
  }

  @Test
  void theRunCreatesItsTableIfThereIsNoLiveTable() {
    answers.put("SELECT * FROM", NO_TABLE);

    assertThat(tables.prepareStaging(order())).isEqualTo(LiveTable.none());
    assertThat(sent()).hasSize(1);
  }

  @Test
  void aViewIsRefusedBeforeTheRunWithWhatIsAllowed() {
    hasColumns(LIVE, "prediction DOUBLE");
    answers.put("DESCRIBE HISTORY", failed("[EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE] it is a view"));

    assertThatThrownBy(() -> tables.prepareStaging(order()))
        .hasMessageContaining("EXPECT_TABLE_NOT_VIEW")
        .hasMessageContaining("Name a Delta table in promotion.yaml");
    assertThat(sent()).noneMatch(sql -> sql.startsWith("CREATE"));
  }

  @Test
  void oneStatementReplacesABatchInTheLiveTablesColumnOrder() {
    hasColumns(LIVE, "prediction FLOAT", "batch_id STRING", "region STRING");
    hasColumns(STAGING, "batch_id STRING", "prediction DOUBLE", "score INT");

    Published published = tables.publishPredictions(publish());

    assertThat(published).isEqualTo(new Published(false, List.of("score")));
    assertThat(sent().subList(2, 4))
        .containsExactly(
            "ALTER TABLE `prod`.`ml`.`churn` ADD COLUMNS (`score` INT)",
            "INSERT INTO `prod`.`ml`.`churn` REPLACE WHERE batch_id = 'promotion/churn/a/prod'"
                + " SELECT CAST(`prediction` AS FLOAT) AS `prediction`, `batch_id`,"
                + " CAST(NULL AS STRING) AS `region`, `score` FROM"
                + " `prod`.`ml`.`churn__portage_a_1` WHERE batch_id = 'promotion/churn/a/prod'");
  }

  @Test
  void theFirstBatchCreatesTheLiveTable() {
    answers.put("SELECT * FROM `prod`.`ml`.`churn` ", NO_TABLE);

    assertThat(tables.publishPredictions(publish())).isEqualTo(new Published(true, List.of()));
    assertThat(sent().getLast())
        .isEqualTo(
            "CREATE TABLE `prod`.`ml`.`churn` AS SELECT * FROM `prod`.`ml`.`churn__portage_a_1`"
                + " WHERE batch_id = 'promotion/churn/a/prod'");
  }

  @Test
  void aTableCreatedByACallWithALostResponseGetsTheBatchOnce() {
    List<String> looked = new ArrayList<>();
    workspace.on(
        EXECUTE,
        call -> {
          String sql = call.body().path("statement").asText();
          if (sql.startsWith("CREATE")) {
            return FakeWorkspace.json(200, failed("[TABLE_OR_VIEW_ALREADY_EXISTS] it is there"));
          }
          if (sql.startsWith("SELECT * FROM `prod`.`ml`.`churn` ")) {
            looked.add(sql);
            return FakeWorkspace.json(
                200,
                looked.size() == 1
                    ? NO_TABLE
                    : DeltaTablesTest.columnsOf("batch_id STRING", "prediction DOUBLE"));
          }
          return FakeWorkspace.json(
              200,
              sql.startsWith("SELECT *")
                  ? DeltaTablesTest.columnsOf("batch_id STRING", "prediction DOUBLE")
                  : DONE);
        });

    assertThat(tables.publishPredictions(publish())).isEqualTo(new Published(false, List.of()));
    assertThat(sent().getLast()).startsWith("INSERT INTO `prod`.`ml`.`churn` REPLACE WHERE");
  }

  @Test
  void anIdThatCouldBecomeSqlIsRefused() {
    PublishOrder order = new PublishOrder("dev", LIVE, STAGING, "x' OR 1 = 1 --", null, null);

    assertThatThrownBy(() -> tables.publishPredictions(order))
        .hasMessageContaining("not a valid batch id");
    assertThat(sent()).isEmpty();
  }

  @Test
  void valuesThatDoNotFitTheLiveTableAreFoundBeforeTheChampionMoves() {
    hasColumns(LIVE, "prediction INT", "batch_id STRING");
    hasColumns(STAGING, "prediction STRING", "batch_id STRING");
    answers.put(
        "SELECT count(CASE",
        "{\"statement_id\": \"s1\", \"status\": {\"state\": \"SUCCEEDED\"},"
            + " \"result\": {\"data_array\": [[\"3\"]]}}");

    assertThatThrownBy(() -> tables.auditStaging(order()))
        .hasMessageContaining("3 rows have a STRING in column prediction that is not a valid INT");
  }

  @Test
  void whatPublishingWouldRefuseIsSaidByColumnAndConstraint() {
    answers.put(
        "SHOW CREATE TABLE",
        created(
            "id BIGINT GENERATED ALWAYS AS IDENTITY, prediction INT, region STRING NOT NULL,"
                + " code VARCHAR(3), day DATE GENERATED ALWAYS AS (CAST(at AS DATE)), at TIMESTAMP,"
                + " kind STRING NOT NULL, batch_id STRING",
            "'delta.constraints.positive' = 'prediction > 0'"));
    hasColumns(
        STAGING,
        "prediction DOUBLE",
        "region STRING",
        "code STRING",
        "at TIMESTAMP",
        "empty VOID",
        "batch_id STRING");
    answers.put("SELECT count(CASE", counts("2", "3", "4", "5", "6"));

    assertThatThrownBy(() -> tables.auditStaging(order()))
        .hasMessageContaining("column id is GENERATED ALWAYS AS IDENTITY")
        .hasMessageContaining("column kind takes no nulls, and the run doesn't write it")
        .hasMessageContaining("column empty holds nothing but nulls and has no type")
        .hasMessageContaining("2 rows have a DOUBLE in column prediction that is not a valid INT")
        .hasMessageContaining("3 rows have a DOUBLE in column prediction of which INT would lose")
        .hasMessageContaining("4 rows have no value in column region")
        .hasMessageContaining("5 rows have a text in column code that is too long for VARCHAR(3)")
        .hasMessageContaining("rows have another value in column day than the table computes")
        .hasMessageContaining("rows violate constraint positive: prediction > 0");
    assertThat(sent().getLast())
        .contains("FROM (SELECT")
        .contains("TRY_CAST(`prediction` AS INT) AS `prediction`")
        .contains("CAST(NULL AS DATE) AS `day`")
        .contains("`day` IS DISTINCT FROM (CAST(at AS DATE))");
  }

  @Test
  void typesInOtherWordsAreTheSameAndNothingIsCounted() {
    answers.put(
        "SHOW CREATE TABLE",
        created("id bigint, amount decimal(10, 2), name varchar(300), batch_id STRING", ""));
    hasColumns(STAGING, "id LONG", "amount DECIMAL(10,2)", "batch_id STRING");

    tables.auditStaging(order());

    assertThat(sent()).noneMatch(sql -> sql.startsWith("SELECT count"));
  }

  @Test
  void aColumnThatCannotEvenBeComparedIsNamed() {
    answers.put("SHOW CREATE TABLE", created("a STRUCT<x: INT>, b INT, batch_id STRING", ""));
    hasColumns(STAGING, "a STRING", "b STRING", "batch_id STRING");
    answers.put(
        "SELECT count(CASE WHEN `a`", failed("[DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION] no"));
    answers.put("SELECT count(CASE WHEN `b`", counts("0"));

    assertThatThrownBy(() -> tables.auditStaging(order()))
        .hasMessageContaining("column a can't be compared: [DATATYPE_MISMATCH")
        .hasMessageNotContaining("column b");
  }

  @Test
  void aRehearsalsTableIsMadeAsTheOneItsRowsWillGoTo() {
    answers.put("SELECT * FROM", NO_TABLE);
    TableShape like =
        TableShape.of(
            List.of(
                new TableColumn("id", "bigint", true, null),
                new TableColumn("prediction", "int"),
                new TableColumn("batch_id", "string")),
            Map.of());

    tables.prepareStaging(new StagingOrder("dev", LIVE, STAGING, false, null, null, like));

    assertThat(sent().getLast())
        .isEqualTo(
            "CREATE TABLE IF NOT EXISTS `prod`.`ml`.`churn__portage_a_1` AS SELECT"
                + " CAST(NULL AS bigint) AS `id`, CAST(NULL AS int) AS `prediction`,"
                + " CAST(NULL AS string) AS `batch_id`, CAST(NULL AS STRING) AS model_version,"
                + " CAST(NULL AS STRING) AS promotion_id WHERE 1 = 0");
  }

  @Test
  void aTableIsDescribedByTheCatalogOrByItsOwnStatementOrNotAtAll() {
    answers.put(
        "SHOW CREATE TABLE", created("id INT NOT NULL", "'delta.constraints.a' = 'id > 0'"));
    assertThat(tables.describeTable(new TableQuery("dev", "ml.churn")))
        .isEqualTo(
            TableShape.of(
                List.of(new TableColumn("id", "INT", true, null)), Map.of("a", "id > 0")));

    answers.put("SHOW CREATE TABLE", NO_TABLE);
    assertThat(tables.describeTable(new TableQuery("dev", "ml.churn")).exists()).isFalse();

    answers.put("SHOW CREATE TABLE", failed("[INSUFFICIENT_PERMISSIONS] no SELECT"));
    answers.put("SELECT * FROM `ml`.`churn` ", failed("[INSUFFICIENT_PERMISSIONS] no SELECT"));
    assertThat(tables.describeTable(new TableQuery("dev", "ml.churn")).unknown())
        .contains("no SELECT");

    workspace.on(
        "GET /api/2.1/unity-catalog/tables/prod.ml.churn",
        """
        {"columns": [
          {"name": "id", "type_text": "bigint", "nullable": false,
           "type_json": "{\\"metadata\\": {\\"delta.identity.start\\": 1}}"},
          {"name": "day", "type_text": "date", "nullable": true,
           "type_json": "{\\"metadata\\": {\\"delta.generationExpression\\": \\"CAST(at AS DATE)\\"}}"}],
         "properties": {"delta.constraints.c": "id > 0", "other": "x"}}
        """);
    assertThat(tables.describeTable(new TableQuery("dev", LIVE)))
        .isEqualTo(
            TableShape.of(
                List.of(
                    new TableColumn("id", "bigint", true, "GENERATED ALWAYS AS IDENTITY"),
                    new TableColumn(
                        "day", "date", false, "GENERATED ALWAYS AS (CAST(at AS DATE))")),
                Map.of("c", "id > 0")));
  }

  @Test
  void concurrentWritersAreRetriedAndAMissingRightIsNot() {
    hasColumns(LIVE, "batch_id STRING");
    hasColumns(STAGING, "batch_id STRING");
    answers.put("INSERT", failed("[DELTA_CONCURRENT_APPEND] somebody else wrote"));
    assertThatThrownBy(() -> tables.publishPredictions(publish()))
        .hasMessageContaining("Portage retries");

    answers.put("INSERT", failed("[INSUFFICIENT_PERMISSIONS] no MODIFY"));
    assertThatThrownBy(() -> tables.publishPredictions(publish()))
        .hasMessageContaining("GRANT CREATE TABLE, SELECT, MODIFY ON SCHEMA prod.ml");
  }

  @Test
  void noOtherTableIsEverDropped() {
    assertThatThrownBy(() -> tables.dropStaging(new DropOrder("dev", LIVE)))
        .hasMessageContaining("not a table of a promotion's run");
    tables.dropStaging(new DropOrder("dev", STAGING));
    assertThat(sent()).containsExactly("DROP TABLE IF EXISTS `prod`.`ml`.`churn__portage_a_1`");
  }

  @Test
  void theTableHistoryShowsWhoWroteTheLiveTable() {
    String ours = "{\"jobId\":\"3\",\"runId\":\"42\"}";
    String others = "{\"jobId\":\"4\",\"runId\":\"43\"}";
    answers.put("DESCRIBE HISTORY", historyOf("8", "WRITE", ours));
    assertThat(tables.findLiveWrites(query(7L)).ours()).isTrue();

    answers.put("DESCRIBE HISTORY", historyOf("8", "WRITE", others));
    assertThat(tables.findLiveWrites(query(7L)).writes()).isEmpty();

    answers.put("DESCRIBE HISTORY", historyOf("8", "OPTIMIZE", ""));
    assertThat(tables.findLiveWrites(query(7L)).writes()).isEmpty();

    answers.put("DESCRIBE HISTORY", historyOf("7", "WRITE", ""));
    assertThat(tables.findLiveWrites(query(7L)).writes()).isEmpty();

    answers.put("DESCRIBE HISTORY", historyOf("8", "WRITE", ""));
    assertThat(tables.findLiveWrites(query(7L)))
        .satisfies(wrote -> {
          assertThat(wrote.writes()).containsExactly("version 8: WRITE");
          assertThat(wrote.ours()).isFalse();
        });
  }

  @Test
  void aRecreatedTableCountsAsWritten() {
    answers.put("DESCRIBE HISTORY", historyOf("0", "CREATE TABLE AS SELECT", ""));
    assertThat(tables.findLiveWrites(query(7L)).writes()).hasSize(1);
    assertThat(
            tables
                .findLiveWrites(
                    new LiveWritesQuery("dev", LIVE, LiveTable.none(), BATCH, List.of(42L)))
                .writes())
        .hasSize(1);
  }

  @Test
  void rowCountsDecideWhereThereIsNoHistory() {
    answers.put("DESCRIBE HISTORY", failed("[DELTA_ONLY_OPERATION] it is Parquet"));
    hasColumns(LIVE, "prediction DOUBLE");
    answers.put(
        "SELECT count(*) AS n",
        "{\"statement_id\": \"s1\", \"status\": {\"state\": \"SUCCEEDED\"},"
            + " \"result\": {\"data_array\": [[\"12\"]]}}");

    LiveTable before = new LiveTable(true, null, 10L, null);
    assertThat(
            tables
                .findLiveWrites(new LiveWritesQuery("dev", LIVE, before, BATCH, List.of(42L)))
                .writes())
        .containsExactly("10 rows became 12 rows");
  }

  private static LiveWritesQuery query(long version) {
    return new LiveWritesQuery(
        "dev", LIVE, new LiveTable(true, version, null, null), BATCH, List.of(41L, 42L));
  }

  private static StagingOrder order() {
    return new StagingOrder("dev", LIVE, STAGING, true, null);
  }

  private static PublishOrder publish() {
    return new PublishOrder("dev", LIVE, STAGING, BATCH, 3L, null);
  }

  private static String created(String columns, String properties) {
    String ddl =
        "CREATE TABLE prod.ml.churn (\n  "
            + columns
            + ")\nUSING delta"
            + (properties.isEmpty() ? "" : "\nTBLPROPERTIES (" + properties + ")");
    return "{\"statement_id\": \"s1\", \"status\": {\"state\": \"SUCCEEDED\"},"
        + " \"result\": {\"data_array\": [[\""
        + ddl.replace("\n", "\\n")
        + "\"]]}}";
  }

  private static String counts(String... numbers) {
    return "{\"statement_id\": \"s1\", \"status\": {\"state\": \"SUCCEEDED\"},"
        + " \"result\": {\"data_array\": [[\""
        + String.join("\", \"", numbers)
        + "\"]]}}";
  }

  private void hasColumns(String table, String... columns) {
    answers.put(
        "SELECT * FROM `" + table.replace(".", "`.`") + "` ", DeltaTablesTest.columnsOf(columns));
  }

  private static String historyOf(String version, String operation, String job) {
    return history("version", version, "operation", operation, "job", job);
  }

  /** One row of names and values. */
  private static String history(String... values) {
    List<String> names = new ArrayList<>();
    List<String> row = new ArrayList<>();
    for (int i = 0; i < values.length; i += 2) {
      names.add(values[i] + " STRING");
      row.add("\"" + values[i + 1].replace("\"", "\\\"") + "\"");
    }
    String columns = DeltaTablesTest.columnsOf(names.toArray(String[]::new));
    return columns.substring(0, columns.length() - 1)
        + ", \"result\": {\"data_array\": [["
        + String.join(", ", row)
        + "]]}}";
  }

  private static String failed(String message) {
    return "{\"statement_id\": \"s1\", \"status\": {\"state\": \"FAILED\", \"error\": {\"message\": \""
        + message
        + "\"}}}";
  }

  private List<String> sent() {
    return workspace.calls(EXECUTE).stream()
        .map(call -> call.body().path("statement").asText())
        .toList();
  }
}
