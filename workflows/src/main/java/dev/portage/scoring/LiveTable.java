package dev.portage.scoring;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A live table as it is before a run.
 *
 * @param exists whether there is such a table
 * @param version its newest version, where it is a Delta table whose history can be read; else null
 * @param rows how many rows it has, where it has no version; else null
 * @param missing columns that a batch needs and the table lacks, null for none
 */
public record LiveTable(
    Boolean exists, @Nullable Long version, @Nullable Long rows, @Nullable List<String> missing) {

  public LiveTable {
    missing = missing == null ? null : List.copyOf(missing);
  }

  /** There is none. */
  public static LiveTable none() {
    return new LiveTable(false, null, null, null);
  }

  /** Columns that a batch needs and the table lacks. */
  public List<String> missingColumns() {
    return Objects.requireNonNullElse(missing, List.of());
  }
}
