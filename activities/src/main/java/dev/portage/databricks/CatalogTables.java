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
  private static final String SCHEMAS = "/api/2.1/unity-catalog/schemas/";

  private final DatabricksClients clients;

  /** Tables of these workspaces. */
  public CatalogTables(DatabricksClients clients) {
    this.clients = clients;
  }

  /** What is known of a table. */
  public sealed interface Seen {
    /**
     * The table exists.
     *
     * @param type as "MANAGED" or "VIEW"; empty when the catalog does not say
     * @param format as "DELTA"; empty when the catalog does not say
     */
    record Table(List<Column> columns, String type, String format) implements Seen {}

    /** There is none of that name. */
    record NotThere() implements Seen {}

    /**
     * There is no schema for it.
     *
     * @param schema its name in two parts
     */
    record NoSchema(String schema) implements Seen {}
  }

  /**
   * Reads a table.
   *
   * @param name in three parts
   * @return empty if the catalog doesn't say, as in a workspace without one
   */
  public Optional<Seen> look(String workspace, String name) {
    DatabricksApi api = clients.of(workspace);
    HttpAnswer answer =
        api.probe("read table " + name, "GET", TABLES + DatabricksApi.escaped(name), null);
    if (answer.isError("TABLE_DOES_NOT_EXIST") || DatabricksErrors.isNotThere(answer)) {
      String schema = name.substring(0, name.lastIndexOf('.'));
      HttpAnswer around =
          api.probe("read schema " + schema, "GET", SCHEMAS + DatabricksApi.escaped(schema), null);
      return Optional.of(
          around.isError("SCHEMA_DOES_NOT_EXIST") || around.isError("CATALOG_DOES_NOT_EXIST")
              ? new Seen.NoSchema(schema)
              : new Seen.NotThere());
    }
    JsonNode columns = answer.isSuccess() ? answer.json().path("columns") : null;
    if (columns == null || !columns.isArray() || columns.isEmpty()) {
      return Optional.empty();
    }
    List<Column> found = new ArrayList<>();
    columns.forEach(column ->
        found.add(new Column(column.path("name").asText(), column.path("type_text").asText())));
    JsonNode table = answer.json();
    return Optional.of(
        new Seen.Table(
            found, table.path("table_type").asText(), table.path("data_source_format").asText()));
  }
}
