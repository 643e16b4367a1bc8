package dev.portage.databricks;

import dev.portage.databricks.CatalogRights.Securable;
import dev.portage.databricks.CatalogRights.SecurableType;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the login may create, write and drop tables beside the live one, as far as Unity Catalog
 * shows it.
 */
public final class TableRights {
  private final DatabricksClients clients;

  /** Rights in these workspaces. */
  public TableRights(DatabricksClients clients) {
    this.clients = clients;
  }

  /**
   * Looks at the rights for a live table and the runs' own tables beside it.
   *
   * @param table full name of the live table
   * @param exists whether there is one
   * @param publishes whether predictions are published into it; a rehearsal only reads it
   * @param byTheirJob whether a job of the team's makes tables, which are then its own
   */
  public List<Finding> look(
      String workspace, String table, boolean exists, boolean publishes, boolean byTheirJob) {
    List<String> parts = List.of(table.split("\\.", -1));
    DatabricksApi api = clients.of(workspace);
    if (parts.size() != 3) {
      return List.of(
          unchecked(api, table, "only Unity Catalog tells them, for catalog.schema.table"));
    }
    List<Finding> found = rights(api, table, securables(parts, exists, publishes, byTheirJob));
    // Whom a job of the team's runs as has the rights that count.
    return byTheirJob ? found.stream().map(TableRights::noted).toList() : found;
  }

  private static Finding noted(Finding found) {
    return found.verdict() == Verdict.LACK
        ? new Finding(found.where(), found.what(), Verdict.NOTE, found.text(), found.remedy())
        : found;
  }

  private static Finding unchecked(DatabricksApi api, String table, String why) {
    return new Finding(
        api.workspace().where(), what(table), Verdict.NOTE, "not checked: " + why, null);
  }

  private static String what(String table) {
    return "rights on table " + table;
  }

  private static List<Securable> securables(
      List<String> parts, boolean exists, boolean publishes, boolean byTheirJob) {
    String schema = parts.get(0) + "." + parts.get(1);
    List<String> inSchema = new ArrayList<>(List.of("USE_SCHEMA", "CREATE_TABLE"));
    if (byTheirJob) {
      inSchema.add("MANAGE");
    }
    List<Securable> securables = new ArrayList<>();
    securables.add(new Securable(SecurableType.CATALOG, parts.get(0), List.of("USE_CATALOG")));
    securables.add(new Securable(SecurableType.SCHEMA, schema, inSchema));
    if (exists) {
      securables.add(
          new Securable(
              SecurableType.TABLE,
              String.join(".", parts),
              publishes ? List.of("SELECT", "MODIFY") : List.of("SELECT")));
    }
    return securables;
  }

  private static List<Finding> rights(DatabricksApi api, String table, List<Securable> securables) {
    CatalogRights rights = CatalogRights.ofLogin(api, what(table), TableRights::purpose);
    try {
      List<Finding> findings = rights.missing(securables);
      return findings.isEmpty()
          ? List.of(
              Finding.ok(
                  api.workspace().where(),
                  what(table),
                  rights.name() + " may create, write and drop what promotions need"))
          : findings;
    } catch (CatalogRights.NotSeen notSeen) {
      return List.of(unchecked(api, table, notSeen.why()));
    }
  }

  private static String purpose(String right) {
    return switch (right) {
      case "CREATE_TABLE" -> "; each run writes a table of its own first";
      case "MODIFY" -> "; predictions are published into it";
      case "MANAGE" -> "; tables that the job creates could not be dropped";
      default -> "";
    };
  }
}
