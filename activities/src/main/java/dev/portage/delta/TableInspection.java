package dev.portage.delta;

import dev.portage.databricks.CatalogTables;
import dev.portage.databricks.CatalogTables.Seen;
import dev.portage.databricks.Statements;
import dev.portage.databricks.Statements.Outcome;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.preflight.WorkspaceReport;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Optional;

/**
 * Inspects the table for predictions without starting a warehouse: in Unity Catalog, or else on a
 * warehouse that is already running.
 */
public final class TableInspection {
  private final CatalogTables catalog;
  private final Statements statements;

  /** Looks by these. */
  public TableInspection(CatalogTables catalog, Statements statements) {
    this.catalog = catalog;
    this.statements = statements;
  }

  /**
   * Looks at what is needed.
   *
   * @return without an identity: it says nothing about the login
   * @throws ApplicationFailure the platform's, when the workspace does not answer
   */
  public WorkspaceReport inspect(WorkspaceNeeds needs) {
    String table = needs.table();
    if (table == null || !needs.rights().contains(Right.QUERY_TABLES)) {
      return new WorkspaceReport(needs.workspace(), null, List.of());
    }
    return new WorkspaceReport(needs.workspace(), null, List.of(finding(needs.workspace(), table)));
  }

  private Finding finding(String workspace, String table) {
    String where = "workspace " + workspace;
    String what = "table " + table;
    try {
      return found(workspace, TableName.of(table, workspace), where, what);
    } catch (ApplicationFailure failure) {
      return Finding.failed(where, what, failure);
    }
  }

  private Finding found(String workspace, TableName table, String where, String what) {
    String name = String.join(".", table.parts());
    Optional<Seen> seen =
        table.parts().size() == 3 ? catalog.look(workspace, name) : Optional.empty();
    if (seen.isPresent()) {
      return switch (seen.get()) {
        case Seen.Table(List<Statements.Column> columns) -> finding(where, what, columns);
        case Seen.NotThere() -> notThere(where, what);
      };
    }
    Optional<Outcome> asked =
        statements.peek(
            workspace,
            "read the columns of " + name,
            "SELECT * FROM " + table.quoted() + " LIMIT 0");
    if (asked.isEmpty()) {
      return new Finding(
          where, what, Verdict.NOTE, "not checked: that would start a SQL warehouse", null);
    }
    return switch (asked.get()) {
      case Outcome.Rows rows -> finding(where, what, rows.columns());
      case Outcome.Refused refused -> refused(where, what, name, refused.message());
    };
  }

  private static Finding finding(String where, String what, List<Statements.Column> columns) {
    List<String> missing = PredictionColumns.missing(columns);
    return missing.isEmpty()
        ? Finding.ok(where, what, "has the columns of predictions")
        : new Finding(
            where,
            what,
            Verdict.NOTE,
            "has no column "
                + String.join(", ", missing)
                + " of a suitable type; the scoring notebook must add it, for example with mergeSchema",
            null);
  }

  private static Finding notThere(String where, String what) {
    return Finding.ok(where, what, "does not exist yet; the first run creates it");
  }

  private static Finding refused(String where, String what, String name, String message) {
    if (message.contains(DeltaTables.NO_TABLE)) {
      return notThere(where, what);
    }
    String said = message.length() <= 300 ? message : message.substring(0, 300) + "…";
    return message.contains("PERMISSION")
        ? Finding.failed(
            where, what, said, "GRANT SELECT ON TABLE " + name + " TO `<login of the workspace>`")
        : new Finding(where, what, Verdict.NOTE, "could not be read: " + said, null);
  }
}
