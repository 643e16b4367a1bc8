package dev.portage.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.databricks.CatalogTables;
import dev.portage.databricks.FakeWait;
import dev.portage.databricks.FakeWorkspace;
import dev.portage.databricks.Statements;
import dev.portage.databricks.TableRights;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The predictions table is inspected before anyone is asked, where that is free. */
class TableInspectionTest {
  private static final String WAREHOUSES = "GET /api/2.0/sql/warehouses";
  private static final String EXECUTE = "POST /api/2.0/sql/statements";
  private static final String TABLE = "GET /api/2.1/unity-catalog/tables/prod.ml.churn";

  @AutoClose
  private final FakeWorkspace workspace =
      FakeWorkspace.start().on(WAREHOUSES, warehouse("RUNNING"));

  private final TableInspection inspection =
      new TableInspection(
          new CatalogTables(workspace.clients()),
          new Statements(workspace.clients(), new FakeWait()),
          new TableRights(workspace.clients()));

  @Test
  void theCatalogShowsWhichColumnsAreMissing() {
    workspace.on(
        TABLE,
        "{\"columns\": [{\"name\": \"prediction\", \"type_text\": \"double\"},"
            + " {\"name\": \"promotion_id\", \"type_text\": \"string\"}]}");

    Finding finding = look("prod.ml.churn");

    assertThat(finding.verdict()).isEqualTo(Verdict.NOTE);
    assertThat(finding.text()).startsWith("has no column model_version, batch_id; publishing adds");
    assertThat(finding.remedy())
        .isEqualTo("ALTER TABLE prod.ml.churn ADD COLUMNS (model_version STRING, batch_id STRING)");
    assertThat(workspace.calls(EXECUTE)).isEmpty();
  }

  @Test
  void aColumnThatCannotDistinguishBatchesIsAFinding() {
    workspace.on(
        TABLE, "{\"columns\": [{\"name\": \"batch_id\", \"type_text\": \"struct<a:int>\"}]}");

    assertThat(look("prod.ml.churn").verdict()).isEqualTo(Verdict.LACK);
    assertThat(look("prod.ml.churn").text()).startsWith("its column batch_id is of a type");
  }

  @Test
  void aNumericBatchColumnIsReportedBeforeAnyoneIsAsked() {
    workspace.on(
        TABLE,
        "{\"columns\": [{\"name\": \"prediction\", \"type_text\": \"double\"},"
            + " {\"name\": \"batch_id\", \"type_text\": \"bigint\"}]}");

    Finding finding = look("prod.ml.churn");

    assertThat(finding.verdict()).isEqualTo(Verdict.NOTE);
    assertThat(finding.text()).startsWith("its column batch_id of type bigint can't store text");
  }

  @ParameterizedTest
  @CsvSource({
    "VIEW, '', a VIEW",
    "MATERIALIZED_VIEW, '', a MATERIALIZED VIEW",
    "FOREIGN, DELTA, a FOREIGN",
    "EXTERNAL, PARQUET, of format PARQUET"
  })
  void aTargetThatNoBatchCanBePublishedIntoIsAFinding(String type, String format, String told) {
    workspace.on(
        TABLE,
        "{\"table_type\": \"%s\", \"data_source_format\": \"%s\", \"columns\": [{\"name\": \"x\"}]}"
            .formatted(type, format));

    assertThat(look("prod.ml.churn").verdict()).isEqualTo(Verdict.LACK);
    assertThat(look("prod.ml.churn").text())
        .isEqualTo("it is " + told + "; predictions are published into a Delta table");
  }

  @Test
  void aMissingSchemaIsAFindingWithItsStatement() {
    workspace
        .on(TABLE, _ -> FakeWorkspace.refusal(404, "TABLE_DOES_NOT_EXIST", "no prod.ml.churn"))
        .on(
            "GET /api/2.1/unity-catalog/schemas/prod.ml",
            _ -> FakeWorkspace.refusal(404, "SCHEMA_DOES_NOT_EXIST", "no prod.ml"));

    assertThat(look("prod.ml.churn").verdict()).isEqualTo(Verdict.LACK);
    assertThat(look("prod.ml.churn").remedy()).isEqualTo("CREATE SCHEMA prod.ml");
  }

  @Test
  void aFindingIsANoteWhereScoringIsOnlyRehearsed() {
    workspace.on(TABLE, "{\"table_type\": \"VIEW\", \"columns\": [{\"name\": \"prediction\"}]}");

    assertThat(rehearsed(false).verdict()).isEqualTo(Verdict.NOTE);
    assertThat(rehearsed(true).verdict()).isEqualTo(Verdict.LACK);
  }

  private Finding rehearsed(boolean required) {
    return inspection
        .inspect(
            WorkspaceNeeds.of("dev", List.of()).table("prod.ml.churn").rehearses(required).build())
        .findings()
        .getFirst();
  }

  @Test
  void aTableThatDoesNotExistYetIsNoFinding() {
    workspace.on(
        TABLE, _ -> FakeWorkspace.refusal(404, "TABLE_DOES_NOT_EXIST", "no prod.ml.churn"));

    assertThat(look("prod.ml.churn").verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void aRunningWarehouseIsAskedWhereThereIsNoCatalog() {
    workspace.on(
        EXECUTE,
        call ->
            FakeWorkspace.json(
                200,
                call.body().path("statement").asText().startsWith("SHOW")
                    ? "{\"status\": {\"state\": \"FAILED\", \"error\": {\"message\": \"what?\"}}}"
                    : DeltaTablesTest.columnsOf("prediction DOUBLE", "batch_id STRING")));

    assertThat(look("churn").text())
        .startsWith("has no column model_version, promotion_id; publishing adds");
    assertThat(workspace.calls(EXECUTE).getFirst().body().path("on_wait_timeout").asText())
        .isEqualTo("CANCEL");
  }

  @Test
  void anIdentityColumnIsALackAndOtherDemandsAreSaid() {
    workspace.on(
        TABLE,
        "{\"columns\": [{\"name\": \"id\", \"type_text\": \"bigint\", \"type_json\":"
            + " \"{\\\"metadata\\\": {\\\"delta.identity.start\\\": 1}}\"}]}");
    assertThat(look("prod.ml.churn").verdict()).isEqualTo(Verdict.LACK);
    assertThat(look("prod.ml.churn").text())
        .startsWith("its column id is GENERATED ALWAYS AS IDENTITY");

    workspace.on(
        TABLE,
        "{\"columns\": [{\"name\": \"region\", \"type_text\": \"string\", \"nullable\": false},"
            + "{\"name\": \"prediction\", \"type_text\": \"double\"},"
            + "{\"name\": \"model_version\", \"type_text\": \"string\"},"
            + "{\"name\": \"batch_id\", \"type_text\": \"string\"},"
            + "{\"name\": \"promotion_id\", \"type_text\": \"string\"}],"
            + " \"properties\": {\"delta.constraints.some\": \"prediction > 0\"}}");
    assertThat(look("prod.ml.churn").text())
        .isEqualTo(
            "has the columns of predictions; region takes no nulls; constraint some: prediction > 0");
  }

  @Test
  void aTableFromBeforeSaysWhatItDemandsToo() {
    workspace.on(
        TABLE,
        "{\"columns\": [{\"name\": \"region\", \"type_text\": \"string\", \"nullable\": false}]}");

    assertThat(look("prod.ml.churn").text())
        .endsWith("publishing adds what the scoring notebook writes; region takes no nulls");
  }

  @Test
  void rightsOutsideOfTheCatalogAreSaidToBeUnchecked() {
    workspace.on(WAREHOUSES, warehouse("STOPPED"));

    assertThat(lookAtAll("churn").getLast().verdict()).isEqualTo(Verdict.NOTE);
    assertThat(lookAtAll("churn").getLast().text()).startsWith("not checked: only Unity Catalog");
  }

  @Test
  void noWarehouseIsStartedForAnInspection() {
    workspace.on(WAREHOUSES, warehouse("STOPPED"));

    assertThat(look("churn").text()).startsWith("not checked");
    assertThat(workspace.calls(EXECUTE)).isEmpty();
  }

  @Test
  void aTableThatTheLoginMayNotReadIsAFinding() {
    workspace.on(
        EXECUTE,
        "{\"status\": {\"state\": \"FAILED\", \"error\": {\"message\":"
            + " \"[INSUFFICIENT_PERMISSIONS] no SELECT\"}}}");

    Finding finding = look("churn");

    assertThat(finding.verdict()).isEqualTo(Verdict.LACK);
    assertThat(finding.remedy()).startsWith("GRANT SELECT ON TABLE churn");
  }

  private Finding look(String table) {
    return lookAtAll(table).getFirst();
  }

  private List<Finding> lookAtAll(String table) {
    return inspection
        .inspect(new WorkspaceNeeds("dev", null, null, List.of(Right.QUERY_TABLES), table))
        .findings();
  }

  private static String warehouse(String state) {
    return "{\"warehouses\": [{\"id\": \"w1\", \"name\": \"w\", \"state\": \"" + state + "\"}]}";
  }
}
