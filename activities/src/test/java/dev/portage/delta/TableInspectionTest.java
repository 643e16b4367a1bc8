package dev.portage.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.databricks.CatalogTables;
import dev.portage.databricks.FakeWait;
import dev.portage.databricks.FakeWorkspace;
import dev.portage.databricks.Statements;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The table of predictions is looked at before anyone is asked, where that costs nothing. */
class TableInspectionTest {
  private static final String WAREHOUSES = "GET /api/2.0/sql/warehouses";
  private static final String EXECUTE = "POST /api/2.0/sql/statements";
  private static final String TABLE = "GET /api/2.1/unity-catalog/tables/prod.ml.churn";

  private final FakeWorkspace workspace =
      FakeWorkspace.start().on(WAREHOUSES, warehouse("RUNNING"));
  private final TableInspection inspection =
      new TableInspection(
          new CatalogTables(workspace.clients()),
          new Statements(workspace.clients(), new FakeWait()));

  @AfterEach
  void stop() {
    workspace.close();
  }

  @Test
  void theCatalogTellsWhichColumnsAreMissing() {
    workspace.on(
        TABLE,
        "{\"columns\": [{\"name\": \"prediction\", \"type_text\": \"double\"},"
            + " {\"name\": \"batch_id\", \"type_text\": \"struct<a:int>\"},"
            + " {\"name\": \"promotion_id\", \"type_text\": \"string\"}]}");

    Finding finding = look("prod.ml.churn");

    assertThat(finding.verdict()).isEqualTo(Verdict.NOTE);
    assertThat(finding.text())
        .startsWith("has no column model_version, batch_id of a suitable type");
    assertThat(workspace.calls(EXECUTE)).isEmpty();
  }

  @Test
  void aTableThatIsNotThereYetIsNoFinding() {
    workspace.on(
        TABLE, _ -> FakeWorkspace.refusal(404, "TABLE_DOES_NOT_EXIST", "no prod.ml.churn"));

    assertThat(look("prod.ml.churn").verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void whereThereIsNoCatalogAWarehouseThatRunsIsAsked() {
    workspace.on(EXECUTE, DeltaTablesTest.columnsOf("prediction DOUBLE", "batch_id STRING"));

    assertThat(look("churn").text())
        .startsWith("has no column model_version, promotion_id of a suitable type");
    assertThat(workspace.calls(EXECUTE).getFirst().body().path("on_wait_timeout").asText())
        .isEqualTo("CANCEL");
  }

  @Test
  void noWarehouseIsStartedToLook() {
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
    return inspection
        .inspect(new WorkspaceNeeds("dev", null, null, List.of(Right.QUERY_TABLES), table))
        .findings()
        .getFirst();
  }

  private static String warehouse(String state) {
    return "{\"warehouses\": [{\"id\": \"w1\", \"name\": \"w\", \"state\": \"" + state + "\"}]}";
  }
}
