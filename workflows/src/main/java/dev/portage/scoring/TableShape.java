package dev.portage.scoring;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a table takes: its columns, and what must be true of each row.
 *
 * @param exists whether there is such a table
 * @param columns in its order; empty if there is none, or if they are not known
 * @param constraints SQL expressions by their name
 * @param unknown why its columns are not known, null where they are
 */
public record TableShape(
    Boolean exists,
    List<TableColumn> columns,
    Map<String, String> constraints,
    @Nullable String unknown) {

  public TableShape {
    columns = List.copyOf(columns);
    constraints = Map.copyOf(constraints);
  }

  /** A table of these columns. */
  public static TableShape of(List<TableColumn> columns, Map<String, String> constraints) {
    return new TableShape(true, columns, constraints, null);
  }

  /** There is no such table. */
  public static TableShape none() {
    return new TableShape(false, List.of(), Map.of(), null);
  }

  /** It can't be read. */
  public static TableShape unknown(String why) {
    return new TableShape(true, List.of(), Map.of(), why);
  }

  /** Whether there is something to compare with. */
  public boolean isKnown() {
    return exists && unknown == null && !columns.isEmpty();
  }
}
