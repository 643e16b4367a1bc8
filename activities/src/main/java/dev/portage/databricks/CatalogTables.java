package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.databricks.Statements.Column;
import dev.portage.http.HttpAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tables as Unity Catalog describes them, without a warehouse.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/tables/get">Tables API</a>
 */
public final class CatalogTables {
  private static final String TABLES = "/api/2.1/unity-catalog/tables/";

  private final DatabricksClients clients;

  /** Tables of these workspaces. */
  public CatalogTables(DatabricksClients clients) {
    this.clients = clients;
  }

  /** What is known of a table. */
  public sealed interface Seen {
    /** The table exists. */
    record Table(List<Column> columns) implements Seen {}

    /** There is none of that name. */
    record NotThere() implements Seen {}
  }

  /**
   * Asks for a table.
   *
   * @param name in three parts
   * @return empty where the catalog does not say, as in a workspace without one
   */
  public Optional<Seen> look(String workspace, String name) {
    DatabricksApi api = clients.of(workspace);
    String path = TABLES + DatabricksApi.escaped(name);
    HttpAnswer answer = api.probe("read table " + name, "GET", path, null);
    if (answer.isError("TABLE_DOES_NOT_EXIST") || DatabricksErrors.isNotThere(answer)) {
      return Optional.of(new Seen.NotThere());
    }
    JsonNode columns = answer.isSuccess() ? answer.json().path("columns") : null;
    if (columns == null || !columns.isArray() || columns.isEmpty()) {
      return Optional.empty();
    }
    List<Column> found = new ArrayList<>();
    columns.forEach(column ->
        found.add(new Column(column.path("name").asText(), column.path("type_text").asText())));
    return Optional.of(new Seen.Table(found));
  }
}
