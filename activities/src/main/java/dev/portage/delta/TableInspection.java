package dev.portage.delta;

import dev.portage.databricks.CatalogTables;
import dev.portage.databricks.CatalogTables.Seen;
import dev.portage.databricks.Statements;
import dev.portage.databricks.Statements.Outcome;
import dev.portage.databricks.TableRights;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.preflight.WorkspaceReport;
import dev.portage.scoring.TableColumn;
import dev.portage.scoring.TableShape;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Inspects the table for predictions without starting a warehouse: in Unity Catalog, or else on a
 * warehouse that is already running.
 */
public final class TableInspection {
  private static final int DEMANDS = 5;
  private static final String NOT_THERE = "does not exist yet; the first run creates it";

  private final CatalogTables catalog;
  private final TableRights rights;
  private final Statements statements;

  /** Looks by these. */
  public TableInspection(CatalogTables catalog, Statements statements, TableRights rights) {
    this.catalog = catalog;
    this.rights = rights;
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
    boolean rehearses = needs.rehearses() != null;
    if (table == null || (!rehearses && !needs.rights().contains(Right.QUERY_TABLES))) {
      return new WorkspaceReport(needs.workspace(), null, List.of());
    }
    boolean byTheirJob = needs.jobs() != null;
    List<Finding> found = new ArrayList<>();
    found.add(finding(needs.workspace(), table, byTheirJob));
    if (found.getFirst().verdict() != Verdict.LACK) {
      boolean exists = !found.getFirst().text().equals(NOT_THERE);
      found.addAll(rights.look(needs.workspace(), table, exists, !rehearses, byTheirJob));
    }
    if (rehearses) {
      found.replaceAll(each -> rehearsed(each, needs));
    }
    return new WorkspaceReport(needs.workspace(), null, found);
  }

  /** What would only stop a rehearsal stops nothing, unless a rehearsal was demanded. */
  private static Finding rehearsed(Finding found, WorkspaceNeeds needs) {
    return found.verdict() == Verdict.LACK && !Boolean.TRUE.equals(needs.rehearses())
        ? new Finding(
            found.where(),
            found.what(),
            Verdict.NOTE,
            found.text() + "; scoring is rehearsed as far as that allows",
            found.remedy())
        : found;
  }

  private Finding finding(String workspace, String table, boolean byTheirJob) {
    String where = "workspace " + workspace;
    String what = "table " + table;
    try {
      return found(workspace, TableName.of(table, workspace), where, what, byTheirJob);
    } catch (ApplicationFailure failure) {
      return Finding.failed(where, what, failure);
    }
  }

  private Finding found(
      String workspace, TableName table, String where, String what, boolean byTheirJob) {
    String name = String.join(".", table.parts());
    Optional<Seen> seen =
        table.parts().size() == 3 ? catalog.look(workspace, name) : Optional.empty();
    if (seen.isPresent()) {
      return switch (seen.get()) {
        case Seen.Table one ->
            byTheirJob || isDeltaTable(one.type(), one.format())
                ? told(where, what, name, one.shape(), byTheirJob)
                : unfit(where, what, one.type(), one.format());
        case Seen.NotThere() -> notThere(where, what);
        case Seen.NoSchema(String schema) ->
            Finding.failed(where, what, "there is no schema " + schema, "CREATE SCHEMA " + schema);
      };
    }
    String tried = "read the columns of " + name;
    Optional<TableShape> described =
        statements
            .peek(workspace, tried, "SHOW CREATE TABLE " + table.quoted())
            .flatMap(TableShapes::described);
    if (described.isPresent()) {
      return told(where, what, name, described.get(), byTheirJob);
    }
    Optional<Outcome> asked =
        statements.peek(workspace, tried, "SELECT * FROM " + table.quoted() + " LIMIT 0");
    if (asked.isEmpty()) {
      return new Finding(
          where, what, Verdict.NOTE, "not checked: that would start a SQL warehouse", null);
    }
    return switch (asked.get()) {
      case Outcome.Rows rows ->
          told(where, what, name, TableShapes.ofColumns(rows.columns()), byTheirJob);
      case Outcome.Refused refused -> refused(where, what, name, refused.message());
    };
  }

  /** Predictions are published by a statement that only Delta's own tables have. */
  private static Finding unfit(String where, String what, String type, String format) {
    return Finding.failed(
        where,
        what,
        "it is "
            + (isTable(type) ? "of format " + format : "a " + type.replace('_', ' '))
            + "; predictions are published into a Delta table",
        "Name a Delta table, or one that does not exist yet, in promotion.yaml (batch: table).");
  }

  private static boolean isDeltaTable(String type, String format) {
    return isTable(type) && (format.isEmpty() || format.equals("DELTA"));
  }

  private static boolean isTable(String type) {
    return type.isEmpty() || type.equals("MANAGED") || type.equals("EXTERNAL");
  }

  private static Finding told(
      String where, String what, String name, TableShape shape, boolean byTheirJob) {
    List<Statements.Column> columns = shape.columns().stream().map(TableShapes::plain).toList();
    if (!byTheirJob) {
      Optional<TableColumn> identity =
          shape.columns().stream().filter(TableColumn::isIdentity).findFirst();
      if (identity.isPresent()) {
        return Finding.failed(
            where,
            what,
            "its column "
                + identity.get().name()
                + " is "
                + identity.get().computed()
                + "; the statement that publishes a batch can't leave a column to the table",
            "Have a table without it, or name another one in promotion.yaml (batch: table).");
      }
    }
    List<String> missing = PredictionColumns.missing(columns);
    List<String> narrow = byTheirJob ? List.of() : PredictionColumns.holdingNoName(columns);
    if (!narrow.isEmpty()) {
      return new Finding(
          where,
          what,
          Verdict.NOTE,
          "its column "
              + String.join(", ", narrow)
              + " can't store text such as promotion/churn/0123456789ab/prod; scoring that writes it fails",
          "Rename it, or name another table in promotion.yaml (batch: table).");
    }
    if (missing.isEmpty()) {
      return Finding.ok(
          where, what, "has the columns of predictions" + (byTheirJob ? "" : demanding(shape)));
    }
    List<String> unfit =
        missing.stream()
            .filter(column -> columns.stream().anyMatch(c -> c.name().equalsIgnoreCase(column)))
            .toList();
    if (!unfit.isEmpty() && !byTheirJob) {
      return Finding.failed(
          where,
          what,
          "its column " + String.join(", ", unfit) + " is of a type that can't store text",
          "Rename it, or name another table in promotion.yaml (batch: table).");
    }
    return new Finding(
        where,
        what,
        Verdict.NOTE,
        "has no column "
            + String.join(", ", missing)
            + (byTheirJob
                ? ", so the predictions of the job are not checked"
                : "; publishing adds what the scoring notebook writes" + demanding(shape)),
        PredictionColumns.alter(name, missing));
  }

  /** What scoring has to heed, and what the rehearsal compares its rows with. */
  private static String demanding(TableShape shape) {
    List<String> demands =
        Stream.concat(
                shape.columns().stream()
                    .filter(column -> column.required() || column.computed() != null)
                    .map(column ->
                        column.name()
                            + (column.computed() == null
                                ? " takes no nulls"
                                : " is " + column.computed())),
                shape.constraints().entrySet().stream()
                    .map(constraint ->
                        "constraint " + constraint.getKey() + ": " + constraint.getValue()))
            .toList();
    return demands.isEmpty()
        ? ""
        : "; "
            + String.join("; ", demands.subList(0, Math.min(DEMANDS, demands.size())))
            + (demands.size() <= DEMANDS ? "" : "; and " + (demands.size() - DEMANDS) + " more");
  }

  private static Finding notThere(String where, String what) {
    return Finding.ok(where, what, NOT_THERE);
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
